"""A real JupyterLab for tests and pictures, on a folder of its own, and its pages in a real browser.

    with open_lab(folder, tmp) as lab, lab.page(browser) as page:
        lab.run_all(page, "notebooks/explore.ipynb")

Everything that JupyterLab keeps for a person lies in `tmp`; whatever a page asks of another machine is refused, and listed.
"""

import contextlib
import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from started import ROOT

SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "apputils-extension/themes": {"theme": "JupyterLab Light"},
}
READY = """async () => {
  const w = window.jupyterapp.shell.currentWidget;
  await w.context.ready; await w.sessionContext.ready; await w.sessionContext.session.kernel.info;
}"""
FIRST_ANSWER = "Number(document.querySelector('.csrbook-explorer')?.dataset.answered) > 0"
RAN = """() => {
  const w = window.jupyterapp?.shell.currentWidget, cells = w?.content?.widgets ?? [];
  return cells.length && [...cells].every((c) => c.model.type !== 'code' || !c.model.sharedModel.getSource().trim() || c.model.executionCount);
}"""


@dataclass
class Lab:
    """A running server: its address and token, and what its pages asked of other machines or said as errors."""

    base: str
    token: str
    asked: list = field(default_factory=list)
    errors: list = field(default_factory=list)

    @contextlib.contextmanager
    def page(self, browser, *, width: int = 1280, height: int = 900, **more):
        """Yield a page of its own context."""
        context = browser.new_context(viewport={"width": width, "height": height}, **more)
        page = context.new_page()
        page.route(lambda url: not url.startswith((self.base, "data:", "blob:")), lambda route: (self.asked.append(route.request.url), route.abort()))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        try:
            yield page
        finally:
            context.close()

    def open(self, page, notebook: str) -> None:
        """Open a notebook in a clean workspace and wait until its kernel answers; asked earlier, Lab opens a dialog in place of a run."""
        page.goto(f"{self.base}/lab/tree/{notebook}?token={self.token}&reset", wait_until="domcontentloaded")
        page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=90_000)
        page.evaluate(READY)

    def run_all(self, page, notebook: str) -> float:
        """Open a notebook, run all of its cells, and return the seconds that they took."""
        self.open(page, notebook)
        begun = time.monotonic()
        page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
        page.wait_for_function(RAN, timeout=90_000)
        return time.monotonic() - begun


@contextlib.contextmanager
def open_lab(folder: Path, tmp: Path):
    """Yield a Lab on a folder; the server ends with it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    homes = {"JUPYTER_CONFIG_DIR": "c", "JUPYTER_DATA_DIR": "d", "JUPYTER_RUNTIME_DIR": "r", "IPYTHONDIR": "i", "JUPYTERLAB_SETTINGS_DIR": "s", "JUPYTERLAB_WORKSPACES_DIR": "w"}
    for name, told in SETTINGS.items():
        file = tmp / "s" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(told), encoding="utf-8")
    paths = os.pathsep.join(filter(None, [str(ROOT / "lib"), os.environ.get("PYTHONPATH")]))
    environment = os.environ | {name: str(tmp / part) for name, part in homes.items()} | {"PYTHONPATH": paths}
    token, log = secrets.token_hex(16), tmp / "log"
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder}", "--LabApp.expose_app_in_browser=True",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", "--LabApp.extension_manager=readonly",
    ]  # fmt: skip
    with log.open("wb") as sink:
        server = subprocess.Popen(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT)
    try:
        base = f"http://127.0.0.1:{port}"
        _wait_for(f"{base}/api?token={token}", server, log)
        yield Lab(base, token)
    finally:
        server.terminate()
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_for(address: str, server: subprocess.Popen, log: Path) -> None:
    begun = time.monotonic()
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                answer.read()
            return
        except OSError:
            assert server.poll() is None and time.monotonic() - begun < 90, log.read_text(errors="replace")[-3000:]
            time.sleep(0.1)
