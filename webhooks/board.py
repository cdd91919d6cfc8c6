"""
The wall board (`/petugas/papan`): the office's day in large type, on a screen or a telephone.

Staff see it when they are signed in. A screen on a wall cannot sign in every morning: it is let in by a key of its own
(`register.displays`), which opens this page and nothing else.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache, wraps
from typing import ParamSpec

import structlog
from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.categories import categories
from forms.plain_text import showable
from forms.wording import marked
from register.complaint import WITA
from webhooks import form_token
from webhooks.board_view import Holder, Waiting, board_of, room, stands_still
from webhooks.context import here, public_base
from webhooks.language import gettext, language
from webhooks.staff import signed_in, staff_only

blueprint = Blueprint("board", __name__, url_prefix="/petugas/papan")
COOKIE = "aduan_papan"
LINES = 7
"""Complaints in a column: as many as fit on a screen on the wall; one fewer below a warning."""
REFRESH_SECONDS = 60
_KEPT_SECONDS = 400 * 24 * 3600
"""The longest that browsers keep a cookie; every look at the board begins it anew."""
_PLACE_LONGEST = 60
_log = structlog.get_logger(__name__)
_Given = ParamSpec("_Given")

_SPENT = marked("Kode ini salah, sudah terpakai, atau sudah lewat 24 jam. Minta kode baru kepada Ketua Tim.")
_PLACE_NEEDED = marked("Tulis di mana layar ini dipasang, misalnya Ruang pelayanan.")
_TOO_MANY = marked("Sudah ada 20 layar. Lepas dahulu yang tidak terpakai.")
_EXPIRED = marked("Halaman ini sudah terlalu lama terbuka. Silakan coba sekali lagi.")
_HOLDERS = {
    Holder.KETUA_TIM: marked("Ketua Tim"),
    Holder.REPORTER: marked("Pelapor"),
    Holder.RESTRICTED: marked("Pengaduan terbatas"),
}


def screens_too(view: Callable[_Given, ResponseReturnValue]) -> Callable[_Given, ResponseReturnValue]:
    """Let screens see a page besides the staff who may find complaints."""
    for_staff = staff_only("finds")(view)

    @wraps(for_staff)
    def guarded(*args: _Given.args, **kwargs: _Given.kwargs) -> ResponseReturnValue:
        key = request.cookies.get(COOKIE, "")
        if not key or not here().store.displays.shows(key, now=here().clock()):
            return for_staff(*args, **kwargs)
        response = make_response(view(*args, **kwargs))
        _remember(response, key)
        return response

    return guarded


@blueprint.get("")
@screens_too
def show() -> ResponseReturnValue:
    """The board."""
    now, notices = here().clock(), here().settings.notices()
    age, still, troubled = notices.get("register_age_seconds"), stands_still(notices), bool(notices.get("problem"))
    board = board_of(here().store.today.day(now), now)
    emergencies, lines = room(len(board.emergencies.lines), LINES - (still or troubled))
    return render_template(
        "board.html",
        board=board,
        name_of=_namer(),
        category_of=_category,
        clock_words=_clock_words,
        still=still,
        troubled=troubled,
        age=age // 60 if isinstance(age, int) else None,
        emergencies=emergencies,
        lines=lines,
        refresh=REFRESH_SECONDS,
    )


@blueprint.route("/buka", methods=["GET", "POST"])
def open_link() -> ResponseReturnValue:
    """
    Where a screen is let in. A link only fills in its code: it is spent by pressing the button, not by a program that
    looks at links before people do.
    """
    if request.method == "GET":
        return render_template("board_open.html", code=showable(request.args.get("kode", ""))[:20], problem="")
    code = request.form.get("kode", "")
    key = here().store.displays.open(code, now=here().clock())
    if key is None:
        return render_template("board_open.html", code=showable(code)[:20], problem=gettext(_SPENT)), 403
    _log.info("display_opened")
    response = redirect(url_for("board.show"), 303)
    _remember(response, key)  # type: ignore[arg-type]  # werkzeug's response is flask's here
    return response


@blueprint.get("/layar")
@staff_only("displays")
def displays() -> ResponseReturnValue:
    """The screens there are."""
    return _displays_page()


@blueprint.post("/layar")
@staff_only("displays")
def make_display() -> ResponseReturnValue:
    """A new screen; its link is shown once."""
    member = signed_in()
    place = " ".join(showable(request.form.get("tempat", "")).split())[:_PLACE_LONGEST]
    if not _meant():
        return _displays_page(problem=gettext(_EXPIRED), place=place, status=400)
    if not place or member is None:
        return _displays_page(problem=gettext(_PLACE_NEEDED), status=422)
    code = here().store.displays.make(place, member.account, now=here().clock())
    if code is None:
        return _displays_page(problem=gettext(_TOO_MANY), place=place, status=409)
    _log.info("display_made", account=member.account)
    return _displays_page(code=code)


@blueprint.post("/layar/lepas")
@staff_only("displays")
def remove_display() -> ResponseReturnValue:
    """Take a screen off the board, wherever it hangs."""
    member = signed_in()
    if not _meant():
        return _displays_page(problem=gettext(_EXPIRED), status=400)
    if here().store.displays.remove(request.form.get("layar", "")):
        _log.info("display_removed", account=member.account if member else "")
    return redirect(url_for("board.displays"), 303)


def _meant() -> bool:
    return form_token.judge(request.form.get(form_token.FIELD, "")).good


def _displays_page(*, code: str = "", problem: str = "", place: str = "", status: int = 200) -> Response:
    token = form_token.issue()
    page = render_template(
        "board_displays.html",
        displays=here().store.displays.all(now=here().clock()),
        code=code,
        base=public_base() + url_for("board.open_link").removeprefix(request.script_root),
        problem=problem,
        place=place,
        token=token.text,
    )
    response = Response(page, status, mimetype="text/html")
    form_token.remember(response, token)
    return response


def _remember(response: Response, key: str) -> None:
    response.set_cookie(
        COOKIE,
        key,
        max_age=_KEPT_SECONDS,
        path=url_for("board.show"),
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )


def _namer() -> Callable[[Waiting], str]:
    """Names of whom complaints wait for; a bidang's is looked up once for a page."""
    bidang = cache(here().settings.bidang_name)

    def name(waiting: Waiting) -> str:
        if waiting.holder in _HOLDERS:
            return gettext(_HOLDERS[waiting.holder])
        return bidang(waiting.name) if waiting.holder is Holder.BIDANG else waiting.name

    return name


def _category(code: str) -> str:
    return next((each.label_in(language()) for each in categories() if each.code == code), code or "–")


def _clock_words(at: datetime) -> str:
    """The time of day, as on an office's clock."""
    return f"{at.astimezone(WITA):%H:%M}" if language() == "en" else f"{at.astimezone(WITA):%H.%M}"
