"""Which of the worker's jobs fail, and since when, for `aduan doctor` and the public health page."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from automation.channels.mailbox_troubles import SENTENCES
from automation.sync.rows import shown_instant
from automation.worker import Job
from register.errors import AduanError
from register.store import Store

FAILING = "failing."
"""Begins the name of the setting that remembers a failing job; nothing stands there while it goes well."""
PROBLEM = "jobs"
"""What the public health page calls it."""
LABELS: Mapping[str, str] = {
    "reminders": "Pengingat dan ringkasan",
    "seal": "Penyegelan jejak audit",
    "deliver": "Pengiriman pesan kepada petugas",
    "inbox": "Pembacaan kiriman kanal",
    "converse": "Pengolahan pesan masuk",
    "message_files": "Pengambilan berkas dari kanal",
    "erase_deliveries": "Penghapusan kiriman lama",
    "write_to_reporters": "Pengiriman pesan kepada pelapor",
    "read_mail": "Pembacaan kotak surat",
    "learn": "Pembelajaran disposisi",
    "evidence": "Perawatan lampiran",
    "districts": "Pelengkapan kecamatan pengaduan lama",
    "news": "Penyusunan kabar untuk sistem lain",
    "send_news": "Pengiriman kabar kepada sistem lain",
}


class Watched:
    """A job's work, remembered in the store when it begins to fail and when it goes well again."""

    def __init__(self, store: Store, job: Job) -> None:
        self._store, self._job = store, job
        self._told: str | None = None

    def __call__(self, now: datetime) -> None:
        """One run. Raises: what the job raises, after noting it."""
        try:
            self._job.run(now)
        except Exception as error:
            self._tell(now, error.code if isinstance(error, AduanError) else type(error).__name__)
            raise
        self._tell(now, "")

    def _tell(self, now: datetime, problem: str) -> None:
        if problem == self._told:
            return
        name = FAILING + self._job.name
        try:
            if problem or self._store.setting(name):
                self._store.put_setting(name, {"since": now.isoformat(), "problem": problem} if problem else None)
        except SQLAlchemyError:
            return  # the store is what fails, which the health page tells by itself
        self._told = problem


def watched(store: Store, job: Job) -> Job:
    """The same job, watched."""
    return Job(job.name, job.every_seconds, Watched(store, job))


def failing_jobs(store: Store) -> list[str]:
    """A formal Indonesian sentence for each job that fails; none if all go well."""
    found = store.settings(FAILING)
    return [
        f"{LABELS.get(name, name)} gagal sejak {shown_instant(datetime.fromisoformat(said['since']))} WITA "
        f"({SENTENCES.get(said['problem'], said['problem']).rstrip('.')}). "
        "Periksa tab Pengaturan dan catatan program (log)."
        for name, said in found.items()
        if said
    ]
