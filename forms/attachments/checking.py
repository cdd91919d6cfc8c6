"""One file from a stranger: from a name and bytes to what may be kept, or the reason why not."""

from forms.attachments import hidden
from forms.attachments.kinds import LARGEST, LARGEST_BYTES, LARGEST_VIDEO_BYTES, kind_of
from forms.attachments.names import display_name
from forms.attachments.process import inspect
from forms.attachments.refusals import refusal
from forms.problems import RefusedError
from register.attachment import Checked, Kind

READ_AT_MOST = LARGEST_VIDEO_BYTES + 1
"""Bytes of a file that need to be read to check it."""


def check(name: str, data: bytes) -> Checked:
    """
    The file as it may be kept, rid of what it told beside its contents.

    Cheap looks come first; only what passes them is decoded, in a process of its own.

    Raises: RefusedError with one of the reasons in `refusals`; its `file` is for the caller to fill in.
    """
    shown = display_name(name)
    if not data:
        raise refusal("empty")
    kind = kind_of(data)
    if kind is None:
        raise _no_kind(data)
    _check_size(kind, data)
    if hidden.hides_something(data):
        raise refusal("hidden_content")
    found, kept = inspect(kind, data)
    _check_size(found, data)
    return Checked(found, shown, kept)


def _no_kind(data: bytes) -> RefusedError:
    if len(data) > LARGEST_VIDEO_BYTES:
        return refusal("too_large", limit=LARGEST_BYTES // 1_000_000)
    return refusal("archive" if hidden.is_archive(data) else "unknown_kind")


def _check_size(kind: Kind, data: bytes) -> None:
    if len(data) > LARGEST[kind]:
        raise refusal("too_large", limit=LARGEST[kind] // 1_000_000)
