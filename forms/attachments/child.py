"""
The process that looks into one file: `python -m forms.attachments.child`.

On its input a line that names the kind, and the file; on its output a line of JSON, and the file as it may be kept.

Whatever a hostile file does to a decoder (no end, no memory, a crash) ends this process only. It can write no file and
knows no secret.
"""

import contextlib
import json
import sys

from forms.problems import RefusedError
from register.attachment import Kind

MEMORY_BYTES = 1_000_000_000
"""Address space: 50 million pixels with transparency take 200 MB, and as much again while they are made smaller."""
PROCESSOR_SECONDS = 12
"""The hardest honest file, a PNG of 49 million pixels, was measured to take 3 to 7."""


def inspected(kind: Kind, data: bytes) -> tuple[Kind, bytes]:
    """What the file is, and what of it may be kept. Raises: RefusedError, and whatever a decoder raises."""
    if kind is Kind.PDF:
        from forms.attachments.papers import check_pdf  # each decoder is loaded only for its own files

        check_pdf(data)
        return kind, data
    if kind is Kind.OGG:
        from forms.attachments.ogg import ogg

        return kind, ogg(data)
    if kind is Kind.MP3:
        from forms.attachments.sound import mp3

        return kind, mp3(data)
    if kind is Kind.MP4:
        from forms.attachments.boxes import media

        return media(data)
    from forms.attachments.pictures import redrawn

    return redrawn(kind, data)


def _limit() -> None:
    with contextlib.suppress(ImportError):  # Windows has no such limits; there the parent's clock must do
        import resource

        for what, most in (
            (resource.RLIMIT_AS, MEMORY_BYTES),
            (resource.RLIMIT_CPU, PROCESSOR_SECONDS),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0),
        ):
            with contextlib.suppress(ValueError, OSError):  # it is lower already
                resource.setrlimit(what, (most, most))


def main() -> None:
    """Answer for the one file."""
    _limit()
    asked, _, data = sys.stdin.buffer.read().partition(b"\n")
    try:
        kind, kept = inspected(Kind(asked.decode()), data)
        answer = {"kind": kind.value}
    except RefusedError as error:
        answer, kept = {"refused": error.code, **{k: str(v) for k, v in error.values.items()}}, b""
    except MemoryError:
        answer, kept = {"refused": "too_hard"}, b""
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + kept)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
