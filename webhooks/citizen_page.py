"""The pages of the citizen form."""

from collections.abc import Mapping

from babel.dates import format_date
from flask import Response, render_template, url_for

from forms.categories import categories
from forms.fields import FIELD
from forms.incident_dates import EARLIEST
from forms.problems import Problem
from forms.regions import districts
from forms.steps import ASKING, EVIDENCE, MATTER, Step
from forms.typed import IDENTITY
from register.complaint import WITA, Intake
from webhooks import doubt, evidence, form_token
from webhooks.context import here
from webhooks.filling import CHANGING, WHOLE, Filling, carried, the_way
from webhooks.language import language

NAMELESS = ("too_short", "too_long", "invalid_text")
"""Problems whose sentence does not say which field it is about."""


def step_page(
    step: Step,
    filling: Filling,
    *,
    problems: tuple[Problem, ...] = (),
    notice: str = "",
    status: int = 200,
    start: bool = False,
) -> Response:
    """One step: its fields, and what is wrong with them. `start` makes it the first page that anybody sees."""
    way = the_way(filling)
    return _page(
        "step.html",
        filling,
        status,
        step=step,
        number=way.number(step),
        count=len(way.steps),
        before=None if filling.changing else way.before(step),
        action=url_for("steps.take", name=step.name),
        problems=problems,
        notice=notice,
        start=start,
        hidden=carried(filling, step),
        evidence=_evidence(filling, problems) if step is EVIDENCE else None,
    )


def check_page(filling: Filling, *, notice: str = "", status: int = 200, sure: str = "") -> Response:
    """All answers, to be read once more before they are sent. `sure` comes along when the button is pressed again."""
    way, checked = the_way(filling), filling.checked()
    return _page(
        "check.html",
        filling,
        status,
        step=way.steps[-1],
        count=len(way.steps),
        before=way.before(way.steps[-1]),
        steps=way.steps[:-1],
        notice=notice,
        hidden=carried(filling, None),
        challenge=doubt.challenge(filling.key) if filling.key else "",
        sure=sure,
        shown=_shown(filling.typed, checked.intake),
        warned={item.field: item for item in checked.warnings},
        files=evidence.names(filling.holder) if filling.key else (),
    )


def mend_page(filling: Filling, problems: tuple[Problem, ...], *, status: int = 422) -> Response:
    """Everything that has to be mended, on one page with the fields around it."""
    troubled = [step for step in ASKING if step.troubles(problems)] or [MATTER]
    asked = {field.name for step in troubled for field in step.fields}
    hidden = {name: text for name, text in carried(filling, None).items() if name not in asked}
    return _page("mend.html", filling, status, steps=troubled, problems=problems, notice="", hidden=hidden)


def wait_page(filling: Filling, *, action: str, until: str) -> Response:
    """Too much was sent from this address; what was typed waits in the page."""
    return _page("wait.html", filling, 429, action=action, until=until, hidden=carried(filling, None))


def resume_page(filling: Filling, step: Step) -> Response:
    """Something was begun in this browser: go on, or throw it away. Not a word of it is shown."""
    way = the_way(filling)
    return _page("resume.html", filling, 200, step=step, number=way.number(step), count=len(way.steps))


def _page(
    template: str, filling: Filling, status: int, *, problems: tuple[Problem, ...] = (), **shown: object
) -> Response:
    token = form_token.issue(filling.key)
    page = render_template(
        template,
        filling=filling,
        typed=filling.typed,
        token=token.text,
        trap=doubt.TRAP,
        changing=CHANGING,
        whole=WHOLE,
        identity=IDENTITY,
        nameless=NAMELESS,
        labels={field.name: field.label for field in FIELD.values()},
        problems=problems,
        problem_at={item.field: item for item in reversed(problems)},
        categories=categories(),
        districts=sorted(districts(), key=lambda each: each.name),
        earliest=EARLIEST,
        today=here().clock().astimezone(WITA).date(),
        **shown,
    )
    response = Response(page, status, mimetype="text/html")
    form_token.remember(response, token)
    filling.remember(response)
    return response


def _shown(typed: Mapping[str, str], intake: Intake | None) -> dict[str, str]:
    """The answers as they are read back: places by their official names, a date in words, a category by its label."""
    if intake is None:
        return dict(typed)
    labels = {item.code: item.label_in(language()) for item in categories()}
    day = format_date(intake.incident_date, "d MMMM y", locale=language()) if intake.incident_date else ""
    category = labels.get(intake.category, "")
    places = {name: getattr(intake, name) for name in ("district", "village", "incident_place")}
    return {**typed, **places, "incident_date": day, "category": category}


def _evidence(filling: Filling, problems: tuple[Problem, ...]) -> object:
    back = url_for("steps.show", name=EVIDENCE.name)
    return evidence.panel(filling.holder, back=back, problems=problems) if filling.key else None
