"""The citizen form step by step: GET shows one, POST takes it and goes on. Works without JavaScript and cookies."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as BaseResponse

from forms.problems import Problem
from forms.steps import CHECK, EVIDENCE, Step
from forms.typed import typed_in
from forms.wording import marked
from webhooks import draft, evidence, form_token
from webhooks.citizen_page import check_page, step_page
from webhooks.evidence_bodies import takes_files
from webhooks.filling import CHANGING, TROUBLES, Filling, changing, is_kept, of_draft, save, sent_from, the_way
from webhooks.language import LANGUAGES, gettext, switch_language

blueprint = Blueprint("steps", __name__, url_prefix="/pengaduan")
GO = "ke"
"""Name of the buttons that lead to another step than the next; the answers are kept, right or wrong."""
_MARKED: dict[str, Any] = {TROUBLES: "1"}
_CHANGED: dict[str, Any] = {CHANGING: "1"}
_STRANGE = marked(
    "Formulir ini sudah terlalu lama terbuka, atau dibuka dari tempat lain. Tulisan Anda masih ada di bawah: "
    "periksa sebentar, lalu tekan tombolnya sekali lagi."
)


_NO_PLACE_FOR_FILES = marked(
    "Berkas belum dapat ditambahkan di sini. Kirim pengaduan, lalu tambahkan berkasnya lewat halaman status."
)


@blueprint.get("/isi/<name>")
def show(name: str) -> ResponseReturnValue:
    """A step of the draft; without a draft the form begins."""
    step, found = _step(name), draft.current()
    if found is None:
        return redirect(url_for("citizen.form"))
    filling = of_draft(found)
    problems = filling.checked().problems
    if step is not CHECK:
        return step_page(step, filling, problems=step.troubles(problems) if TROUBLES in request.args else ())
    troubled = next((each for each in the_way().steps if each.troubles(problems)), None)
    if troubled:
        return step_page(troubled, filling, problems=troubled.troubles(problems))
    return check_page(replace(filling, changing=False))


@blueprint.post(f"/isi/{EVIDENCE.name}")
@takes_files
def take_evidence() -> ResponseReturnValue:
    """The one step that may bring more than text."""
    return take(EVIDENCE.name)


@blueprint.post("/isi/<name>")
def take(name: str) -> ResponseReturnValue:
    """Keep what was typed, and go on: to the next step, or to where the pressed button leads."""
    step = _step(name)
    verdict = form_token.judge(request.form.get(form_token.FIELD, ""))
    if not verdict.key:
        return _again(step, Filling("", typed_in(request.form), changing()), notice=gettext(_STRANGE), status=400)
    filling = sent_from(step, verdict.key)
    placed = step in the_way(filling).steps
    files = evidence.take(filling.holder, request.files) if step is EVIDENCE and placed else ()
    if request.form.get("lang") in LANGUAGES:
        switch_language(request.form["lang"])
        if not any(filling.typed.values()):
            return redirect(url_for("citizen.form"), 303)
        saved = save(filling, step)
        return _shown_anew(step, saved) or _again(step, saved)
    if not placed:
        return check_page(filling, notice=gettext(_NO_PLACE_FOR_FILES))
    target = the_way(filling).named(request.form.get(GO, ""))
    troubles = step.troubles(filling.checked().problems)
    if target is None and (troubles or files):
        return _mend(step, filling, troubles, files)
    if target is CHECK and filling.changing and troubles and is_kept(filling):
        return redirect(url_for("steps.show", name=CHECK.name, **_CHANGED), 303)
    return _go(filling, step, target)


@blueprint.post("/hapus")
def discard() -> ResponseReturnValue:
    """Throw away what was begun, with its files, and begin anew."""
    response = redirect(url_for("citizen.form"), 303)
    found = draft.current()
    if found and form_token.judge(request.form.get(form_token.FIELD, "")).key:
        evidence.discard(found.holder)
        draft.throw_away(found.name)
        draft.forget(response)
    return response


def _go(filling: Filling, step: Step, target: Step | None) -> ResponseReturnValue:
    """On by an address of its own, so that Back works; without a draft by a page that carries the answers."""
    changed = step is CHECK and target is not None
    if target is None or (filling.changing and target is CHECK):
        target = CHECK if filling.changing else the_way(filling).after(step)
    filling = save(replace(filling, changing=changed), target)
    return _shown_anew(target, filling) or _again(target, filling)


def _mend(step: Step, filling: Filling, troubles: tuple[Problem, ...], files: tuple[Problem, ...]) -> BaseResponse:
    """
    The step with what is wrong: at its own address, so that Back works, where a draft or the empty form shows it again.

    Elsewhere, and for files, of which nothing was kept, the answer to what was sent is the page.
    """
    saved = save(filling, step)
    if form_token.takes_cookies() and not any(saved.typed.values()) and draft.current() is None:
        return redirect(url_for("citizen.form", **_MARKED), 303)
    if not files and (response := _shown_anew(step, saved, **_MARKED)):
        return response
    return step_page(step, saved, problems=(*troubles, *files), status=422)


def _shown_anew(step: Step, saved: Filling, **query: Any) -> BaseResponse | None:
    """On to the address of a step, which shows it from the draft; None where there is no draft."""
    if saved.kept is None:
        return None
    if saved.changing:
        query |= _CHANGED
    response = redirect(url_for("steps.show", name=step.name, **query), 303)
    draft.remember(response, saved.kept)
    return response


def _again(step: Step, filling: Filling, *, notice: str = "", status: int = 200) -> Response:
    """The step's page with everything that is known."""
    if step is CHECK or step not in the_way(filling).steps:
        return check_page(filling, notice=notice, status=status)
    return step_page(step, filling, notice=notice, status=status)


def _step(name: str) -> Step:
    return the_way().named(name) or abort(404)
