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
WHOLE = "utuh"
"""Comes along where the answers travel in the page, and so are newer than a draft that could not be saved."""

TROUBLES = "periksa"
"""In the address of a step that says what is wrong with its answers as they are kept."""


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
    def travels(self) -> bool:
        """Whether the page is all that holds the answers."""
        return self.kept is None and any(self.typed.values())

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


def the_way(filling: Filling | None = None) -> Way:
    """
    The steps of this office's form.

    Files need a draft to belong to; where the answers travel in the pages they can be added later, by the ticket.
    """
    return way(evidence=here().attachments is not None and not (filling and filling.travels))


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
    changed since. Where the draft is gone, is another form's or could not be saved, the page counts. A browser without
    cookies, and a second form beside one that is begun, have no draft: their answers travel in the pages.
    """
    typed, found = typed_in(request.form), draft.current()
    if found is None and form_token.takes_cookies():
        return Filling(key, typed, changing(), Draft(new_key(), key, {}, step.name))
    if found is None or found.name != key:
        return Filling(key, typed, changing())
    if WHOLE not in request.form:
        asked = {field.name for field in step.fields}
        typed = {name: typed[name] if name in asked else text for name, text in typed_in(found.typed).items()}
    return Filling(key, typed, changing(), found)


def is_kept(filling: Filling) -> bool:
    """Whether the draft has all answers as they were before this page, so that nothing is lost without the page's."""
    return bool(filling.kept and filling.kept.typed) and WHOLE not in request.form


def save(filling: Filling, step: Step) -> Filling:
    """Keep the answers in the draft, to go on with at `step`; where that fails just now, they travel in the pages."""
    if filling.kept is None or not any(filling.typed.values()):
        return replace(filling, kept=None)
    kept = replace(filling.kept, typed=_storable(filling.typed), step=step.name)
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
