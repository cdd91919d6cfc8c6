"""Telephone numbers and e-mail addresses at which an answer can arrive."""

import re
import unicodedata

import phonenumbers

from forms.problems import RefusedError

_PUNCTUATION = re.compile(r"[\s.\-\u2010–—()]")
_MOBILE = re.compile(r"8[1-9][0-9]{7,10}")
_LANDLINE = re.compile(r"[2-79][0-9]{7,10}")
_NATIONAL = re.compile(r"(?:\+62|0062|62|0)0?(?P<number>[1-9][0-9]*)|(?P<bare>8[0-9]+)")
_FOREIGN = re.compile(r"\+(?!62)[1-9][0-9]{6,14}")

_EMAIL_LONGEST = 254
_EMAIL_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_EMAIL_NAME_LONGEST = 64
_EMAIL_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]")


def phone_of(text: str) -> str:
    """
    The number in E.164, such as `+6281200000000`.

    `08…`, `8…`, `62…` and `+62…` are understood, landlines with their area code (`0541…`), and numbers abroad with
    their `+`. Whether a number is in use cannot be known here, so the length decides, not a list of operators.

    Raises: RefusedError, with code `phone_tollfree` for 080… (nobody can be called back there).
    Source: domain section 3 (mobile: 9 to 12 digits after +62, beginning with 8).
    """
    compact = _PUNCTUATION.sub("", unicodedata.normalize("NFKC", text))
    if _FOREIGN.fullmatch(compact):
        return _abroad(compact)
    match = _NATIONAL.fullmatch(compact)
    number = (match["number"] or match["bare"]) if match else ""
    if number.startswith("80"):
        raise RefusedError(
            "phone_tollfree", "Nomor 0800 tidak dapat kami hubungi kembali. Isi nomor HP atau telepon rumah Anda."
        )
    if not (_MOBILE.fullmatch(number) or _LANDLINE.fullmatch(number)):
        raise _not_a_phone()
    return _possible(f"+62{number}")


def _abroad(compact: str) -> str:
    try:
        known = phonenumbers.is_valid_number(phonenumbers.parse(compact))
    except phonenumbers.NumberParseException as error:
        raise _not_a_phone() from error
    if not known:
        raise _not_a_phone()
    return compact


def _possible(e164: str) -> str:
    try:
        possible = phonenumbers.is_possible_number(phonenumbers.parse(e164))
    except phonenumbers.NumberParseException as error:
        raise _not_a_phone() from error
    if not possible:
        raise _not_a_phone()
    return e164


def _not_a_phone() -> RefusedError:
    return RefusedError(
        "phone_invalid",
        "Nomor telepon ini tidak lengkap atau salah. "
        "Tulis seperti 0812-0000-0000, atau 0541-000000 untuk telepon rumah.",
    )


def email_of(text: str) -> str:
    """The address, its host in lower case. Raises: RefusedError if it could not be written on an envelope."""
    name, _at, host = text.rpartition("@")
    fits = len(text) <= _EMAIL_LONGEST and len(name) <= _EMAIL_NAME_LONGEST
    if not (fits and _EMAIL_NAME.fullmatch(name) and _EMAIL_HOST.fullmatch(host)):
        raise RefusedError(
            "email_invalid", "Alamat e-mail ini tidak lengkap atau salah. Tulis seperti nama@contoh.id, tanpa spasi."
        )
    return f"{name}@{host.lower()}"
