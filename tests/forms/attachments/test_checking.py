"""Files from strangers: good ones lose what they told beside their contents, bad ones are refused by name."""

import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from forms.attachments import process
from forms.attachments.checking import check
from forms.attachments.child import inspected
from forms.attachments.kinds import LARGEST, kind_of
from forms.attachments.pictures import LONGEST_SIDE
from forms.attachments.refusals import REFUSALS
from forms.problems import RefusedError
from register.attachment import MEDIA_TYPES, SUFFIXES, Kind
from tests import evidence_files as files
from tests.evidence_files import GOOD, PHP, PLACE

pytestmark = pytest.mark.program

ROOT = Path(__file__).parents[3]
KINDS = {
    "foto.jpg": Kind.JPEG,
    "layar.png": Kind.PNG,
    "foto.webp": Kind.WEBP,
    "foto.heic": Kind.JPEG,
    "surat.pdf": Kind.PDF,
    "rekaman.mp3": Kind.MP3,
    "rekaman.m4a": Kind.M4A,
    "suara.ogg": Kind.OGG,
    "video.mp4": Kind.MP4,
}
BAD = {
    "zero bytes": ("kosong.jpg", b"", "empty"),
    "a path": ("../../etc/passwd.jpg", files.jpeg(), "bad_name"),
    "a path of Windows": ("..\\x.jpg", files.jpeg(), "bad_name"),
    "a script named PNG": ("foto.png", PHP, "unknown_kind"),
    "a script in a PNG": ("foto.png", files.png(text=PHP.decode()), "hidden_content"),
    "a script behind a PNG": ("foto.png", files.png() + PHP, "hidden_content"),
    "a page in a sound": ("a.mp3", files.mp3() + b"<ScRiPt >x", "hidden_content"),
    "a JAR behind a JPEG": ("foto.jpg", files.jpeg() + files.zipped(), "hidden_content"),
    "a JAR behind a PDF": ("a.pdf", files.pdf() + files.zipped(), "hidden_content"),
    "a zip bomb": ("bom.zip", files.zipped(), "archive"),
    "a zip bomb named JPEG": ("bom.jpg", files.zipped(), "archive"),
    "an old Word file": ("surat.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "archive"),
    "a program": ("foto.jpg", b"MZ" + bytes(100), "unknown_kind"),
    "a GIF": ("foto.jpg", b"GIF89a" + bytes(100), "unknown_kind"),
    "40,000 x 40,000 pixels": ("besar.png", files.png_of(40_000, 40_000), "too_many_pixels"),
    "31 MB of video": ("video.mp4", files.mp4(content=bytes(31_000_000)), "too_large"),
    "31 MB of nothing": ("x.bin", bytes(31_000_000), "too_large"),
    "11 MB of sound": ("a.m4a", files.mp4(handler=b"soun", content=bytes(11_000_000)), "too_large"),
    "11 MB of picture": ("a.jpg", files.jpeg() + bytes(11_000_000), "too_large"),
    "a PNG cut off": ("layar.png", files.png(800, 800)[:-40], "damaged"),
    "a JPEG without its end": ("foto.jpg", files.jpeg(2000, 2000)[:3000], "damaged"),
    "a JPEG head": ("foto.jpg", b"\xff\xd8\xff\xe0", "damaged"),
    "a PDF with JavaScript": ("a.pdf", files.pdf(javascript=True), "active_pdf"),
    "a PDF that starts a program": ("a.pdf", files.pdf(kind="launch"), "active_pdf"),
    "a PDF with a file in it": ("a.pdf", files.pdf(kind="embedded"), "active_pdf"),
    "a PDF with an XFA form": ("a.pdf", files.pdf(kind="xfa"), "active_pdf"),
    "a locked PDF": ("a.pdf", files.pdf(password="rahasia"), "locked_pdf"),
    "a PDF cut off": ("a.pdf", files.pdf()[:-200], "damaged"),
    "a PDF that is none": ("a.pdf", b"%PDF-1.7\n" + bytes(200) + b"%%EOF", "damaged"),
    "301 pages": ("a.pdf", files.pdf(301), "too_many_pages"),
    "video with junk behind": ("a.mp4", files.mp4() + b"junk, and more of it", "damaged"),
    "a box larger than its file": ("a.mp4", files.mp4()[:-9], "damaged"),
    "neither sound nor video": ("a.mp4", files.mp4(handler=b"text"), "damaged"),
    "an unknown brand": ("a.mov", files.mp4(brand=b"xxxx"), "unknown_kind"),
    "sound with junk behind": ("a.mp3", files.mp3()[:-128] + b"junk" * 80, "damaged"),
    "Ogg with junk behind": ("a.ogg", files.ogg() + b"x", "damaged"),
    "Ogg of pictures": ("a.ogg", files.ogg(b"\x80theora"), "damaged"),
}


@pytest.mark.parametrize("name", GOOD)
def test_good_files_are_taken_without_what_they_told(name: str) -> None:
    found = check(name, GOOD[name]())
    assert (found.kind, found.name) == (KINDS[name], name)
    assert kind_of(found.content) in (found.kind, Kind.MP4)
    assert PLACE not in found.content
    assert b"Exif" not in found.content
    assert b"GPS" not in found.content


@pytest.mark.parametrize("case", BAD)
def test_bad_files_are_refused_by_name(case: str) -> None:
    name, data, code = BAD[case]
    with pytest.raises(RefusedError) as refused:
        check(name, data)
    assert refused.value.code == code
    assert refused.value.msgid == REFUSALS[code]
    assert refused.value.msgid % {**refused.value.values, "file": "x"}


def test_a_kind_is_told_by_content_alone() -> None:
    assert check("surat.exe", files.png()).kind is Kind.PNG
    assert check("foto.jpg", files.pdf()).kind is Kind.PDF


def test_a_pdf_that_turns_to_a_page_is_an_ordinary_one() -> None:
    data = files.pdf(kind="turn")
    assert check("a.pdf", data).content == data, "byte for byte, so that a signature stays valid"


def test_every_kind_has_all_it_needs() -> None:
    assert set(MEDIA_TYPES) == set(SUFFIXES) == set(LARGEST) == set(Kind)


# -- pictures ---------------------------------------------------------------------------------------------------------


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def test_pictures_are_put_upright() -> None:
    _, content = inspected(Kind.JPEG, files.jpeg(320, 200, orientation=6))
    picture = opened(content)
    assert picture.size == (200, 320)
    pixel = picture.getpixel((10, 160))
    assert isinstance(pixel, tuple)
    assert pixel[2] > 150, "what was below is on the left now"
    assert dict(picture.getexif()) == {}


@pytest.mark.parametrize(("width", "height"), [(5000, 1000), (1000, 5000), (LONGEST_SIDE, 20)])
def test_pictures_are_no_larger_than_one_needs(width: int, height: int) -> None:
    for kind, data in ((Kind.JPEG, files.jpeg(width, height)), (Kind.PNG, files.png(width, height))):
        _, content = inspected(kind, data)
        assert max(opened(content).size) == LONGEST_SIDE


def test_what_one_sees_through_stays_so() -> None:
    kind, content = inspected(Kind.PNG, files.png(mode="RGBA"))
    assert (kind, opened(content).mode) == (Kind.PNG, "RGBA")


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "CMYK", "I;16"])
def test_pictures_of_any_mode_are_drawn(mode: str) -> None:
    target = BytesIO()
    Image.new(mode, (30, 20)).save(target, "JPEG" if mode == "CMYK" else "PNG")
    data = target.getvalue()
    kind = kind_of(data)
    assert kind is not None
    assert opened(inspected(kind, data)[1]).size == (30, 20)


