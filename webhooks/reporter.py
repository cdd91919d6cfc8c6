"""What reporters do for themselves: each act on a page of its own, after proof that the complaint is theirs."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NoReturn

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from forms.attachments.kinds import ACCEPT, MOST_AT_ONCE
from forms.plain_text import showable
from forms.problems import Problem
from forms.wording import marked
from register.attachment import Attachment
from register.changes import Change
from register.limits import Limit
from register.reporter_acts import Done
from webhooks import evidence, form_token, reporter_done, reporter_files, reporter_proof
from webhooks.context import here
from webhooks.evidence_bodies import takes_files
from webhooks.language import LANGUAGES, date_words, gettext, switch_language
from webhooks.reporter_acts import BY_KEY, LONGEST, RATINGS, Asked, Filled, ReporterAct, check
from webhooks.reporter_proof import Case, Need, case_of, links_are_sent, proof_problem
from webhooks.what_next import asked_for

blueprint = Blueprint("reporter", __name__)
ACTS_OF_TICKET = Limit(20, (timedelta(hours=6),), timedelta(days=1))
_TRIES = 3
"""How often an act is decided on anew when the complaint changes at the same moment."""

_EXPIRED = marked(
    "Halaman ini sudah terlalu lama terbuka, atau dibuka dari tempat lain. Periksa, lalu kirim sekali lagi."
)
_SENT_BEFORE = marked(
    "Kiriman dari halaman ini sudah kami terima sebelumnya. Bila isinya sekarang memang lain, kirim sekali lagi."
)
_BUSY = marked("Pengaduan ini sedang diubah petugas. Tulisan Anda masih ada: kirim sekali lagi.")
_OFTEN = marked("Terlalu banyak kiriman untuk pengaduan ini. Coba lagi sesudah %(at)s, atau hubungi kantor kami.")


@dataclass(frozen=True)
class Shown:
    """
    A page of an act: what was typed, what is wrong with it, and a sentence above it.

    `files_lost` tells that files came which are not kept, so that they have to be chosen again.
    """

    said: str = ""
    rating: str = ""
    contact: str = ""
    problems: tuple[Problem, ...] = ()
    notice: str = ""
    files_lost: bool = False


@blueprint.get("/pengaduan/<ticket>/tanggapi/<key>")
def ask(ticket: str, key: str) -> ResponseReturnValue:
    """The page of an act."""
    act = _act(key)
    case = case_of(ticket)
    if refusal := _refusal(case, act, here().clock()):
        return _not_now(case, act, refusal)
    return _page(case, act, Shown(problems=_wait_of(case, act)), key="", status=200)


@blueprint.post("/pengaduan/<ticket>/tanggapi/<key>")
@takes_files
def take(ticket: str, key: str) -> ResponseReturnValue:
    """Do the act once, or show its page again with everything that was typed and what is wrong."""
    if request.form.get("lang") in LANGUAGES:
        switch_language(request.form["lang"])
    act = _act(key)
    case = case_of(ticket)
    shown = _typed()
    verdict = form_token.judge(request.form.get(form_token.FIELD, ""))
    if not verdict.good:
        lost = replace(shown, notice=gettext(_EXPIRED), files_lost=reporter_files.came())
        return _page(case, act, lost, key=verdict.key, status=400)
    before = _done_before(case, act, shown, verdict.key)
    if before is Done.REPEATED:
        return _to_status(case.ticket, act, verdict.key)
    if before is Done.CONFLICT:
        lost = replace(shown, notice=gettext(_SENT_BEFORE), files_lost=reporter_files.came())
        return _page(case, act, lost, key="", status=409)
    if refusal := _refusal(case, act, here().clock()):
        return _not_now(case, act, refusal)
    return _check_and_do(case, act, shown, verdict.key)


def _done_before(case: Case, act: ReporterAct, shown: Shown, key: str) -> Done | None:
    return here().store.done_before(_submission(key), _content(case.ticket, act, shown))


def _check_and_do(case: Case, act: ReporterAct, shown: Shown, key: str) -> ResponseReturnValue:
    """The files are kept first, apart from the complaint: whatever is wrong with the rest, they need not come again."""
    taken = _takes_files(act)
    file_problems = reporter_files.keep(key) if taken else ()
    pressed_twice = any(problem.code == "draft_filed" for problem in file_problems)
    if pressed_twice and _done_before(case, act, shown, key) is Done.REPEATED:
        return _to_status(case.ticket, act, key)
    if "remove" in request.form or "lang" in request.form:
        shown = replace(shown, problems=file_problems)
        return _page(case, act, shown, key=key, status=422 if file_problems else 200)
    has_files = bool(_held(act, key) or file_problems)
    filled = check(act, shown.said, shown.rating, has_files=has_files, takes_files=taken)
    shown = replace(shown, problems=filled.problems + file_problems)
    if filled.problems:
        return _page(case, act, shown, key=key, status=422)
    return _prove_and_do(case, act, shown, filled, key)


def _prove_and_do(case: Case, act: ReporterAct, shown: Shown, filled: Filled, key: str) -> ResponseReturnValue:
    need = reporter_proof.need_of(act, case.intake, case.ticket)
    if need is Need.DESK:
        return _not_now(case, act, "")
    if need is Need.PROOF and (problem := proof_problem(shown.contact, case)):
        status = 429 if problem.code == "too_often" else 422
        return _page(case, act, replace(shown, problems=(*shown.problems, problem)), key=key, status=status)
    if again := here().store.take(f"act|{case.ticket}", ACTS_OF_TICKET, here().clock()):
        notice = gettext(_OFTEN, at=date_words(again))
        return _page(case, act, replace(shown, notice=notice), key=key, status=429)
    response = make_response(_do(case, act, shown, filled, key))
    if reporter_proof.has_contact(case.intake):  # it was proven, now or before
        reporter_proof.remember(response, case.ticket)
    return response


def _do(case: Case, act: ReporterAct, shown: Shown, filled: Filled, key: str) -> ResponseReturnValue:
    problem = evidence.room_problem(case.ticket, len(_held(act, key)))
    if problems := shown.problems + ((problem,) if problem else ()):
        return _page(case, act, replace(shown, problems=problems), key=key, status=422)
    outcome = _commit(case.ticket, act, filled, _submission(key), _content(case.ticket, act, shown))
    if not isinstance(outcome, Done):
        return _not_now(case, act, outcome)
    if outcome is Done.STALE:
        return _page(case, act, replace(shown, notice=gettext(_BUSY)), key=key, status=503)
    return _to_status(case.ticket, act, key)


def _commit(ticket: str, act: ReporterAct, filled: Filled, key: str, content: str) -> Done | str:
    """What came of it, or why it may not be done. Decided on anew where somebody else changed the complaint."""
    store, desk = here().store, here().settings.desk
    outcome = Done.STALE
    for _ in range(_TRIES):
        known, clocks, now = store.complaint(ticket), store.clocks([ticket])[ticket], here().clock()
        change = desk.decide(known, act.key, clocks, now, said=filled.said, rating=filled.rating)
        if not isinstance(change, Change):
            return change
        outcome = store.do_once(change, known, key=key, content=content)
        if outcome is not Done.STALE:
            break
    return outcome


def _wait_of(case: Case, act: ReporterAct) -> tuple[Problem, ...]:
    """Said before they type: they could not prove themselves now."""
    proves = reporter_proof.need_of(act, case.intake, case.ticket) is Need.PROOF
    problem = reporter_proof.wait_problem(case.ticket) if proves else None
    return (problem,) if problem else ()


def _to_status(ticket: str, act: ReporterAct, key: str) -> Response:
    """It was done: its files are the complaint's. Done again where the first time was interrupted, or pressed twice."""
    files = reporter_files.give(key, ticket) if _takes_files(act) else 0
    response = redirect(url_for("status.show", ticket=ticket), 303)
    reporter_done.remember(response, ticket, act.key, files)
    return response


