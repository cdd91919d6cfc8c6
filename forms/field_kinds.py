"""What a field is: its kind, its place in the form, and how its value is treated."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What sort of value a field takes, and so which rule checks it and which control shows it."""

    LINE = "line"
    TEXT = "text"
    NIK = "nik"
    KK = "kk"
    PHONE = "phone"
    EMAIL = "email"
    DISTRICT = "district"
    VILLAGE = "village"
    DATE = "date"
    CATEGORY = "category"
    FLAG = "flag"


class Section(StrEnum):
    """The parts of the citizen form, in the order a person tells it."""

    MATTER = "matter"
    PLACE = "place"
    PERSON = "person"


class Privacy(StrEnum):
    """
    How a value is treated (UU 27/2022).

    IDENTITY tells who the reporter is, and is dropped before storing when the reporter stays anonymous. STORY may name
    anybody. PLAIN holds no personal data. All of it is sealed at rest.
    """

    IDENTITY = "identity"
    STORY = "story"
    PLAIN = "plain"


@dataclass(frozen=True)
class Field:
    """
    One field.

    Args:
        label: Its question or name, a msgid; likewise `help`, which may be empty.
        longest: Most characters that are taken, after cleaning.
        shortest: Fewest characters, where the field is given at all.
        extra: Shown folded away, since few people need it.
        contract: Whether the API contract of the design names it; the others are optional additions.
        autocomplete, inputmode: What phones are told, so that they offer the right keyboard and the owner's data.
    """

    name: str
    label: str
    kind: Kind
    section: Section
    privacy: Privacy
    help: str = ""
    longest: int = 0
    shortest: int = 0
    required: bool = False
    extra: bool = False
    contract: bool = True
    autocomplete: str = ""
    inputmode: str = ""
