"""
Python loads this by itself in every process that tests start with this folder in `PYTHONPATH` (tests/running.py).

The embedded register of such a process is judged like the one of a test's own process; what was found wrong is appended
to the file named in `RECORDED_EXCHANGES` before the answer goes out, so a `kill -9` loses nothing.
"""

import os
from pathlib import Path
from typing import Any

import localsheets
from tests.discovery import Exchange
from tests.recording import Record, recording

_create_app = localsheets.create_app


class _FileRecord(Record):
    def add(self, exchange: Exchange, *, of_request: bool) -> None:
        super().add(exchange, of_request=of_request)
        if found := self.take():
            with Path(os.environ["RECORDED_EXCHANGES"]).open("a", encoding="utf-8") as file:
                file.writelines(f"{line}\n" for line in found)


def _create_recorded_app(*args: Any, **options: Any) -> Any:
    Path(os.environ["RECORDED_EXCHANGES"]).touch()
    app = _create_app(*args, **options)
    app.wsgi_app = recording(app.wsgi_app, requests_too=True, record=_FileRecord())  # type: ignore[method-assign]
    return app


localsheets.create_app = _create_recorded_app
