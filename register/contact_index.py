"""
Finding complaints by a reporter's telephone, e-mail address or NIK, without opening any of them.

The index holds keyed digests only: without the key file it neither tells a number nor whether one is in it. Its rows
hang on the complaints' keys, so erasing a complaint takes them along.
"""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum

import sqlalchemy as sa

from register import tables
from register.complaint import Intake
from register.trail import Trail

_NO_DIGIT = re.compile(r"\D")
_COUNTRY = "62"


class Kind(StrEnum):
    """By what a reporter may be found."""

    PHONE = "phone"
    EMAIL = "email"
    NIK = "nik"


def phone_key(text: str) -> str:
    """
    A telephone number as digits with its country code, however it was written; empty if there are none.

    `0812-0000-0000`, `812 0000 0000`, `62812…` and `+62812…` are the same. Staff type numbers as they like, so this
    takes anything; whether it can be a number was asked where it came in.
    """
    written = unicodedata.normalize("NFKC", text).strip()
    digits = _NO_DIGIT.sub("", written)
    if written.startswith("+") and not digits.startswith(_COUNTRY):
        return digits
    national = digits.removeprefix("00").removeprefix(_COUNTRY).removeprefix("0")
    return _COUNTRY + national if national else ""


def email_key(text: str) -> str:
    """An address as it is compared: mail servers tell capital letters apart, people do not."""
    return text.strip().casefold()


def nik_key(text: str) -> str:
    """The digits of a NIK."""
    return _NO_DIGIT.sub("", text)


def keys_of(intake: Intake) -> dict[Kind, str]:
    """By what a complaint is to be found; what was not given is left out."""
    found = {
        Kind.PHONE: phone_key(intake.phone),
        Kind.EMAIL: email_key(intake.email),
        Kind.NIK: nik_key(intake.nik),
    }
    return {kind: key for kind, key in found.items() if key}


class ContactIndex(Trail):
    """The index; it is written with what the reporter said."""

    def tickets_by_contact(self, *, phone: str = "", email: str = "") -> list[str]:
        """Tickets of the complaints with that telephone or that address, in any spelling; the newest first."""
        return self._found({Kind.PHONE: phone_key(phone), Kind.EMAIL: email_key(email)})

    def tickets_by_nik(self, nik: str) -> list[str]:
        """Tickets of the complaints whose reporter gave that NIK, the newest first."""
        return self._found({Kind.NIK: nik_key(nik)})

    def contact_digest(self, *, phone: str = "", email: str = "") -> str:
        """What the index knows that telephone or address by, to be looked up later; empty if neither was given."""
        if phone:
            return self._index_digest(Kind.PHONE, phone_key(phone))
        return self._index_digest(Kind.EMAIL, email_key(email)) if email else ""

    def tickets_of_digest(self, digest: str) -> list[str]:
        """The tickets that `contact_digest` leads to, the newest first."""
        return self._of_digests([digest])

    def _found(self, wanted: dict[Kind, str]) -> list[str]:
        return self._of_digests([self._index_digest(kind, key) for kind, key in wanted.items() if key])

    def _of_digests(self, digests: Iterable[str]) -> list[str]:
        index, complaints = tables.contact_index, tables.complaints
        query = (
            sa.select(complaints.c.ticket)
            .join(index, index.c.ticket == complaints.c.ticket)
            .where(index.c.digest.in_(list(digests)))
            .order_by(complaints.c.year.desc(), complaints.c.number.desc())
        )
        with self._read() as connection:
            return list(dict.fromkeys(connection.execute(query).scalars()))

    def _put_contacts(self, connection: sa.Connection, ticket: str, intake: Intake, *, new: bool = False) -> None:
        """What a complaint is found by from now on, in place of what it was found by before if it is not `new`."""
        index = tables.contact_index
        if not new:
            connection.execute(index.delete().where(index.c.ticket == ticket))
        rows = [{"ticket": ticket, "digest": self._index_digest(kind, key)} for kind, key in keys_of(intake).items()]
        if rows:
            connection.execute(index.insert(), rows)

    def _index_digest(self, kind: Kind, key: str) -> str:
        return self._keyring.digest("contact", kind.value, key)
