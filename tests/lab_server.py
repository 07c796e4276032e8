"""A real Jupyter server with its scheduler, for tests: started on a folder, asked over REST, ended with all its jobs.

    with lab(folder, home) as server: server.run_job("notebooks/01_sources.ipynb", {"limit_mb": 5})
"""

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LIMIT = 300  # seconds until a server or a job counts as hung
JOBS = "csrbook.lab_jobs.WorkbookJobs"


@dataclass
class Server:
    root: Path
    staging: Path
    log: Path
    address: str
    token: str

    def ask(self, path: str, body: Any = None, method: str | None = None) -> Any:
        """Send a request to the server and return what it answers."""
        heads = {"Authorization": f"token {self.token}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(f"{self.address}/{path}", data, heads, method=method), timeout=30) as answer:
            told = answer.read()
        return json.loads(told) if told else None

    def run_job(self, notebook: str, parameters: dict[str, Any], formats: tuple[str, ...] = ("ipynb",)) -> tuple[dict, Path]:
        """Create a job, wait for its end, and return what is told of it and the folder of its files."""
        told = {
            "name": "job", "input_uri": notebook, "output_formats": list(formats), "parameters": parameters,
            "runtime_environment_name": self.ask("scheduler/runtime_environments")[0]["name"],
        }  # fmt: skip
        return self.wait(self.ask("scheduler/jobs", told)["job_id"])

    def wait(self, job: str) -> tuple[dict, Path]:
        """Wait for the end of a job; a new one reads STOPPED until its process starts."""
        end = time.monotonic() + LIMIT
        while (told := self.ask(f"scheduler/jobs/{job}"))["status"] not in ("COMPLETED", "FAILED"):
            assert time.monotonic() < end, (told, self.log.read_text()[-3000:])
            time.sleep(0.2)
        return told, self.staging / job


@contextlib.contextmanager
def lab(root: Path, home: Path) -> Iterator[Server]:
    """Start a server on `root` that keeps all of its own under `home`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token, log = secrets.token_hex(8), home / "server.log"
    own = {f"JUPYTER_{name}_DIR": str(home / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    command = [
        sys.executable, "-m", "jupyter", "server", "--no-browser", "--allow-root", "--ip=127.0.0.1",
        f"--port={port}", "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={root}", f"--SchedulerApp.db_url=sqlite:///{home}/jobs.sqlite",
        f"--Scheduler.execution_manager_class={JOBS}",
        "--ServerApp.jpserver_extensions={'jupyter_scheduler': True}",
    ]  # fmt: skip
    with log.open("w") as lines:
        process = subprocess.Popen(
            command, cwd=root, env=os.environ | own | {"IPYTHONDIR": str(home / "ipython")}, stdin=subprocess.DEVNULL,
            stdout=lines, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    server = Server(root, home / "data" / "scheduler_staging_area", log, f"http://127.0.0.1:{port}", token)
    try:
        _await(server, process)
        yield server
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # it may not heed SIGTERM, and its jobs are processes of their own
        process.wait()


def _await(server: Server, process: subprocess.Popen) -> None:
    end = time.monotonic() + LIMIT
    while True:
        try:
            server.ask("scheduler/runtime_environments")
            return
        except (urllib.error.URLError, ConnectionError):
            assert process.poll() is None and time.monotonic() < end, server.log.read_text()[-3000:]
            time.sleep(0.1)
