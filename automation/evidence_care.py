"""Looking after reporters' files: leftovers go, and what no scanner has seen is shown to it again."""

from datetime import datetime

import structlog

from forms.attachments.scanning import Scanner
from register.attachments import Attachments
from register.errors import ErasedError
from register.sealed_files import FileLostError

_log = structlog.get_logger(__name__)


class EvidenceCare:
    """The job: one run now and then, by one process."""

    def __init__(self, attachments: Attachments, scanner: Scanner | None) -> None:
        self._attachments, self._scanner = attachments, scanner

    def __call__(self, now: datetime) -> None:
        """One run. Raises: ScannerError while the scanner does not answer and files wait for it."""
        swept = self._attachments.sweep(now)
        if any(vars(swept).values()):
            _log.info("evidence_swept", **vars(swept))
        for attachment_id in self._attachments.quarantined():
            self._look_again(attachment_id, now)

    def _look_again(self, attachment_id: str, now: datetime) -> None:
        if self._scanner is None:  # the office has done without one since: that is for its administrator to decide
            _log.warning("evidence_released_unscanned")
            self._attachments.release(attachment_id)
            return
        try:
            content = self._attachments.quarantined_content(attachment_id)
        except (ErasedError, FileLostError):
            return
        if self._scanner.finds_something(content):
            _log.warning("evidence_condemned")
            self._attachments.condemn(attachment_id, now=now)
        else:
            self._attachments.release(attachment_id)
