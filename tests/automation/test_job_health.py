"""Jobs that fail are known to `aduan doctor` and the health page until they go well again."""

from datetime import datetime, timedelta

import pytest

from automation.channels.mailbox_troubles import SENTENCES, MailboxError, Trouble
from automation.job_health import failing_jobs, watched
from automation.jobs import office_jobs
from automation.worker import Job, run_guarded
from register.errors import AduanError
from tests.automation.reminders.desk import Desk
from tests.builders import MOMENT

SECRET = "Ibu Contoh, 0812"


class Moody:
    def __init__(self) -> None:
        self.error: Exception | None = None

    def __call__(self, now: datetime) -> None:
        if self.error:
            raise self.error


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(SECRET), "OSError"),
        (AduanError(SECRET), "error"),
        (KeyError(SECRET), "KeyError"),
        (MailboxError(Trouble.FOLDER), SENTENCES[Trouble.FOLDER].rstrip(".")),
    ],
)
def test_a_failing_job_is_told_until_it_goes_well(desk: Desk, error: Exception, told: str) -> None:
    work = Moody()
    job = watched(desk.store, Job("reminders", 2, work))
    run_guarded(job, lambda: MOMENT)
    assert failing_jobs(desk.store) == []
    work.error = error
    for seconds in range(2):
        run_guarded(job, lambda: MOMENT + timedelta(seconds=seconds))  # noqa: B023 - called at once
    (said,) = failing_jobs(desk.store)
    assert said.startswith(f"Pengingat dan ringkasan gagal sejak 2026-11-23 10:30 WITA ({told}).")
    assert SECRET not in said
    run_guarded(watched(desk.store, Job("reminders", 2, Moody())), lambda: MOMENT)
    assert failing_jobs(desk.store) == [], "a worker that was started anew knows of it"


def test_every_job_but_the_tick_which_tells_itself_is_watched(desk: Desk) -> None:
    desk.store.close()

    def tick(now: datetime) -> None:
        """Never called here."""

    jobs = office_jobs(desk.store, tick, print, tick_seconds=2, restricted_roles="")  # type: ignore[arg-type]
    assert [type(job.run).__name__ for job in jobs] == ["function", *["Watched"] * 4]
