"""
What reporters may do for themselves, as data: each act's wording, what it asks for, and how surely it must be theirs.

Which of them may be done in which status, and until when, is the SOP's (automation/sop/acts.toml).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from forms.plain_text import clean_text
from forms.problems import Problem, RefusedError
from forms.wording import marked

SHORTEST, LONGEST = 3, 5_000
"""Letters of what a reporter writes, where they must write something; the longest as in the form."""
RATE = "beri_nilai"
"""Key of the act that gives a rating and nothing else."""
RATINGS: Mapping[int, str] = {
    5: marked("Sangat puas"),
    4: marked("Puas"),
    3: marked("Cukup"),
    2: marked("Kurang puas"),
    1: marked("Tidak puas"),
}


class Asked(StrEnum):
    """Whether an act asks for something."""

    NO = "no"
    MAY = "may"
    MUST = "must"


@dataclass(frozen=True)
class ReporterAct:
    """
    One act of a reporter.

    Args:
        link: What leads to its page; `answer` does where it stands below a question.
        text: Whether words are asked for; `label` and `help` are of their field.
        files: Whether evidence may be added; it then stands for words that must be there.
        without_contact: Whether the ticket alone suffices where the complaint has no contact to compare with: only for
            what cannot hurt the reporter, whoever found the ticket.
        done: What the status page says afterwards.
    """

    key: str
    link: str
    title: str
    lead: str
    button: str
    done: str
    text: Asked
    label: str
    help: str = ""
    rating: Asked = Asked.NO
    files: bool = False
    without_contact: bool = True
    grave: bool = False
    answer: str = ""


ACTS: tuple[ReporterAct, ...] = (
    ReporterAct(
        "lengkapi",
        link=marked("Kirim kelengkapan"),
        title=marked("Lengkapi pengaduan"),
        lead=marked("Tulis di bawah ini apa yang kami minta."),
        button=marked("Kirim kelengkapan"),
        done=marked("Kelengkapan Anda sudah kami terima. Pengaduan dilanjutkan, dan batas waktu kami berjalan lagi."),
        text=Asked.MUST,
        label=marked("Kelengkapan"),
        files=True,
    ),
    ReporterAct(
        "nyatakan_puas",
        link=marked("Ya, sudah selesai"),
        title=marked("Nyatakan masalah sudah selesai"),
        lead=marked("Pengaduan akan ditutup. Selama waktunya belum habis, Anda masih dapat membukanya kembali."),
        button=marked("Nyatakan selesai"),
        done=marked("Terima kasih. Pengaduan dinyatakan selesai."),
        text=Asked.MAY,
        label=marked("Komentar"),
        rating=Asked.MAY,
    ),
    ReporterAct(
        "buka_kembali",
        link=marked("Buka kembali pengaduan ini"),
        answer=marked("Belum selesai, buka kembali"),
        title=marked("Sampaikan keberatan dan buka kembali"),
        lead=marked("Pengaduan akan kami tangani lagi dari awal, dengan batas waktu yang baru."),
        button=marked("Buka kembali pengaduan"),
        done=marked("Keberatan Anda sudah kami terima. Pengaduan dibuka kembali."),
        text=Asked.MUST,
        label=marked("Apa yang belum selesai"),
        rating=Asked.MAY,
        files=True,
    ),
    ReporterAct(
        RATE,
        link=marked("Nilai penanganan kami"),
        title=marked("Nilai penanganan kami"),
        lead=marked("Penilaian Anda dibaca petugas dan tidak mengubah status pengaduan."),
        button=marked("Kirim penilaian"),
        done=marked("Terima kasih. Penilaian Anda kami catat."),
        text=Asked.MAY,
        label=marked("Komentar"),
        rating=Asked.MUST,
    ),
    ReporterAct(
        "tambah_keterangan",
        link=marked("Tambah keterangan atau bukti"),
        title=marked("Tambah keterangan"),
        lead=marked("Petugas yang menangani akan membacanya. Batas waktu kami tidak berubah."),
        button=marked("Kirim keterangan"),
        done=marked("Keterangan Anda sudah kami terima."),
        text=Asked.MUST,
        label=marked("Keterangan"),
        files=True,
    ),
    ReporterAct(
        "cabut",
        link=marked("Cabut pengaduan"),
        title=marked("Cabut pengaduan"),
        lead=marked(
            "Kami akan berhenti menangani pengaduan ini. Sesudah dicabut, Anda masih dapat membukanya kembali selama "
            "waktunya belum habis."
        ),
        button=marked("Ya, cabut pengaduan ini"),
        done=marked("Pengaduan sudah dicabut."),
        text=Asked.MAY,
        label=marked("Alasan"),
        without_contact=False,
        grave=True,
    ),
)
BY_KEY: Mapping[str, ReporterAct] = {act.key: act for act in ACTS}


@dataclass(frozen=True)
class Filled:
    """What was typed into an act's page, cleaned, and what is wrong with it."""

    said: str
    rating: int
    problems: tuple[Problem, ...] = ()


def check(act: ReporterAct, said: str, rating: str, *, has_files: bool = False, takes_files: bool = False) -> Filled:
    """
    Check what came with an act. Never raises, whatever was sent.

    Args:
        has_files: Whether files came with it.
        takes_files: Whether any could have.
    """
    problems: list[Problem] = []
    text = ""
    if act.text is not Asked.NO:
        try:
            text = clean_text(said, lines=True)
        except RefusedError as refused:
            problems.append(refused.problem("said"))
        else:
            problems += _text_problems(act, text, has_files=has_files, takes_files=takes_files)
    given = int(rating) if act.rating is not Asked.NO and rating in map(str, RATINGS) else 0
    if act.rating is Asked.MUST and not given:
        problems.append(Problem("rating", "required", marked("Pilih salah satu nilai, dari 1 sampai 5.")))
    return Filled(text, given, tuple(problems))


def _text_problems(act: ReporterAct, text: str, *, has_files: bool, takes_files: bool) -> list[Problem]:
    if act.text is Asked.MUST and not has_files and len(text) < SHORTEST:
        if act.files and takes_files:
            return [Problem("said", "required", marked("Tulis beberapa kata, atau lampirkan berkas."))]
        return [Problem("said", "required", marked("Tulis beberapa kata."))]
    if len(text) > LONGEST:
        values = {"most": LONGEST, "found": len(text)}
        return [
            Problem(
                "said", "too_long", marked("Paling banyak %(most)s huruf; sekarang %(found)s. Mohon diringkas."), values
            )
        ]
    return []
