"""What can be wrong with a request itself."""

from collections.abc import Sequence

from forms.problems import Problem
from register.errors import AduanError


class InvalidComplaintError(AduanError):
    """Fields have to be mended first; `problems` names all of them."""

    code = "invalid_complaint"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("Pengaduan belum dapat diterima. Perbaiki kolom yang disebut di bawah ini.")
        self.problems = tuple(problems)


class BadJsonError(AduanError):
    """The body is not a JSON object."""

    code = "bad_json"


class WrongContentTypeError(AduanError):
    """The body claims to be something other than JSON."""

    code = "wrong_content_type"


class BadIdempotencyKeyError(AduanError):
    """The Idempotency-Key header is too long or holds signs that a header should not."""

    code = "bad_idempotency_key"


class NoRegisterError(AduanError):
    """No register is connected yet, so there is no grid to open."""

    code = "no_register"
