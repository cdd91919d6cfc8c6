"""`aduan channel-test`: a message to each channel of one officer, and what became of it, in sentences."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from automation.channels.outcome import Result
from automation.configuration.in_force import Configuration, Officer
from automation.errors import QuestionError
from automation.reminders.delivery import Send
from automation.reminders.people import find

TITLE = "Uji kanal pengaduan masyarakat"
TEXT = "Ini pesan uji bagi {name}: pemberitahuan pengaduan akan sampai di sini. Tidak ada yang perlu dilakukan."
_SENTENCES = {
    Result.SENT: "terkirim",
    Result.REFUSED: "tidak terkirim",
    Result.UNSURE: "mungkin terkirim; periksa apakah pesannya sampai",
}


@dataclass(frozen=True)
class Tried:
    """What became of one channel's message; the sentence never holds its address."""

    sent: bool
    sentence: str


def officer_named(rules: Configuration, name: str) -> Officer:
    """The officer of that name who has a channel. Raises: QuestionError."""
    officer = find(rules.officers, name)
    if officer is None:
        known = ", ".join(rules.officers) or "belum ada seorang pun"
        raise QuestionError(f"'{name[:60]}' tidak ada pada tab Petugas. Yang ada: {known}.", found=name)
    if not officer.channels:
        raise QuestionError(f"Kanal Pemberitahuan {officer.name} pada tab Petugas masih kosong.", found=name)
    return officer


def try_channels(officer: Officer, send: Send) -> Iterator[Tried]:
    """Send to one channel after another, so that each has an outcome of its own."""
    for place, url in enumerate(officer.channels, start=1):
        outcome = send([url], TITLE, TEXT.format(name=officer.name))
        why = outcome.problem.removeprefix("kanal ke-1: ")
        service = urlsplit(url).scheme
        told = f"Kanal ke-{place} ({service}): {_SENTENCES[outcome.result]}"
        yield Tried(outcome.result is Result.SENT, f"{told} ({why})." if why else f"{told}.")
