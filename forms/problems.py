"""What is wrong with one field, in a stable code and a sentence that says how to mend it."""

import dataclasses
from collections.abc import Mapping


@dataclasses.dataclass(frozen=True)
class Problem:
    """
    One thing to mend, or to be warned of, in one field.

    `msgid` is formal Indonesian with `%(name)s` places; `values` fill them, and a value under `label` is a msgid too.
    Values never repeat what the person typed beyond a place's name or a file's, made harmless.
    """

    field: str
    code: str
    msgid: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)

    @property
    def message(self) -> str:
        """The sentence in Indonesian; the HTTP edge translates `msgid` instead."""
        return self.msgid % self.values if self.values else self.msgid


class RefusedError(Exception):
    """A rule's answer to a value it cannot take. `field` is set only where another field than the one read is meant."""

    def __init__(self, code: str, msgid: str, *, field: str = "", **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.msgid = msgid
        self.field = field
        self.values = values

    def problem(self, field: str) -> Problem:
        """The problem to show at `field`, or at the field that the rule named itself."""
        return Problem(self.field or field, self.code, self.msgid, self.values)