def test_a_photograph_sent_as_png_is_kept_as_jpeg() -> None:
    target = BytesIO()
    Image.effect_noise((2000, 2000), 90).convert("RGB").save(target, "PNG", compress_level=1)
    kind, content = inspected(Kind.PNG, target.getvalue())
    assert kind is Kind.JPEG
    assert len(content) < len(target.getvalue())


@pytest.mark.skipif(os.name != "posix", reason="asks the kernel what a process took")
@pytest.mark.program
def test_a_picture_of_1600_million_pixels_takes_little_memory() -> None:
    code = (
        "import resource, subprocess, sys\n"
        "data = b'png\\n' + open(sys.argv[1], 'rb').read()\n"
        "told = subprocess.run([sys.executable, '-m', 'forms.attachments.child'], input=data, capture_output=True)\n"
        "print(told.stdout.decode(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    bomb = Path(os.environ.get("TMPDIR", "/tmp")) / f"bomb-{os.getpid()}.png"
    bomb.write_bytes(files.png_of(40_000, 40_000))
    try:
        run = subprocess.run([sys.executable, "-c", code, str(bomb)], cwd=ROOT, capture_output=True, text=True)
    finally:
        bomb.unlink()
    answer, kilobytes = run.stdout.rsplit(maxsplit=1)
    assert "too_many_pixels" in answer
    assert int(kilobytes) < 150_000


# -- the process ------------------------------------------------------------------------------------------------------


def test_a_file_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "PATIENCE_SECONDS", 0.01)
    with pytest.raises(RefusedError) as refused:
        check("foto.jpg", files.jpeg())
    assert refused.value.code == "too_hard"


def test_a_decoder_that_crashes_takes_nobody_along(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A Pillow that ends its process stands before the real one."""
    (tmp_path / "PIL").mkdir()
    (tmp_path / "PIL" / "__init__.py").write_text("import os; os.abort()")
    monkeypatch.setattr(process, "_PACKAGE_PARENT", f"{tmp_path}{os.pathsep}{ROOT}")
    with pytest.raises(RefusedError) as refused:
        check("foto.jpg", files.jpeg())
    assert refused.value.code == "too_hard"


def test_the_process_knows_no_secret_and_writes_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A Pillow that looks around and writes stands before the real one."""
    seen = tmp_path / "seen"
    (tmp_path / "PIL").mkdir()
    (tmp_path / "PIL" / "__init__.py").write_text(
        "import os\n"
        "assert not [name for name in os.environ if name.startswith('ADUAN')]\n"
        f"open({str(seen)!r}, 'w').write('x' * 10)\n"
    )
    monkeypatch.setenv("ADUAN_ADMIN_PASSWORD", "rahasia-sekali")
    monkeypatch.setattr(process, "_PACKAGE_PARENT", f"{tmp_path}{os.pathsep}{ROOT}")
    with pytest.raises(RefusedError) as refused:
        check("foto.jpg", files.jpeg())
    assert refused.value.code in ("damaged", "too_hard")
    if os.name == "posix":
        assert seen.read_text() == ""


def test_who_waits_too_long_for_a_seat_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "WAITING_SECONDS", 0.01)
    for _ in range(process.MOST_AT_ONCE):
        process._seats.acquire()
    try:
        with pytest.raises(RefusedError) as refused:
            check("foto.jpg", files.jpeg())
    finally:
        for _ in range(process.MOST_AT_ONCE):
            process._seats.release()
    assert refused.value.code == "busy"
