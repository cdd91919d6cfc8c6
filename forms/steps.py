"""
The citizen form's steps, as data: one thing at a time, in the order a person tells it.

Which fields a step asks for is said by the fields themselves (`Field.section`).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from forms.field_kinds import Field, Section
from forms.fields import FIELD, FIELDS
from forms.problems import Problem
from forms.wording import marked


@dataclass(frozen=True)
class Step:
    """
    One page of the form.

    Args:
        name: Its place in the page's address, and in a draft.
        title: Its heading, a msgid; likewise `lead`, a sentence below it, and `folded`, what opens its extra fields;
            `folded_nameless` says it to who stays without a name, where those fields are fewer then.
        section: The fields it asks for; None where it asks for none.
    """

    name: str
    title: str
    lead: str = ""
    section: Section | None = None
    folded: str = ""
    folded_nameless: str = ""

    @property
    def fields(self) -> tuple[Field, ...]:
        """What it asks for, in order."""
        return tuple(field for field in FIELDS if field.section is self.section)

    def troubles(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """Those problems that are to be mended on this page."""
        return tuple(item for item in problems if item.field in FIELD and FIELD[item.field].section is self.section)


MATTER = Step(
    "kejadian",
    marked("Apa yang terjadi"),
    section=Section.MATTER,
    folded=marked("Tambahkan keterangan tentang masalahnya"),
)
PLACE = Step(
    "tempat",
    marked("Di mana dan kapan"),
    lead=marked("Isi yang Anda tahu saja; semuanya boleh dikosongkan."),
    section=Section.PLACE,
)
PERSON = Step(
    "pelapor",
    marked("Siapa Anda"),
    lead=marked("Isi nama dan salah satu kontak agar kami dapat menjawab. Anda juga boleh mengirim tanpa nama."),
    section=Section.PERSON,
    folded=marked("Tambahkan alamat, NIK, atau orang yang terdampak"),
    folded_nameless=marked("Tambahkan orang yang terdampak"),
)
EVIDENCE = Step(
    "bukti",
    marked("Bukti"),
    lead=marked("Foto, surat, atau rekaman dapat membantu. Bila tidak ada, lanjutkan saja."),
)
CHECK = Step("periksa", marked("Periksa jawaban Anda"))

ASKING = (MATTER, PLACE, PERSON)
"""The steps that ask for fields."""


@dataclass(frozen=True)
class Way:
    """The steps that a person goes through, first to last."""

    steps: tuple[Step, ...]

    def named(self, name: str) -> Step | None:
        """The step of this name, if it is on the way."""
        return next((step for step in self.steps if step.name == name), None)

    def number(self, step: Step) -> int:
        """Counted from 1."""
        return self.steps.index(step) + 1

    def after(self, step: Step) -> Step:
        """The next one; the last one stays."""
        return self.steps[min(self.number(step), len(self.steps) - 1)]

    def before(self, step: Step) -> Step | None:
        """The one before; None before the first."""
        return self.steps[self.number(step) - 2] if self.number(step) > 1 else None


def way(*, evidence: bool) -> Way:
    """The way, with or without a place to add files."""
    return Way((*ASKING, EVIDENCE, CHECK) if evidence else (*ASKING, CHECK))
