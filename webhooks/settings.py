"""What the HTTP edge is told by whoever starts it. It reads no environment of its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from forms.wording import marked
from register.changes import Change
from register.complaint import Clock, Complaint


def step_number(complaint: Complaint) -> str:
    """The plainest name of a stage: the running step's number in the SOP."""
    return str(complaint.step)


def no_register() -> str | None:
    """There is no grid to lead staff to."""
    return None


def no_archive(_complaint: Complaint) -> str | None:
    """There is no spreadsheet of the archive to lead staff to."""
    return None


def nothing_to_notice() -> Mapping[str, object]:
    """Nothing is known about the register, not even a problem."""
    return {"register_age_seconds": None, "problem": ""}


@dataclass(frozen=True)
class Office:
    """How people reach the office otherwise. Source: the decree's letterhead."""

    name: str = "Dinas Sosial Kabupaten Kutai Kartanegara"
    address: str = "Jl. Cut Nyak Dhien No. 01, Tenggarong"
    phone: str = "0541-661049"
    email: str = "dinsos@kukarkab.go.id"


@dataclass(frozen=True)
class Ombudsman:
    """
    To whom a reporter may turn who is not content (UU 25/2009 Ps 46).

    Source: ombudsman.go.id; the representation's own numbers as the press of East Kalimantan gave them in 2025.
    """

    name: str = "Ombudsman Republik Indonesia, Perwakilan Kalimantan Timur"
    address: str = "Jl. MT Haryono, Samarinda"
    phone: str = "137"
    whatsapp: str = "0811-171-3737"
    site: str = "www.ombudsman.go.id"


class ReporterDesk(Protocol):
    """What the SOP says about acts of the reporter; `automation.sop.reporter_desk` answers."""

    def acts(self, complaint: Complaint, clocks: Sequence[Clock], now: datetime) -> Sequence[str]:
        """Keys of the acts that may be done now."""

    def decide(
        self, complaint: Complaint, act: str, clocks: Sequence[Clock], now: datetime, *, said: str = "", rating: int = 0
    ) -> Change | str:
        """What an act makes of the complaint, or why it may not be done."""

    def steps(self, complaint: Complaint) -> Sequence[str]:
        """Short names of its SOP's steps."""


class NoReporterDesk:
    """Reporters may only read."""

    def acts(self, complaint: Complaint, clocks: Sequence[Clock], now: datetime) -> Sequence[str]:
        """None."""
        return ()

    def decide(
        self, complaint: Complaint, act: str, clocks: Sequence[Clock], now: datetime, *, said: str = "", rating: int = 0
    ) -> Change | str:
        """Nothing may be done."""
        return marked("Hal ini hanya dapat dilakukan di kantor kami.")

    def steps(self, complaint: Complaint) -> Sequence[str]:
        """Unknown."""
        return ()


NO_DESK = NoReporterDesk()


@dataclass(frozen=True)
class InboundSecrets:
    """
    By what deliveries of channels are known to be theirs; where there is none, its address is not served.

    Args:
        meta: Secrets of the Meta app.
        meta_verify_token: The word that Meta is to say when it is told of our address.
        telegram: The bot's `secret_token`s.
        scripts: Those of our Apps Scripts.
        drive: Tokens of Drive push channels.
    """

    meta: tuple[str, ...] = field(default=(), repr=False)
    meta_verify_token: str = field(default="", repr=False)
    telegram: tuple[str, ...] = field(default=(), repr=False)
    scripts: tuple[str, ...] = field(default=(), repr=False)
    drive: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class WebSettings:
    """
    Settings of the web application.

    Args:
        secret_key: Signs the form's one-use tokens; the same in every web process, and kept over restarts.
        public_url: Where people reach the application, such as `https://aduan.example.go.id`, for links that leave it
            (QR code, API). Empty: taken from each request.
        trusted_proxies: How many reverse proxies in front set `X-Forwarded-For`, `-Proto` and `-Host`.
        register_url: Where the staff grid is now, or None.
        archive_url: Where the row of an archived complaint is, or None if it is in the store alone.
        notices: What `/readyz` tells everybody about the register: `register_age_seconds` (None if never read) and
            `problem`, a code such as `unreachable` and never what somebody typed; empty if there is none.
        stage_label: The running step in words, such as `6. Menindaklanjuti`; a msgid if it is to be translated.
        bidang_name: A bidang's full name by its code, for the status page.
        bidang_names: Those that there are now, by code, for the staff's figures.
        desk: What reporters may do for themselves.
        writes_to_reporters: Whether e-mail can be sent to them.
        locale: Language of a visitor who chose none, `id` or `en`.
        max_body_bytes: Longest request body; above it, 413.
        form_hours: How long a form stays open before it has to be sent once more.
        filings_per_hour: Complaints that one address may send by the form in an hour; 0 for any number.
        api_per_hour: Likewise by the API.
        register_at_google: Whether the register is at Google, which the privacy notice tells.
        open311_keys: With which Open311 clients may file and see what they filed; none: anybody may file.
        jurisdiction: The `jurisdiction_id` of Open311: the office's site, without www.
        inbound: By what channels are known that deliver to us.
    """

    secret_key: str | bytes = field(repr=False)
    public_url: str = ""
    trusted_proxies: int = 0
    register_url: Callable[[], str | None] = no_register
    archive_url: Callable[[Complaint], str | None] = no_archive
    notices: Callable[[], Mapping[str, object]] = nothing_to_notice
    stage_label: Callable[[Complaint], str] = step_number
    bidang_name: Callable[[str], str] = str
    bidang_names: Callable[[], Mapping[str, str]] = dict
    desk: ReporterDesk = NO_DESK
    writes_to_reporters: bool = False
    locale: str = "id"
    max_body_bytes: int = 1_000_000
    form_hours: int = 12
    filings_per_hour: int = 60
    api_per_hour: int = 600
    register_at_google: bool = False
    open311_keys: Sequence[str] = field(default=(), repr=False)
    jurisdiction: str = "dinsos.kukarkab.go.id"
    inbound: InboundSecrets = InboundSecrets()
    office: Office = Office()
    ombudsman: Ombudsman = Ombudsman()
