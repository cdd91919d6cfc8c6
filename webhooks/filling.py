"""A complaint in the making, from page to page: in the browser's draft if there is one, else in the pages."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import Response, request

from forms.field_kinds import Privacy
from forms.fields import FIELD, FIELDS
from forms.steps import Step, Way, way
from forms.typed import data_of, typed_in
from forms.validation import Checked, check
from register.complaint import WITA
from register.drafts import Draft, holder_of, new_key
from webhooks import draft, form_token
from webhooks.context import here

CHANGING = "ubah"
"""Comes along while one answer is changed from the page that shows them all."""


@dataclass(frozen=True)
class Filling:
    """
    What one page has of it.

    Args:
        key: The form token's key: the same on every page, and the name of the draft.
        typed: What was typed, by field.
        changing: Whether the person came from the page that shows all answers, and goes back there.
        kept: The draft that holds all this; None where it has to travel in the page.
    """

    key: str
    typed: Mapping[str, str]
    changing: bool = False
    kept: Draft | None = None

    @property
    def holder(self) -> str:
        """Whose the attachments are."""
        return holder_of(self.key)

    def checked(self) -> Checked:
        """All answers, checked as they would be filed."""
        return check(data_of(self.typed), today=here().clock().astimezone(WITA).date())

    def remember(self, response: Response) -> None:
        """Let the browser find it again."""
        if self.kept:
            draft.remember(response, self.kept)


def the_way() -> Way:
    """The steps of this office's form."""
    return way(evidence=here().evidence is not None)


def changing() -> bool:
    """Whether the running request is about changing one answer."""
    return CHANGING in request.values


def of_draft(found: Draft) -> Filling:
    """What the browser's draft holds."""
    return Filling(found.name, typed_in(found.typed), changing(), found)


def sent_from(step: Step, key: str) -> Filling:
    """
    What a step's page sent, put together with the draft.

    Of the draft's own pages only that step's answers count: the rest of the page may be older than what another tab
    changed since. Where the draft is gone, or is another form's, everything is taken from the page.
    """
    typed = typed_in(request.form)
    found = draft.current()
    if found is None or found.name != key:
        return Filling(key, typed, changing())
    asked = {field.name for field in step.fields}
    merged = {name: typed[name] if name in asked else text for name, text in typed_in(found.typed).items()}
    return Filling(key, merged, changing(), found)


def save(filling: Filling, step: Step) -> Filling:
    """
    Keep the answers in the browser's draft, to go on with at `step`.

    A browser without cookies, a second form beside one that is begun, and a database that is down have no draft: their
    answers travel in the pages.
    """
    if not any(filling.typed.values()):
        return filling
    kept = filling.kept
    if kept is None and form_token.takes_cookies() and draft.current() is None:
        kept = Draft(new_key(), filling.key, {}, step.name)
    if kept is None:
        return filling
    kept = replace(kept, typed=_storable(filling.typed), step=step.name)
    return replace(filling, kept=kept if draft.keep(kept) else None)


def _storable(typed: Mapping[str, str]) -> dict[str, str]:
    """Who wants to stay without a name was promised that we keep none, not even for a while."""
    nameless = bool(typed.get("anonymous"))
    return {name: text for name, text in typed.items() if not (nameless and FIELD[name].privacy is Privacy.IDENTITY)}


def carried(filling: Filling, shown: Step | None) -> dict[str, str]:
    """The answers that a page does not ask for itself, to travel along."""
    asked = {field.name for field in shown.fields} if shown else set()
    return {
        field.name: filling.typed[field.name]
        for field in FIELDS
        if field.name not in asked and filling.typed.get(field.name)
    }
