"""What a message of any channel holds, and which of them are messages at all."""

from dataclasses import dataclass

from register.inbound import Means, Media, Message, Skipped

EMPTY = "no_text_no_media"


@dataclass(frozen=True)
class Content:
    """
    What somebody wrote and attached.

    Args:
        unsupported: The channel's code for what it could not hand over.
        why_empty: Code for the log, if there turns out to be nothing else.
    """

    text: str = ""
    media: tuple[Media, ...] = ()
    unsupported: str = ""
    why_empty: str = EMPTY


def worth_reading(message: Message, why_empty: str = EMPTY) -> Message | Skipped:
    """The message, if it can be kept once and there is somebody and something in it; otherwise why it is not."""
    if not message.id:
        return Skipped("no_id")
    if not message.address.person:
        return Skipped("no_sender")
    if message.means is not Means.REMOVED and not (message.text or message.media or message.unsupported):
        return Skipped(why_empty)
    return message


def place_text(latitude: float | None, longitude: float | None, *names: str) -> str:
    """A place on the map as text, such as `Lokasi: -0.42, 116.98 (Kantor Camat)`; empty if there is none on earth."""
    if latitude is None or longitude is None or not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return ""
    called = ", ".join(name for name in names if name)
    return f"Lokasi: {_degrees(latitude)}, {_degrees(longitude)}" + (f" ({called})" if called else "")


def _degrees(value: float) -> str:
    """Six decimals are a tenth of a metre; adding 0 leaves no minus before one."""
    return f"{round(value, 6) + 0.0:.6f}".rstrip("0").rstrip(".")
