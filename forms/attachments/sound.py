"""MP3, walked to the last byte, and rid of what was told beside the sound."""

from collections.abc import Iterator

from forms.attachments.refusals import refusal

FEWEST_FRAMES = 3
_TAIL_TAGS = (b"TAG", b"APETAGEX", b"LYRICSBEGIN", b"3DI")
_KILOBITS = {
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
"""By the version's bits: MPEG 1, 2 and 2.5."""


def mp3(data: bytes) -> bytes:
    """
    The frames alone, without tags, in which names, pictures and whole files may lie.

    Raises: RefusedError (`damaged`) if anything else stands between or behind them.
    """
    place = _after_id3(data)
    frames = list(_frames(data, place))
    end = frames[-1].stop if frames else place
    rest = data[end:].lstrip(b"\x00")
    cut_short = len(frames) >= FEWEST_FRAMES and _frame_length(rest[:4]) > len(rest)
    if len(frames) < FEWEST_FRAMES or not (not rest or rest.startswith(_TAIL_TAGS) or cut_short):
        raise refusal("damaged")
    return b"".join(data[frame] for frame in frames)


def _after_id3(data: bytes) -> int:
    place = 0
    while data[place : place + 3] == b"ID3" and len(data) >= place + 10:
        size = 0
        for letter in data[place + 6 : place + 10]:
            size = size << 7 | letter & 0x7F
        footer = 10 if data[place + 5] & 0x10 else 0
        place += 10 + size + footer
    while place < len(data) and data[place] == 0:  # padding
        place += 1
    return place


def _frames(data: bytes, place: int) -> Iterator[slice]:
    while length := _frame_length(data[place : place + 4]):
        if place + length > len(data):
            return
        yield slice(place, place + length)
        place += length


def _frame_length(head: bytes) -> int:
    """In bytes, with its head; 0 if this is none of layer III. Source: ISO/IEC 11172-3, 2.4.2.3."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return 0
    version, rate, speed = head[1] >> 3 & 3, head[2] >> 2 & 3, head[2] >> 4
    if version == 1 or rate == 3 or speed in (0, 15):
        return 0
    kilobits = _KILOBITS[1 if version == 3 else 2][speed]
    samples = 1152 if version == 3 else 576
    return samples * kilobits * 125 // _RATES[version][rate] + (head[2] >> 1 & 1)
