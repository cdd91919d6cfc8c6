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
    """The parts of what a person tells, in the order of telling it; each is a step of the citizen form."""

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


class Need(StrEnum):
    """
    When a field has to be filled in.

    NAMED and CONTACT do not hold for an anonymous reporter; of the fields under CONTACT one is enough.
    """

    NEVER = "never"
    ALWAYS = "always"
    NAMED = "named"
    CONTACT = "contact"


@dataclass(frozen=True)
class Field:
    """
    One field; forms, API schema, import of a Google Form and printed papers follow it.

    Args:
        label: Its question or name, a msgid; likewise `help`, which may be empty.
        section: The step of the citizen form that asks for it.
        longest: Most characters that are taken, after cleaning.
        shortest: Fewest characters, where the field is given at all.
        needed: When it has to be filled in online (design, API fields).
        missing: What to say where it is needed and not there, a msgid.
        desk: When the paper form and the desk need it (domain section 3: the longer list).
        extra: Shown folded away, since few people need it.
        contract: Whether the API contract of the design names it; the others are optional additions.
        paper: Its name on printed forms, which are Indonesian as the decree is: no msgid.
        titles: Further titles under which a Google Form may ask for it, besides name, label and `paper`.
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
    needed: Need = Need.NEVER
    missing: str = ""
    desk: Need = Need.NEVER
    extra: bool = False
    contract: bool = True
    paper: str = ""
    titles: tuple[str, ...] = ()
    autocomplete: str = ""
    inputmode: str = ""

    @property
    def required(self) -> bool:
        """Whether no complaint goes without it."""
        return self.needed is Need.ALWAYS

    @property
    def on_paper(self) -> str:
        """What printed forms call it."""
        return self.paper or self.label
