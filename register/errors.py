"""What can go wrong in the register, each with a stable code and a sentence for people."""

from collections.abc import Mapping


class AduanError(Exception):
    """
    Base of every error that a person may read.

    `code` is stable and machine-readable; `message` is formal Indonesian and says how to mend it; `facts` name the
    ticket, tab, row, column or field concerned, and never hold personal data.
    """

    code = "error"

    def __init__(self, message: str, **facts: object) -> None:
        super().__init__(message)
        self.message = message
        self.facts: Mapping[str, object] = facts


class InvalidTicketError(AduanError):
    """The text is not a ticket: wrong length, letters outside the alphabet, or a wrong check character."""

    code = "invalid_ticket"


class TicketNotFoundError(AduanError):
    """The ticket is well formed, but no complaint carries it."""

    code = "ticket_not_found"


class SubmissionConflictError(AduanError):
    """The same idempotency key came again with other contents."""

    code = "idempotency_conflict"


class KeyFileError(AduanError):
    """The key file is missing while sealed data exist, or cannot be read; without it nothing can be opened."""

    code = "key_file"


class NoDataError(AduanError):
    """There is no office's data in the folder: most likely it was mistyped."""

    code = "no_data"


class ErasedError(AduanError):
    """The complaint's key was destroyed, so its identity and text are gone for good (UU 27/2022)."""

    code = "erased"


class StoreVersionError(AduanError):
    """The database was written by a newer version of this program."""

    code = "store_version"


class SheetUnavailableError(AduanError):
    """The spreadsheet did not answer, or asked to wait. Worth trying again later."""

    code = "sheet_unavailable"


class SheetRefusedError(AduanError):
    """The spreadsheet answered that the request is wrong or not permitted. Trying again will not help."""

    code = "sheet_refused"


class IllegibleError(AduanError):
    """What the database holds about a complaint cannot be read: somebody changed it without this program."""

    code = "illegible"


class PeriodError(AduanError):
    """A text names no period that the office reports on."""

    code = "invalid_period"
