"""
Errors in the words and the form of Google's APIs.

Source: https://cloud.google.com/apis/design/errors
"""

from collections.abc import Sequence
from typing import Any


class LocalSheetsError(Exception):
    """
    Something the caller can mend.

    Attributes:
        http_code: What goes into the status line.
        status: Google's canonical name, such as `INVALID_ARGUMENT`.
        message: A sentence for people.
        details: What programs may read, each with its `@type`.
    """

    http_code = 400
    status = "INVALID_ARGUMENT"
    details: Sequence[dict[str, Any]] = ()

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def as_json(self) -> dict[str, Any]:
        """The body that every Google client knows how to read."""
        told: dict[str, Any] = {"code": self.http_code, "message": self.message, "status": self.status}
        return {"error": told | ({"details": list(self.details)} if self.details else {})}


class StorageError(Exception):
    """The file that holds the spreadsheets cannot be used; nothing can be served."""


class InvalidRequestError(LocalSheetsError):
    """The request cannot be understood, or does not fit this spreadsheet."""


class NotFoundError(LocalSheetsError):
    """No such spreadsheet, file, row or address."""

    http_code = 404
    status = "NOT_FOUND"


class PermissionDeniedError(LocalSheetsError):
    """The caller is unknown, or may not do this."""

    http_code = 403
    status = "PERMISSION_DENIED"


class UnimplementedError(LocalSheetsError):
    """Google can do this; this server cannot, and says so instead of pretending."""

    http_code = 501
    status = "UNIMPLEMENTED"


class ConflictError(LocalSheetsError):
    """The row changed its place between looking and writing."""

    http_code = 409
    status = "ABORTED"


class TooLargeError(LocalSheetsError):
    """The body is larger than this server takes."""

    http_code = 413
    status = "INVALID_ARGUMENT"


class UnavailableError(LocalSheetsError):
    """The disk is full or the file is busy; nothing was written, and the same request may work later."""

    http_code = 503
    status = "UNAVAILABLE"
