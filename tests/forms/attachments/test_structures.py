"""What is walked by our own code, and names: whatever is put in, the answer is a value or a named refusal."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.attachments.boxes import media
from forms.attachments.hidden import hides_something, is_archive
from forms.attachments.kinds import kind_of
from forms.attachments.names import LONGEST, NAMELESS, display_name, harmless_name
from forms.attachments.ogg import checksum, ogg
from forms.attachments.sound import mp3
from forms.problems import RefusedError
from register.attachment import Kind
from tests import evidence_files as files

WALKS: dict[str, tuple[Callable[[bytes], object], bytes]] = {
    "mp4": (media, files.mp4()),
    "ogg": (ogg, files.ogg()),
    "mp3": (mp3, files.mp3()),
}


@st.composite
def spoilt(draw: st.DrawFn, good: bytes) -> bytes:
    """A good file, cut off, with bytes changed, left out or put in."""
    data = bytearray(good)
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, max(0, len(data) - 1)))
        data[place : place + draw(st.integers(0, 3))] = draw(st.binary(max_size=4))
    return bytes(data[: draw(st.integers(0, len(data)))] if draw(st.booleans()) else data)


def said_of(walk: Callable[[bytes], object], data: bytes) -> str:
    try:
        walk(data)
    except RefusedError as error:
        return error.code
    return "taken"


@pytest.mark.parametrize("name", WALKS)
@given(data=st.data())
def test_spoilt_files_are_taken_or_refused(name: str, data: st.DataObject) -> None:
    walk, good = WALKS[name]
    assert said_of(walk, data.draw(spoilt(good))) in ("taken", "damaged")


@pytest.mark.parametrize("name", WALKS)
def test_a_file_cut_off_anywhere_is_refused(name: str) -> None:
    walk, good = WALKS[name]
    whole = len(good) if name != "mp3" else 3 * 417
    for length in range(0, whole - 1, 7):
        with pytest.raises(RefusedError):
            walk(good[:length])


@given(data=st.binary(max_size=300))
def test_any_bytes_are_of_a_kind_or_none(data: bytes) -> None:
    assert kind_of(data) is None or isinstance(kind_of(data), Kind)
    assert isinstance(is_archive(data), bool)
    assert isinstance(hides_something(data), bool)


def test_sound_loses_its_tags_and_what_hangs_behind() -> None:
    kept = mp3(files.mp3(7) + b"kata rahasia")
    assert len(kept) == 7 * 417
    assert mp3(kept) == kept


@pytest.mark.parametrize("codec", ["opus", "vorbis", "speex"])
@pytest.mark.parametrize("long", [1, 3000])
def test_comments_of_a_sound_are_emptied(codec: str, long: int) -> None:
    """Also those that go over from page to page; what is played stays where it is, and checksums are right."""
    good = files.ogg_told(codec, files.PLACE * long)
    kept = ogg(good)
    assert len(kept) == len(good)
    assert files.PLACE in good
    assert files.PLACE not in kept
    assert b"ARTIST" not in kept
    assert kept.endswith(good[-600:])
    assert ogg(kept) == kept
    place = 0
    while place < len(kept):
        lengths = kept[place + 27 : place + 27 + kept[place + 26]]
        end = place + 27 + len(lengths) + sum(lengths)
        page = kept[place : place + 22] + bytes(4) + kept[place + 26 : end]
        assert checksum(page) == int.from_bytes(kept[place + 22 : place + 26], "little")
        place = end


def test_the_checksum_is_the_one_that_players_count() -> None:
    """Source: CRC-32 with 04c11db7, nothing reflected, begun with zero and not turned over; its check value."""
    assert checksum(b"123456789") == 0x89A1897F


def test_an_ogg_file_with_a_second_stream_is_refused() -> None:
    for good in (files.ogg() * 2, files.ogg() + files.ogg_told("opus", b"x")):
        with pytest.raises(RefusedError):
            ogg(good)


def test_video_keeps_its_length_and_what_is_played() -> None:
    good = files.mp4(content=b"gambar" * 100)
    kind, kept = media(good)
    assert kind is Kind.MP4
    assert len(kept) == len(good)
    assert b"gambar" * 100 in kept
    assert b"udta" not in kept
    assert media(kept) == (kind, kept)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("foto rumah.jpg", "foto rumah.jpg"),
        ("  foto\u202egpj.exe ", "fotogpj.exe"),
        ("a\nb\tc.jpg", "a b c.jpg"),
        ("", NAMELESS),
        ("\u200b", NAMELESS),
        ("\ud800.jpg", "\ufffd.jpg"),
        ("é" * 200 + ".jpg", "é" * (LONGEST - 5) + "….jpg"),
    ],
)
def test_names_are_only_to_recognise_a_file_by(name: str, shown: str) -> None:
    assert display_name(name) == shown


@pytest.mark.parametrize("name", ["../x.jpg", "..", ".", "/etc/passwd", "a/b.jpg", "C:\\x.jpg", "a\x00.jpg"])
def test_paths_are_no_names(name: str) -> None:
    with pytest.raises(RefusedError) as refused:
        display_name(name)
    assert refused.value.code == "bad_name"
    assert not set("/\\\x00") & set(harmless_name(name))


@given(name=st.text(max_size=300))
def test_any_name_can_be_shown(name: str) -> None:
    shown = harmless_name(name)
    assert 0 < len(shown) <= LONGEST
    shown.encode()
