"""What a browser sends from the citizen form, as data for `forms.validation.check`."""

from collections.abc import Mapping

from forms.field_kinds import Kind
from forms.fields import FIELDS
from forms.incident_dates import iso_from_typed
from forms.plain_text import showable


def data_of(form: Mapping[str, str]) -> dict[str, object]:
    """Known fields only; a ticked box is true, and a date typed day first is turned round."""
    data: dict[str, object] = {}
    for field in FIELDS:
        text = form.get(field.name, "")
        if field.kind is Kind.FLAG:
            data[field.name] = bool(text)
        elif text:
            data[field.name] = iso_from_typed(text) if field.kind is Kind.DATE else text
    return data


def typed_in(form: Mapping[str, str]) -> dict[str, str]:
    """Everything that was typed, to show again as it was."""
    return {field.name: showable(form.get(field.name, "")) for field in FIELDS}
