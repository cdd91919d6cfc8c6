"""
The staff's sign-in, once for the desk, the papers and the grid.

Whoever is not signed in gets the sign-in page and never the data. A form that was sent after the session had ended is
carried through that page: what was typed goes on to where it was sent, once somebody has signed in.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec

import structlog
from flask import Blueprint, Response, g, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.plain_text import showable
from forms.wording import marked
from register.staff_sessions import COOKIE
from webhooks import form_token
from webhooks.context import here
from webhooks.language import gettext
from webhooks.staff_door import StaffMember

blueprint = Blueprint("staff", __name__, url_prefix="/petugas")
USERNAME, PASSWORD = "pengguna", "sandi"
REGISTER = "/register"
_OURS = re.compile(r"/(?:loket|petugas)(?:/[0-9A-Za-z_-]+)*(?:\.(?:pdf|docx|xlsx|csv))?")
_CARRIED_MOST = 100
_log = structlog.get_logger(__name__)
_Given = ParamSpec("_Given")

_WRONG = marked("Nama pengguna atau kata sandi salah. Periksa huruf besar dan kecil, lalu coba sekali lagi.")
_TOO_MANY = marked("Terlalu banyak percobaan. Tunggu 15 menit, atau hubungi administrator.")
_EXPIRED = marked("Halaman ini sudah terlalu lama terbuka. Masukkan kata sandi sekali lagi.")
_ENDED = marked("Anda perlu masuk lagi. Tulisan Anda tetap ada, dan diteruskan setelah Anda masuk.")
_LACKING = {
    "records": marked("Akun Anda belum mempunyai peran untuk mencatat pengaduan di loket."),
    "finds": marked("Akun Anda belum mempunyai peran yang dapat membuka halaman ini."),
    "displays": marked("Hanya Ketua Tim, Kepala Dinas, dan administrator yang dapat memasang layar papan."),
    "opens": marked("Pengaduan ini bersifat terbatas atau rahasia. Hanya peran yang ditetapkan yang dapat membukanya."),
}


@dataclass(frozen=True)
class Attempt:
    """
    What came of an attempt to sign in: who it is and the cookie's token, or a sentence and the HTTP status.

    `ended` where nobody tried: a session had ended before a form was sent.
    """

    member: StaffMember | None = None
    token: str = ""
    problem: str = ""
    status: int = 401
    ended: bool = False


def signed_in() -> StaffMember | None:
    """Who of the staff asks, looked up once in a request; None for everybody else."""
    if "staff_member" not in g:
        door = here().staff
        token = request.cookies.get(COOKIE, "")
        account = door.sessions.account(token, now=here().clock()) if door and token else None
        g.staff_member = door.member(account) if door and account else None
    found: StaffMember | None = g.staff_member
    return found


def staff_only(duty: str) -> Callable[[Callable[_Given, ResponseReturnValue]], Callable[_Given, ResponseReturnValue]]:
    """
    Let only those of the staff see a page who have a duty: a flag of `StaffMember`, or `""` for all of them.

    Everybody else is shown the sign-in page (a page that was asked for: 303, a form that was sent: 401), and whoever
    lacks the duty a sentence (403).
    """

    def decorate(view: Callable[_Given, ResponseReturnValue]) -> Callable[_Given, ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: _Given.args, **kwargs: _Given.kwargs) -> ResponseReturnValue:
            member = signed_in()
            if member is not None:
                return view(*args, **kwargs) if may(member, duty) else refused(duty)
            if request.accept_mimetypes.best == "application/json":
                return jsonify(detail=gettext(_ENDED)), 401
            if request.method in ("GET", "HEAD"):
                return redirect(url_for("staff.log_in", next=request.path), 303)
            attempt = _attempt() if PASSWORD in request.form else Attempt(problem=gettext(_ENDED), ended=True)
            if attempt.member is None:
                return _page(attempt, carried=_carried(), action=request.path)
            done = make_response(view(*args, **kwargs) if may(attempt.member, duty) else refused(duty))
            _remember(done, attempt.token)
            return done

        guarded.staff_only = True  # type: ignore[attr-defined]  # a test looks for it on every route
        return guarded

    return decorate


def may(member: StaffMember, duty: str) -> bool:
    """Whether somebody has a duty."""
    return not duty or bool(getattr(member, duty))


def refused(duty: str) -> ResponseReturnValue:
    """A sentence for whoever lacks the duty, and how to come by it."""
    return render_template("staff_refused.html", reason=gettext(_LACKING[duty])), 403


@blueprint.get("")
@staff_only("")
def home() -> ResponseReturnValue:
    """Who is signed in, and where to go from here."""
    register = here().settings.register_url() if request.args.get("next") == REGISTER else None
    token = form_token.issue()
    own_login = f"{register}/login" if register else ""
    response = make_response(render_template("staff_home.html", token=token.text, own_login=own_login))
    form_token.remember(response, token)
    return response


@blueprint.route("/masuk", methods=["GET", "POST"])
def log_in() -> ResponseReturnValue:
    """The sign-in page; whoever is signed in already finds links there instead, so that nobody goes in circles."""
    if request.method == "GET":
        if signed_in() is not None:
            return redirect(url_for("staff.home", next=request.args.get("next") or None))
        return _page(Attempt(status=200))
    attempt = _attempt()
    if attempt.member is None:
        return _page(attempt)
    default = url_for("desk.form") if attempt.member.records else url_for("staff.home")
    response = make_response(redirect(_target() or default, 303))
    _remember(response, attempt.token)
    return response


@blueprint.post("/keluar")
def log_out() -> ResponseReturnValue:
    """End the session, here and in the grid."""
    door = here().staff
    if door and form_token.judge(request.form.get(form_token.FIELD, "")).good:
        door.sessions.end(request.cookies.get(COOKIE, ""))
        response = make_response(redirect(url_for("staff.log_in"), 303))
        response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=request.is_secure)
        return response
    return redirect(url_for("staff.home"), 303)


def _attempt() -> Attempt:
    """Try the username and password that were sent."""
    door, form, address = here().staff, request.form, request.remote_addr or ""
    username = form.get(USERNAME, "").strip()
    if not form_token.judge(form.get(form_token.FIELD, "")).good:
        return Attempt(problem=gettext(_EXPIRED), status=403)
    if door is None:
        return Attempt(problem=gettext(_WRONG), status=403)
    account = None
    with door.throttle.trying(username, address) as turn:
        if turn.allowed:
            account = door.accounts.authenticate(username, form.get(PASSWORD, ""))
            turn.right = account is not None
    if not turn.allowed:
        return Attempt(problem=gettext(_TOO_MANY), status=429)
    if account is None:
        _log.warning("staff_login_failed")  # not as whom: people type their password into the wrong field
        return Attempt(problem=gettext(_WRONG), status=403)
    door.sessions.end(request.cookies.get(COOKIE, ""))
    token = door.sessions.begin(account, now=here().clock())
    g.staff_member = door.member(account)
    _log.info("staff_signed_in", account=account.username)
    return Attempt(g.staff_member, token)


def _remember(response: Response, token: str) -> None:
    """Until the browser is closed, and no longer than the session lasts; other ports of this host see it too."""
    response.set_cookie(COOKIE, token, httponly=True, samesite="Lax", secure=request.is_secure)


def _page(attempt: Attempt, carried: Mapping[str, str] | None = None, action: str = "") -> ResponseReturnValue:
    """The sign-in page. `carried` is a form on its way to `action`."""
    kept = form_token.judge(request.form.get(form_token.FIELD, "")).key  # so that a form sent twice stays one complaint
    token = form_token.issue(kept)
    page = render_template(
        "login.html",
        problem=attempt.problem,
        ended=attempt.ended,
        username=showable(request.form.get(USERNAME, ""))[:60],
        action=action or url_for("staff.log_in"),
        target=_target(),
        carried=carried or {},
        token=token.text,
    )
    response = Response(page, attempt.status, mimetype="text/html")
    form_token.remember(response, token)
    return response


def _carried() -> dict[str, str]:
    own = (USERNAME, PASSWORD, form_token.FIELD)
    return {name: showable(text) for name, text in list(request.form.items())[:_CARRIED_MOST] if name not in own}


def _target() -> str:
    """Where to go after signing in: a page of the staff's, never another site; empty if none was named."""
    wanted = request.values.get("next", "")
    return wanted if wanted == REGISTER or _OURS.fullmatch(wanted) else ""
