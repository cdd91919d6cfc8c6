"""The calculator's process as the server sees it: started when needed, asked with a time limit, ended without mercy."""

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from localsheets.errors import LocalSheetsError
from localsheets.formulas.frames import receive, send

NOT_CALCULATED = "could not be calculated"
_ENDED = object()
_BUSY_FACTOR = 2
"""A machine under load may take that many times as long as the processor works."""


class CalculationError(LocalSheetsError):
    """
    The calculator did not answer in time, or ended over the question.

    Attributes:
        late: It ran, but for too long.
    """

    late = False


class Process:
    """One running child."""

    def __init__(self) -> None:
        package_parent = str(Path(__file__).resolve().parents[2])
        paths = [package_parent, os.environ.get("PYTHONPATH", "")]
        self._popen = subprocess.Popen(
            [sys.executable, "-m", "localsheets.formulas.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in paths if path)},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
        threading.Thread(target=self._listen, name="calculator", daemon=True).start()

    def _listen(self) -> None:
        answers = self._popen.stdout
        try:
            while answers is not None and (answer := receive(answers)) is not None:
                self._answers.put(answer)
        except (OSError, ValueError):
            pass  # it was ended in the middle of a message
        self._answers.put(_ENDED)

    @property
    def pid(self) -> int:
        return self._popen.pid

    def ask(self, message: dict[str, Any], seconds: float) -> dict[str, Any]:
        """
        The child's answer.

        Args:
            seconds: Of the processor; by the clock it may be somewhat more.

        Raises: CalculationError, and the child is gone, if there is none in time.
        """
        requests = self._popen.stdin
        try:
            if requests is None:
                raise CalculationError("The calculator has no input.")
            send(requests, {**message, "seconds": seconds})
            answer = self._answers.get(timeout=_BUSY_FACTOR * seconds)
        except (OSError, queue.Empty) as error:
            self.end()
            raise self._failure(late=isinstance(error, queue.Empty)) from error
        if answer is _ENDED:
            self.end()
            raise self._failure(late=self._popen.returncode == -getattr(signal, "SIGPROF", 0))
        if "crowded" in answer:
            self.end()
            raise CalculationError("fills more cells than this server allows")
        return dict(answer)

    def _failure(self, *, late: bool) -> CalculationError:
        failure = CalculationError("took too long to calculate" if late else NOT_CALCULATED)
        failure.late = late
        return failure

    def kill(self) -> None:
        """End the child while somebody else waits for its answer, and will clear up after it."""
        self._popen.kill()

    def end(self) -> None:
        """End the child, whatever it is doing."""
        self._popen.kill()
        self._popen.wait()
        for stream in (self._popen.stdin, self._popen.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):  # what was not yet written is of no use to anybody
                    stream.close()
