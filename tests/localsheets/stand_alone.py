"""`python -m localsheets` as a process of its own, to be killed and started again."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import requests

ROOT = "/v4/spreadsheets"


def _heeding_ctrl_c() -> None:
    """A shell starts what runs in the background, tests perhaps, with SIGINT ignored, and children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class StandAlone:
    """The server on a free port; the token is `t`, the grid's user `admin`."""

    def __init__(self, folder: Path, *options: str, password: str = "rahasia-kantor") -> None:
        self.folder, self.options, self.password = folder, options, password
        self.start()

    def __enter__(self) -> "StandAlone":
        return self

    def __exit__(self, *_: object) -> None:
        """Whatever a test left running ends with it."""
        if self.process.poll() is None:
            self.kill()

    def start(self) -> None:
        command = [sys.executable, "-m", "localsheets", "--port", "0", "--data", str(self.folder), "--token", "t"]
        self.process = subprocess.Popen(
            [*command, *self.options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            cwd=Path(__file__).parents[2],
            env=os.environ | {"LOCALSHEETS_PASSWORD": self.password},
            preexec_fn=_heeding_ctrl_c,
        )
        assert self.process.stdout is not None
        self.said: list[str] = []
        for line in self.process.stdout:
            self.said.append(line.rstrip("\n"))
            if line.startswith("Login: "):
                break
        assert self.process.poll() is None, self.said
        self.url = self.said[0].split()[1].removesuffix(ROOT)

    def call(self, method: str, path: str, token: str = "t", **more: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return requests.request(method, self.url + path, headers=headers, timeout=30, **more)

    def kill(self) -> None:
        """`kill -9`"""
        self._end(signal.SIGKILL)

    def stop(self, how: int = signal.SIGTERM) -> int:
        """A signal that asks to end; answers the exit code."""
        return self._end(how)

    def _end(self, how: int) -> int:
        os.kill(self.process.pid, how)
        code = self.process.wait(20)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code
