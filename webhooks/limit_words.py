"""How `Batas Waktu` was counted, for citizens: the register's short line with its norm, and without abbreviations."""

import re
from collections.abc import Iterable

from register.complaint import Clock, Complaint

ANSWER = "jawaban"
"""The clock of the SOP's answer; others that bear on the limit are of a law, which their line names."""
_UNITS = {"j": "jam", "m": "menit"}
_ABBREVIATED = re.compile(r"\b(\d+) ([jm])\b")


def limit_words(complaint: Complaint, clocks: Iterable[Clock]) -> str:
    """
    In Indonesian: "110 menit kerja menurut SOP online. Senin 1 jam 30 menit, Selasa 20 menit; batasnya 07.50 WITA".

    Empty if the complaint has no such line. `clocks` are all that it has.
    """
    if not complaint.basis:
        return ""
    counted = _ABBREVIATED.sub(lambda found: f"{found[1]} {_UNITS[found[2]]}", complaint.basis).replace(
        " → ", "; batasnya "
    )
    of_sop = (
        clock.norm.replace("menit", "menit kerja")
        for clock in clocks
        if clock.key == ANSWER and clock.round == complaint.round and clock.basis == complaint.basis and clock.norm
    )
    norm = next(of_sop, "")
    return f"{norm} menurut SOP {complaint.procedure.value}. {counted}" if norm else counted
