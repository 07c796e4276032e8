"""On PYTHONPATH: every Python that starts refuses addresses beyond this machine, and notes who asked for one."""

import os
import socket

connect = socket.socket.connect
NEAR = ("127.", "::1", "localhost")


def refuse(self, address):
    """Let sockets of this machine through."""
    if self.family == socket.AF_UNIX or str(address[0]).startswith(NEAR):
        return connect(self, address)
    with open(os.environ["CSRBOOK_ASKED"], "a", encoding="utf-8") as told:
        told.write(f"{address}\n")
    raise OSError("no network here")


socket.socket.connect = refuse
