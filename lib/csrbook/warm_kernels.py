"""Start kernels behind private sockets, by a fork of the warm process where there is one, and wait for them no longer than needed.

    QuickManager(warm=warm, kernel_name="python3", transport="ipc", connection_file=str(folder / "kernel.json"))

In      a warm process, or None; what a manager of kernels takes.
Out     a manager whose kernels are forks, or processes of this interpreter where a fork is not to be had: a notebook cannot tell.
Never   lets a kernel of another installation run.
Needs   warming; jupyter_client.  Used by engine.
"""

import asyncio
import contextlib
import os
import signal
import sys
import time
from queue import Empty
from typing import Any

from jupyter_client import AsyncKernelManager
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.provisioning import LocalProvisioner

from csrbook.warming import Cold, WarmProcess

__all__ = ["QuickManager", "tell_end"]

BEAT = 0.005  # seconds between two looks at a kernel that was told to end
LONGEST_END = 5  # seconds


class ThisPython(KernelSpecManager):
    """Names one kernel, the interpreter that runs csrbook, whatever kernels are installed."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name="Python 3", language="python", name=kernel_name)


class QuickClient(AsyncKernelClient):
    """A client that begins as soon as the kernel answers; the stock one listens for another fifth of a second."""

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
        end = time.monotonic() + (timeout or 60)
        while time.monotonic() < end:
            self.kernel_info()
            try:
                message = await self.shell_channel.get_msg(timeout=1)
                if message["msg_type"] == "kernel_info_reply":
                    await self.iopub_channel.get_msg(timeout=0.2)  # without one, the first outputs could be missed
                    self._handle_kernel_info_reply(message)
                    return
            except Empty:
                pass
            if not await self._async_is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
        raise RuntimeError(f"Kernel didn't respond in {timeout:.0f} seconds")

    wait_for_ready = _async_wait_for_ready


class QuickProvisioner(LocalProvisioner):
    """Forks a kernel from the warm process; where that cannot be, starts one as the stock provisioner does."""

    warm: WarmProcess | None = None
    ended: int | None = None  # how the kernel ended

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict:
        if self.warm:
            try:
                self.cwd = str(kwargs.get("cwd") or os.getcwd())
                self.process = self.warm.fork(cmd, cwd=self.cwd, env=dict(kwargs["env"]) | {"JPY_PARENT_PID": str(os.getpid())})
                self.pid = self.pgid = self.process.pid  # it opens a session of its own before it does anything else
                return self.connection_info
            except Cold:
                self.process = None
        return await super().launch_kernel(cmd, **kwargs)

    async def poll(self) -> int | None:
        found = await super().poll()
        if self.process and found is not None:
            self.ended = found
        return found

    async def kill(self, restart: bool = False) -> None:
        await super().kill(restart)
        end = time.monotonic() + LONGEST_END
        while await self.poll() is None and time.monotonic() < end:
            await asyncio.sleep(BEAT)


class QuickManager(AsyncKernelManager):
    """A manager of one kernel that is a fork, where it can be."""

    client_class = f"{__name__}.QuickClient"
    client_factory = QuickClient

    def __init__(self, *, warm: WarmProcess | None = None, **options: Any) -> None:
        super().__init__(kernel_spec_manager=ThisPython(), **options)
        self.warm, self.started = warm, None

    async def _async_pre_start_kernel(self, **kwargs: Any) -> tuple[list[str], dict]:
        command, kwargs = await super()._async_pre_start_kernel(**kwargs)
        stock = self.provisioner
        self.started = QuickProvisioner(parent=self, kernel_id=self.kernel_id, kernel_spec=self.kernel_spec)
        self.started.warm, self.started.ports_cached, self.started.connection_info = self.warm, stock.ports_cached, stock.connection_info
        self.provisioner = self.started
        return command, kwargs

    def end(self) -> None:
        """End the kernel from another thread, wherever it is."""
        if self.started and self.started.process:
            with contextlib.suppress(OSError):
                os.killpg(self.started.process.pid, signal.SIGKILL)


def tell_end(manager: QuickManager) -> str:
    """Say how the kernel of a manager ended by itself; "" where nobody knows."""
    code = manager.started.ended if manager.started else None
    if code is None:
        return ""
    if code >= 0:
        return f"its process ended with exit status {code}"
    told = f"its process was ended by {signal.Signals(-code).name}"
    return f"{told}, most likely because memory ran out" if -code == signal.SIGKILL else told
