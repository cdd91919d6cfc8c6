"""
Tickets: random, spoken-friendly and self-checking.

Eight letters of Crockford's Base32 (40 random bits) and a check character by ISO 7064 mod 37,36 with the 32 letters as
its alphabet, shown as `ABCD-EFGH-J`. A ticket is the secret by which an anonymous reporter finds the complaint again,
so it is drawn from `secrets` and never counted up.
"""

import secrets

from stdnum.iso7064 import mod_37_36

from register.errors import InvalidTicketError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_SEPARATORS = str.maketrans("", "", "-–—_.")
_LONGEST_SENSIBLE_INPUT = 40

UNPLACED = "~"
"""Begins what stands in place of a ticket where an event belongs to no complaint; no ticket begins so."""


def new_ticket() -> str:
    """A fresh random ticket in its shown form, such as `7K3M-Q9TX-2`."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return _shown(body + mod_37_36.calc_check_digit(body, alphabet=ALPHABET))


def parse_ticket(text: str) -> str:
    """
    The ticket a person meant, in its shown form.

    Lower case, spaces, missing dashes, `o` for `0` and `i` or `l` for `1` are understood.

    Raises: InvalidTicketError if it cannot be a ticket, saying whether its length, a letter or the check is wrong.
    """
    given = text.strip()
    sensible = given if len(given) <= _LONGEST_SENSIBLE_INPUT else ""
    compact = "".join(sensible.split()).upper().translate(_SEPARATORS).translate(_LOOKALIKES)
    if len(compact) != LENGTH + 1:
        raise InvalidTicketError(
            "Nomor tiket terdiri atas 9 huruf dan angka, misalnya 7K3M-Q9TX-2. Mohon periksa kembali.",
            reason="length",
        )
    if any(letter not in ALPHABET for letter in compact):
        raise InvalidTicketError(
            "Nomor tiket memuat huruf atau tanda yang tidak dipakai. Mohon periksa kembali.", reason="letters"
        )
    if not mod_37_36.is_valid(compact, alphabet=ALPHABET):
        raise InvalidTicketError(
            "Ada huruf atau angka yang salah pada nomor tiket ini. Mohon periksa kembali tanda terima Anda.",
            reason="check",
        )
    return _shown(compact)


def _shown(compact: str) -> str:
    return f"{compact[:4]}-{compact[4:8]}-{compact[8:]}"
