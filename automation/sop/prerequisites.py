"""What must be there before an act is done or a text is shown to the reporter: each lack is a sentence. Pure."""

import re
from collections.abc import Mapping

from automation.disposition.categories import Urgency
from automation.sop.acts import Act
from register.complaint import Complaint
from sheets_schema.register_tab import REGISTER

IDENTITY_NUMBER = "memuat nomor 16 angka (NIK/KK). Samarkan atau hapus nomor itu, misalnya 6402••••••••0001."
"""What is wrong with a text that would be published."""
_UNANSWERED = (
    "pelapor belum menerima balasan. Isi Balasan dan centang Kirim Balasan dahulu; sesudah itu tindakan berlaku. Bila "
    "pelapor menarik pengaduannya, pilih Cabut."
)
_HEADERS = {column.key: column.header for column in REGISTER.columns}
_SIXTEEN_DIGITS = re.compile(
    r"(?<!\d)(?:\d{16}|\d{4}([ .-])\d{4}\1\d{4}\1\d{4}|\d{6}([ .-])\d{6}\2\d{4}"
    r"|\d{2}([ .-])\d{2}\3\d{2}\3\d{6}\3\d{4})(?!\d)"
)
"""At once, or in groups as people write a NIK and a KK."""


def lacking(act: Act, complaint: Complaint, texts: Mapping[str, str]) -> str:
    """
    What an act waits for, as a sentence for `Catatan Sistem`; empty if nothing.

    Source: automation/sop/acts.toml; UU 25/2009 Ps 50 and SOP B step 8: nothing is settled before it is answered.
    """
    if act.needs_answer and complaint.answered_at is None:
        return _UNANSWERED
    groups = act.needs_in_emergency if complaint.urgency == Urgency.EMERGENCY else act.needs
    empty = [group for group in groups if not any(_filled(act, key, texts) for key in group)]
    if empty:
        named = ", ".join(" atau ".join(_named(act, key) for key in group) for group in empty)
        return f"isi {named} dahulu; sesudah itu tindakan berlaku."
    if act.tells_why and holds_identity_number(texts.get("reason", "")):
        return f"Alasan {IDENTITY_NUMBER}"
    return ""


def holds_identity_number(text: str) -> bool:
    """Whether a text holds what may be a NIK or KK: sixteen digits, which the public must not read."""
    return _SIXTEEN_DIGITS.search(text) is not None


def _filled(act: Act, key: str, texts: Mapping[str, str]) -> bool:
    text = texts.get(key, "").strip()
    return sum(map(str.isalpha, text)) >= act.reason_letters if key == "reason" else bool(text)


def _named(act: Act, key: str) -> str:
    if key == "reason" and act.reason_letters > 1:
        return f"Alasan yang jelas bagi pelapor (paling sedikit {act.reason_letters} huruf)"
    return _HEADERS[key]
