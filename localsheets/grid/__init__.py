"""The grid: the sheets in the browser, for staff who log in."""

from flask import Flask

from localsheets.grid import batch, blocks, charts, data, edits, files, fill, finding, lines, pages, undoing
from localsheets.grid.crowd import Crowd
from localsheets.grid.sessions import EndedSessions
from localsheets.identity import Authenticator, SharedLogin, StillValid
from localsheets.storage.shelf import Clock
from localsheets.throttle import LoginThrottle


def add_grid(
    app: Flask,
    *,
    authenticate: Authenticator | None,
    still_valid: StillValid | None,
    shared_login: SharedLogin | None,
    clock: Clock,
) -> None:
    """Put the grid at `/register`; `/` leads there."""
    app.config.update(
        LOCALSHEETS_AUTHENTICATE=authenticate,
        LOCALSHEETS_STILL_VALID=still_valid,
        LOCALSHEETS_SHARED_LOGIN=shared_login,
        LOCALSHEETS_CLOCK=clock,
    )
    app.extensions["localsheets_throttle"] = LoginThrottle(clock)
    app.extensions["localsheets_crowd"] = Crowd(clock)
    app.extensions["localsheets_ended_sessions"] = EndedSessions()
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(files.blueprint)
    app.register_blueprint(data.blueprint)
    app.register_blueprint(charts.blueprint)
    for writing in (edits, blocks, fill, lines, finding, undoing, batch):
        app.register_blueprint(writing.blueprint)