def _takes_files(act: ReporterAct) -> bool:
    return act.files and here().attachments is not None


def _held(act: ReporterAct, key: str) -> tuple[Attachment, ...]:
    return reporter_files.held(key) if _takes_files(act) else ()


def _act(key: str) -> ReporterAct:
    return BY_KEY.get(key) or _nothing_here()


def _nothing_here() -> NoReturn:
    abort(404)


def _refusal(case: Case, act: ReporterAct, now: datetime) -> str:
    """Why the act may not be done now, as the SOP says; empty if it may."""
    clocks = here().store.clocks([case.ticket])[case.ticket]
    if act.key in here().settings.desk.acts(case.complaint, clocks, now):
        return ""
    decided = here().settings.desk.decide(case.complaint, act.key, clocks, now)
    return decided if isinstance(decided, str) else ""


def _typed() -> Shown:
    form = request.form
    return Shown(
        showable(form.get("said", ""))[: 2 * LONGEST],
        form.get("rating", "")[:1],
        showable(form.get("contact", ""))[:254],
    )


def _submission(key: str) -> str:
    return f"act:{key}"


def _content(ticket: str, act: ReporterAct, shown: Shown) -> str:
    return f"{ticket}\x1f{act.key}\x1f{shown.rating}\x1f{shown.said}"


def _page(case: Case, act: ReporterAct, shown: Shown, *, key: str, status: int) -> ResponseReturnValue:
    need = reporter_proof.need_of(act, case.intake, case.ticket)
    if need is Need.DESK:
        return _not_now(case, act, "")
    token = form_token.issue(key)
    page = render_template(
        "reporter_act.html",
        act=act,
        shown=shown,
        ticket=case.ticket,
        asked=Asked,
        ratings=RATINGS,
        prove=need is Need.PROOF,
        links=links_are_sent(),
        files=_takes_files(act),
        held=_held(act, key),
        accept=ACCEPT,
        most=MOST_AT_ONCE,
        asked_for=asked_for(case.complaint, here().store.timeline(case.ticket)),
        problem_at={item.field: item for item in reversed(shown.problems)},
        token=token.text,
    )
    response = Response(page, status, mimetype="text/html")
    form_token.remember(response, token)
    return response


def _not_now(case: Case, act: ReporterAct, refusal: str) -> ResponseReturnValue:
    """It may not be done here now: why, and where it may. Without a refusal only the desk can know the reporter."""
    said = gettext(refusal) if refusal else ""
    page = render_template("reporter_not_now.html", act=act, ticket=case.ticket, refusal=said)
    return page, 409 if refusal else 403
