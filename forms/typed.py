"""What a browser sends from the citizen form, as data for `forms.validation.check`."""

from collections.abc import Mapping

from forms.field_kinds import Kind
from forms.fields import FIELDS
from forms.incident_dates import iso_from_typed
from forms.plain_text import showable

IDENTITY = "identity"
"""The form's one question for the flags `confidential` and `anonymous`: their names are its answers, or `open`."""
TICKED = "1"
MOST_TIMES = 4
"""So many times of what a field takes is kept of what was typed: to be shortened by hand, not to fill our disk."""


def data_of(typed: Mapping[str, str]) -> dict[str, object]:
    """Known fields only; a ticked box is true, and a date typed day first is turned round."""
    data: dict[str, object] = {}
    for field in FIELDS:
        text = typed.get(field.name, "")
        if field.kind is Kind.FLAG:
            data[field.name] = bool(text)
        elif text:
            data[field.name] = iso_from_typed(text) if field.kind is Kind.DATE else text
    return data


def typed_in(form: Mapping[str, str]) -> dict[str, str]:
    """Everything that was typed, by field, to show again as it was; the answer about identity as its two flags."""
    typed = {field.name: showable(form.get(field.name, "")[: MOST_TIMES * field.longest]) for field in FIELDS}
    for field in FIELDS:
        if field.kind is Kind.FLAG:
            chosen = form[IDENTITY] == field.name if IDENTITY in form else bool(form.get(field.name))
            typed[field.name] = TICKED if chosen else ""
    return typed
