"""The small things around the pages: the way to the staff grid, the icon, and a word to search engines."""

from flask import Blueprint, Response, current_app, redirect
from flask.typing import ResponseReturnValue

from webhooks.context import here
from webhooks.errors import NoRegisterError

blueprint = Blueprint("site", __name__)
_ROBOTS = (
    "User-agent: *\nDisallow: /api/\nDisallow: /bukti\nDisallow: /pengaduan\nDisallow: /register\nDisallow: /status/\n"
)


@blueprint.get("/register")
def register() -> ResponseReturnValue:
    """Staff go on to the register's own grid, which asks them to log in."""
    url = here().settings.register_url()
    if not url:
        raise NoRegisterError("Register belum tersambung. Hubungi pengelola sistem, atau coba lagi sebentar lagi.")
    return redirect(url, 302)


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Only the form and the look-up are for search engines."""
    return Response(_ROBOTS, mimetype="text/plain")


@blueprint.get("/favicon.ico")
def icon() -> Response:
    """The icon, for browsers that ask without being told."""
    return current_app.send_static_file("icon.svg")
