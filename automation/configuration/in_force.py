"""
The configuration in force: what the tabs' good rows mean to the rest of the program. Pure.

Whether rows are good is `checked.py`'s; here they are taken as they are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from hashlib import sha256

from automation.calendars.calendar_source import (
    build_calendar,
)
from automation.calendars.office_calendar import Calendar
from automation.calendars.working_time import Norm
from automation.configuration.office_settings import NORM_SETTING, default_settings, norm_of, value_of
from automation.configuration.tab_rows import (
    CONFIRM_LOSS,
    Texts,
    codes,
    number_of,
    parse_date,
)
from automation.disposition.disposing import Rule
from automation.disposition.learning import Model, starting_model
from automation.disposition.phrase_rules import words_of
from automation.sop.procedures import Procedure, load_procedures
from register.settings import RESTRICTED_ROLES
from sheets_schema.configuration_tabs import (
    AGENCIES,
    BIDANG,
    HOLIDAY_CHOICES,
    HOLIDAYS,
    OFFICERS,
    RULES,
    SETTINGS,
    TEMPLATES,
)

Rows = tuple[tuple[tuple[str, str], ...], ...]
"""A tab's rows as sorted (column key, text) pairs: hashable, and plain JSON after `as_json`."""


@dataclass(frozen=True)
class Officer:
    """
    One row of the tab `Petugas`.

    `channels` are Apprise URLs; `substitute` is the name of who stands in from `away_from` to `away_until`, both
    included, or for as long as it is filled where a date is missing.
    """

    name: str
    role: str = ""
    bidang: str = ""
    account: str = ""
    channels: tuple[str, ...] = ()
    substitute: str = ""
    away_from: date | None = None
    away_until: date | None = None

    @property
    def username(self) -> str:
        """Their account without a host, as it is known to the store; empty for nobody's."""
        return self.account.partition("@")[0].strip()


@dataclass(frozen=True)
class Agency:
    """One row of the tab `Instansi`: where a reporter is sent. `words` point to it."""

    name: str
    contact: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Configuration:
    """
    What is in force. `bidang_of` maps category codes to bidang codes; `procedures` have the norms that staff set.

    `learned` is what the register's own corrections taught, beside the rules.
    `clock_mark` changes whenever a deadline might: with a norm, an office hour, a holiday or a reporter's time.
    """

    bidang: Mapping[str, str]
    bidang_of: Mapping[str, str]
    rules: tuple[Rule, ...]
    officers: Mapping[str, Officer]
    templates: Mapping[str, str]
    calendar: Calendar
    settings: Mapping[str, str] = field(default_factory=dict)
    agencies: Mapping[str, Agency] = field(default_factory=dict)
    procedures: Mapping[str, Procedure] = field(default_factory=load_procedures)
    clock_mark: str = ""
    learned: Model = field(default_factory=starting_model)
    restricted_roles: str = RESTRICTED_ROLES
    """The roles that may know of restricted complaints, parted by commas: a setting of the program, not of staff's."""
    restricted_accounts: frozenset[str] = frozenset()
    """Usernames that may work in Register Terbatas: the accounts of these roles."""
    whatsapp_templates: Mapping[str, str] = field(default_factory=dict)
    """Names of the templates that Meta approved, by code of what they say."""

    def setting(self, name: str) -> str:
        """A setting's text, or its default where it is missing or blank."""
        return value_of(self.settings, name)

    def norm(self, name: str) -> Norm:
        """A setting that is a span of time. Raises: NormError if it is none."""
        return norm_of(self.setting(name))


def as_rows(rows: Iterable[Texts]) -> Rows:
    """Rows in the hashable form."""
    return tuple(tuple(sorted(row.items())) for row in rows)


@lru_cache(maxsize=4)
def built(good: tuple[tuple[str, Rows], ...], years: range, restricted_roles: str) -> Configuration:
    """Built once for the same contents: rules are compiled and calendars counted only when something changed."""
    tabs = {title: [dict(row) for row in rows] for title, rows in good}
    bidang = {row["code"]: row.get("name", row["code"]) for row in tabs[BIDANG.title]}
    officers = {row["name"]: officer_of(row) for row in tabs[OFFICERS.title]}
    settings = {row["name"]: row.get("value", "") for row in tabs[SETTINGS.title]}
    calendar = calendar_of(dict(good)[HOLIDAYS.title], dict(good)[SETTINGS.title], years)
    return Configuration(
        bidang=bidang,
        bidang_of={code: row["code"] for row in tabs[BIDANG.title] for code in codes(row.get("categories", ""))},
        rules=tuple(_rule(row) for row in tabs[RULES.title]),
        officers=officers,
        templates={row["code"]: row["text"] for row in tabs[TEMPLATES.title]},
        whatsapp_templates={
            row["code"]: row["whatsapp_template"] for row in tabs[TEMPLATES.title] if row.get("whatsapp_template")
        },
        calendar=calendar,
        settings=settings,
        agencies={row["name"]: _agency(row) for row in tabs[AGENCIES.title]},
        procedures=_procedures(settings),
        clock_mark=_clock_mark(calendar, settings),
        restricted_roles=restricted_roles,
        restricted_accounts=restricted_accounts(officers.values(), restricted_roles),
    )


def restricted_accounts(officers: Iterable[Officer], roles: str) -> frozenset[str]:
    """Accounts of those whose role is named, with or without what it has in brackets: `Ketua Tim (Sekretaris)`."""
    named = {role.strip().casefold() for role in roles.split(",")} - {""}
    return frozenset(
        officer.username
        for officer in officers
        if officer.username
        and not named.isdisjoint({officer.role.strip().casefold(), officer.role.partition("(")[0].strip().casefold()})
    )


def _procedures(settings: Mapping[str, str]) -> Mapping[str, Procedure]:
    """The decree's procedures with the norms that staff set in place of the decree's."""
    return {
        key: procedure.with_norms(
            {step.no: norm_of(value_of(settings, f"norma_{key}_{step.no}")) for step in procedure.steps}
        )
        for key, procedure in load_procedures().items()
    }


def _clock_mark(calendar: Calendar, settings: Mapping[str, str]) -> str:
    """A digest of all that deadlines are counted with."""
    spans = sorted(
        (name, value_of(settings, name))
        for name in default_settings()
        if NORM_SETTING.fullmatch(name) or name in ("batas_kelengkapan", "batas_tanggapan", "batas_buka_kembali")
    )
    return sha256(
        repr((calendar, sorted(calendar.closed.items()), sorted(calendar.opened), spans)).encode()
    ).hexdigest()


def calendar_of(holidays: Rows, settings: Rows, years: range) -> Calendar:
    return build_calendar(
        years,
        local_days=[day for row in holidays if (day := local_day(dict(row)))],
        hours=hours_of(settings),
    )


def hours_of(settings: Rows) -> dict[str, str]:
    rows = (dict(row) for row in settings)
    return {row["name"]: row.get("value", "") for row in rows if row["name"] != CONFIRM_LOSS}


def _rule(row: Texts) -> Rule:
    return Rule(
        category=row.get("category", "").upper(),
        words=words_of(row.get("words", "")),
        weight=number_of(row.get("weight", "")) or 0.0,
        urgency=row.get("urgency", ""),
        note=row.get("remark", ""),
        active=row.get("active", "").upper() == "TRUE",
    )


def officer_of(row: Texts) -> Officer:
    return Officer(
        name=row["name"],
        role=row.get("role", ""),
        bidang=row.get("bidang", ""),
        account=row.get("account", "").casefold(),
        channels=tuple(row.get("channels", "").split()),
        substitute=row.get("substitute", ""),
        away_from=parse_date(row.get("away_from", "")),
        away_until=parse_date(row.get("away_until", "")),
    )


def _agency(row: Texts) -> Agency:
    return Agency(row["name"], row.get("contact", ""), words_of(row.get("words", "")))


def local_day(row: Texts) -> tuple[date, str, str] | None:
    on = parse_date(row.get("on", ""))
    kind = "add" if row.get("change") == HOLIDAY_CHOICES[0] else "remove"
    return (on, row.get("name", "libur setempat"), kind) if on else None


def from_json(rows: Sequence[Sequence[Sequence[str]]]) -> Rows:
    """Remembered rows, back from JSON."""
    return tuple(tuple((str(key), str(text)) for key, text in row) for row in rows)


Remembered = Mapping[str, Sequence[Sequence[Sequence[str]]]]
"""What the store keeps as its setting "configuration": rows by tab title, as JSON."""


def officers_in(remembered: Remembered | None) -> tuple[Officer, ...]:
    """The rows of `Petugas` in the remembered configuration, without building the rest of it."""
    rows = (dict(row) for row in from_json((remembered or {}).get(OFFICERS.title, ())))
    return tuple(officer_of({"name": "", **row}) for row in rows)


def bidang_name(remembered: Remembered | None, code: str) -> str:
    """A bidang's full name by its code, from the remembered configuration; the code where there is none."""
    return bidang_names(remembered).get(code, code)


def bidang_names(remembered: Remembered | None) -> dict[str, str]:
    """Every bidang's full name by its code, in the tab's order; the code where it has no name."""
    rows = (dict(row) for row in from_json((remembered or {}).get(BIDANG.title, ())))
    return {row["code"]: row.get("name", row["code"]) for row in rows if row.get("code")}
