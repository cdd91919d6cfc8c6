"""Evidence in the browser: taken, listed, removed and refused over real HTTP requests; nothing bad is ever written."""

import io
import os
import re
import shutil
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, stream_encode_multipart

from automation.evidence_care import EvidenceCare
from forms.attachments import process
from forms.attachments.papers import MOST_INNER
from forms.attachments.scanning import Scanner, ScannerError
from register.attachments import MOST_IN_DRAFT, Attachments
from register.complaint import Channel
from register.holdings import QuarantinedError
from register.store import Store
from tests import evidence_files as files
from tests.builders import MOMENT, an_intake
from tests.clamd import VIRUS, Clamd
from tests.evidence_files import GOOD
from tests.forms.attachments.test_checking import BAD
from tests.webhooks.conftest import SETTINGS, Clock
from webhooks import create_app, evidence
from webhooks.evidence_bodies import LARGEST_BODY_BYTES, LARGEST_FIELD_BYTES, MOST_PARTS, takes_files

FULL = os.environ.get("ADUAN_TEST_SCALE") == "full"
HOLDER = "draft:kunci"
BACK = "/lanjut"
PASS = re.compile(r'name="evidence_pass" value="([^"]+)"')


@dataclass
class Desk:
    """A browser with the page of one draft open."""

    app: Flask
    client: FlaskClient
    attachments: Attachments
    folder: Path

    def token(self, holder: str = HOLDER) -> str:
        with self.app.test_request_context():
            return evidence.panel(holder, back=BACK).token

    def send(self, *sent: tuple[str, bytes], holder: str = HOLDER, **fields: str) -> TestResponse:
        return self.post("/bukti", *sent, evidence_pass=self.token(holder), **fields)

    def post(self, path: str, *sent: tuple[str, bytes], **fields: str) -> TestResponse:
        """As the test client does, which leaves a temporary file open for long bodies."""
        chosen = [("evidence", FileStorage(io.BytesIO(content), name)) for name, content in sent]
        stream, length, boundary = stream_encode_multipart(MultiDict([*fields.items(), *chosen]), use_tempfile=False)
        kind = f"multipart/form-data; boundary={boundary}"
        return self.client.post(path, input_stream=stream, content_length=length, content_type=kind)

    def names(self, holder: str = HOLDER) -> list[str]:
        return [each.name for each in self.attachments.of(holder)]

    def written(self) -> list[Path]:
        return [path for path in self.folder.rglob("*") if path.is_file()]


@pytest.fixture
def at_desk(store: Store, attachments: Attachments, clock: Clock, tmp_path: Path) -> Callable[..., Desk]:
    def build(scanner: Scanner | None = None) -> Desk:
        app = create_app(store, SETTINGS, clock=clock, attachments=attachments, scanner=scanner)
        return Desk(app, app.test_client(), attachments, tmp_path / "lampiran")

    return build


@pytest.fixture
def desk(at_desk: Callable[..., Desk]) -> Desk:
    return at_desk()


# -- taking and removing ----------------------------------------------------------------------------------------------


def test_files_are_taken_and_lead_back_to_where_they_were_chosen(desk: Desk) -> None:
    response = desk.send(("foto rumah.jpg", files.jpeg()), ("surat.pdf", files.pdf()))
    assert (response.status_code, response.headers["Location"]) == (303, BACK)
    assert desk.names() == ["foto rumah.jpg", "surat.pdf"]
    stored = b"".join(desk.attachments.open(each) for each in desk.attachments.of(HOLDER))
    assert files.PLACE not in stored


def test_a_script_is_given_the_list_alone(desk: Desk) -> None:
    response = desk.send(("foto.jpg", files.jpeg()), part="list")
    assert response.status_code == 200
    assert "foto.jpg" in response.text
    assert "<html" not in response.text
    assert response.headers["Cache-Control"] == "no-store"


def test_one_file_is_removed_and_another_taken_at_once(desk: Desk) -> None:
    desk.send(("lama.jpg", files.jpeg()))
    (old,) = desk.attachments.of(HOLDER)
    desk.send(("baru.png", files.png()), remove=old.id)
    assert desk.names() == ["baru.png"]
    assert len(desk.written()) == 1


def test_nobody_removes_the_files_of_another(desk: Desk) -> None:
    desk.send(("foto.jpg", files.jpeg()))
    (mine,) = desk.attachments.of(HOLDER)
    desk.send(holder="draft:lain", remove=mine.id)
    desk.send(remove="x")
    assert desk.names() == ["foto.jpg"]


def test_choosing_nothing_is_no_mistake(desk: Desk) -> None:
    assert desk.send(("", b"")).status_code == 303
    assert desk.send().status_code == 303
    assert desk.names() == []


@pytest.mark.parametrize("token", ["", "x", "gAAAAA", "\ud83d\ude00"])
def test_without_a_pass_nothing_is_done(desk: Desk, token: str) -> None:
    data = {
        "evidence_pass": token.encode("utf-16", "surrogatepass").decode("utf-16"),
        "evidence": (io.BytesIO(b"x"), "a"),
    }
    response = desk.client.post("/bukti", data=data)
    assert response.status_code == 400
    assert "muat ulang" in response.text
    assert desk.written() == []


def test_a_pass_runs_out_and_tells_nobody_the_holder(desk: Desk, clock: Clock) -> None:
    token = desk.token()
    assert "kunci" not in token
    clock.pass_by(hours=SETTINGS.form_hours, seconds=1)
    data = {"evidence_pass": token, "part": "list", "evidence": (io.BytesIO(files.jpeg()), "a.jpg")}
    response = desk.client.post("/bukti", data=data)
    assert (response.status_code, response.mimetype) == (400, "text/plain")
    assert desk.written() == []


def test_a_draft_takes_five_and_names_what_is_too_much(desk: Desk) -> None:
    six = [(f"{number}.png", files.png(100 + number, 100)) for number in range(6)]
    response = desk.send(*six)
    assert response.status_code == 422
    assert "Paling banyak 5 berkas sekali kirim" in response.text
    assert len(desk.names()) == MOST_IN_DRAFT
    assert "Hapus salah satu dahulu" in desk.send(six[5]).text
    assert len(desk.written()) == MOST_IN_DRAFT


def test_a_file_that_comes_after_the_form_is_refused_kindly(desk: Desk, store: Store) -> None:
    ticket = store.accept(an_intake(), channel=Channel.WEB, now=MOMENT, submission_key="web:kunci").complaint.ticket
    desk.attachments.hand_over(HOLDER, f"ticket:{ticket}", now=MOMENT)
    response = desk.send(("foto.jpg", files.jpeg()))
    assert response.status_code == 422
    assert "sudah terkirim" in response.text
    assert desk.send(("foto.jpg", files.jpeg()), holder=f"ticket:{ticket}").status_code == 303
    assert store.complaint(ticket).evidence_count == 1


def test_where_no_files_are_kept_people_are_told_so(build: Callable[..., Flask]) -> None:
    app = build()
    with app.test_request_context():
        token = evidence.panel(HOLDER, back=BACK).token
    data = {"evidence_pass": token, "evidence": (io.BytesIO(files.jpeg()), "a.jpg")}
    response = app.test_client().post("/bukti", data=data)
    assert response.status_code == 422
    assert "bawa ke kantor kami" in response.text


def test_whoever_reloads_finds_the_form(desk: Desk) -> None:
    assert desk.client.get("/bukti").status_code == 302


# -- what is bad ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", sorted(BAD.keys() - {"a path of Windows"}))  # whose backslash HTTP takes away
def test_bad_files_are_named_and_nothing_is_written(desk: Desk, case: str) -> None:
    name, data, _ = BAD[case]
    response = desk.send((name, data))
    assert response.status_code == 422, response.text
    assert "Kesalahan:" in response.text
    assert 'href="#evidence"' in response.text
    assert "../" not in response.text.replace('src="/', "").partition("<main")[2]
    assert desk.written() == []
    assert desk.names() == []
    english = desk.post("/bukti?lang=en", (name, data), evidence_pass=desk.token())
    assert "Error:" in english.text
    assert "Kesalahan" not in english.text


def test_good_files_beside_a_bad_one_are_kept(desk: Desk) -> None:
    response = desk.send(("foto.jpg", files.jpeg()), ("jahat.png", files.PHP), ("surat.pdf", files.pdf()))
    assert response.status_code == 422
    assert "jahat.png" in response.text
    assert desk.names() == ["foto.jpg", "surat.pdf"]


def test_logs_tell_neither_names_nor_contents(desk: Desk) -> None:
    with capture_logs() as logged:
        desk.send(("Ibu Contoh.png", files.PHP), ("Bapak Contoh.jpg", files.jpeg()))
    assert [(entry["event"], entry["reason"]) for entry in logged] == [("evidence_refused", "unknown_kind")]
    assert "Contoh" not in str(logged)


def test_a_name_is_text_and_never_a_page(desk: Desk) -> None:
    response = desk.send(("<b>&\"'.png", files.png()), part="list")
    assert "<b>" not in response.text
    assert "&lt;b&gt;" in response.text


@pytest.mark.search
@settings(max_examples=400 if FULL else 40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_comes_is_kept_or_named(desk: Desk, data: st.DataObject) -> None:
    """Random bytes, and good files cut off and changed: never an error of ours, and a file only for what is listed."""
    made = data.draw(st.one_of(st.binary(max_size=2000), spoilt()))
    name = data.draw(st.one_of(st.just("foto.jpg"), st.text(max_size=60)))
    response = desk.send((name, made), part="list")
    assert response.status_code in (200, 422)
    kept = desk.attachments.of(HOLDER)
    assert len(desk.written()) == len(kept)
    for each in kept:
        desk.attachments.remove(HOLDER, each.id, now=MOMENT)


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    good = bytearray(GOOD[draw(st.sampled_from(sorted(GOOD)))]())
    for _ in range(draw(st.integers(0, 5))):
        place = draw(st.integers(0, max(0, len(good) - 1)))
        good[place : place + draw(st.integers(0, 8))] = draw(st.binary(max_size=8))
    return bytes(good[: draw(st.integers(0, len(good)))] if draw(st.booleans()) else good)


def test_a_full_house_is_said_at_once_and_shows_pages_all_the_same(desk: Desk) -> None:
    """Nobody waits before the door, and nothing is looked into."""
    with ExitStack() as inside:
        for _ in range(process.MOST_INSIDE):
            assert inside.enter_context(process.at_the_door())
        began = time.monotonic()
        response = desk.send(*[(f"{number}.jpg", files.jpeg()) for number in range(5)])
        assert time.monotonic() - began < process.WAITING_SECONDS
        assert response.status_code == 422
        assert response.text.count("sedang sibuk") >= 5
        assert desk.send().status_code == 303, "who brings no file needs no place"
    assert desk.send(("a.jpg", files.jpeg())).status_code == 303


def test_after_a_file_that_is_too_hard_the_others_are_not_looked_at(desk: Desk) -> None:
    bomb = files.pdf_of_many(MOST_INNER + 1)
    with capture_logs() as logged:
        desk.send(("a.jpg", files.jpeg()), *[(f"{number}.pdf", bomb + b"%" * number) for number in range(4)])
    assert [entry["reason"] for entry in logged] == ["too_hard", "busy", "busy", "busy"]
    assert desk.names() == ["a.jpg"]


# -- how much may come ------------------------------------------------------------------------------------------------


def test_other_routes_stay_small(desk: Desk) -> None:
    assert desk.client.post("/pengaduan", data={"description": "x" * 1_100_000}).status_code == 413
    assert desk.client.post("/api/v1/complaints", json={"description": "x" * 1_100_000}).status_code == 413


def test_the_largest_files_come_through(desk: Desk) -> None:
    videos = [(f"{number}.mp4", files.mp4(content=bytes([number]) * 29_900_000)) for number in range(2)]
    assert desk.send(*videos).status_code == 303
    assert desk.names() == ["0.mp4", "1.mp4"]


def test_a_body_that_is_too_long_says_what_to_do(desk: Desk) -> None:
    response = desk.client.post(
        "/bukti",
        environ_overrides={"CONTENT_LENGTH": str(LARGEST_BODY_BYTES + 1)},
        content_type="multipart/form-data; boundary=x",
    )
    assert response.status_code == 413
    assert "satu per satu" in response.text


@pytest.mark.parametrize("path", ["/bukti", "/petugas/masuk", "/pengaduan", "/tidak-ada"])
@pytest.mark.parametrize("body", [b"&a=" * 300_000, b"a=" + b"x" * 2_000_000], ids=["many fields", "much text"])
def test_a_long_form_without_files_is_refused_before_it_is_parsed(desk: Desk, path: str, body: bytes) -> None:
    parsed: list[bool] = []
    desk.app.after_request(lambda response: parsed.append("form" in vars(request)) or response)
    response = desk.client.post(path, data=body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 413
    assert "melebihi batas" in response.text
    assert parsed == [False]


def test_a_form_in_one_string_stays_small_where_files_are_taken(desk: Desk) -> None:
    """Werkzeug reads it whole and splits it without any limit: 15 MB of `&a=` took 884 MB."""
    for path in ("/bukti", "/pengaduan/isi/bukti"):
        response = desk.client.post(path, data=b"&a=" * 400_000, content_type="application/x-www-form-urlencoded")
        assert response.status_code == 413


@pytest.mark.parametrize(
    ("count", "size", "status"),
    [(MOST_PARTS - 1, 1000, 303), (MOST_PARTS + 1, 1, 413), (1, LARGEST_FIELD_BYTES + 1, 413), (12, 90_000, 413)],
)
def test_fields_beside_files_are_few_and_short(desk: Desk, count: int, size: int, status: int) -> None:
    fields = {f"f{number}": "x" * size for number in range(count)}
    assert desk.send(**fields).status_code == status


def test_a_step_that_takes_files_is_marked_so(desk: Desk) -> None:
    """As the form's step does it: `takes_files` directly above the view."""

    @desk.app.post("/langkah")
    @takes_files
    def step() -> str:
        return ",".join(problem.code for problem in evidence.take(HOLDER, request.files))

    video = files.mp4(content=bytes(2_000_000))
    assert desk.post("/langkah", ("a.mp4", video), ("b", b"?")).text == "unknown_kind"
    assert desk.names() == ["a.mp4"]


# -- the page ---------------------------------------------------------------------------------------------------------


def test_the_page_lists_what_there_is(desk: Desk) -> None:
    desk.send(("foto.jpg", files.jpeg()), ("video.mp4", files.mp4(content=bytes(1_250_000))))
    with desk.app.test_request_context():
        text = evidence.page(HOLDER, back=BACK).get_data(as_text=True)
    assert "Berkas yang sudah kami terima: 2" in text
    assert re.search(r"Foto, \d+ KB", text)
    assert "Video, 1,3 MB" in text
    assert f'href="{BACK}"' in text
    assert PASS.search(text)


def test_staff_are_given_a_file_to_save_and_nothing_to_run(desk: Desk) -> None:
    desk.send(("surat.pdf", files.pdf()))
    (kept,) = desk.attachments.of(HOLDER)
    with desk.app.test_request_context():
        response = evidence.download(kept)
    assert response.get_data() == files.pdf()
    assert response.mimetype == "application/pdf"
    assert re.fullmatch(r'attachment; filename="bukti-[\w-]+\.pdf"', response.headers["Content-Disposition"])


# -- the scanner ------------------------------------------------------------------------------------------------------


def test_what_the_scanner_refuses_is_not_kept(at_desk: Callable[..., Desk]) -> None:
    with Clamd() as clamd:
        desk = at_desk(Scanner(clamd.address))
        response = desk.send(("a.mp4", files.mp4(content=VIRUS)), ("b.mp4", files.mp4()))
    assert response.status_code == 422
    assert "Pemindai virus menolak berkas a.mp4" in response.text
    assert desk.names() == ["b.mp4"]


def test_files_are_locked_away_while_the_scanner_is_down(at_desk: Callable[..., Desk], tmp_path: Path) -> None:
    """What people send is not lost; nobody opens it before the scanner has looked."""
    down = Scanner(str(tmp_path / "clamd.ctl"))
    desk = at_desk(down)
    assert desk.send(("a.mp4", files.mp4(content=VIRUS)), ("b.mp4", files.mp4())).status_code == 303
    bad, good = desk.attachments.of(HOLDER)
    with pytest.raises(QuarantinedError):
        desk.attachments.open(good)
    with pytest.raises(ScannerError):
        EvidenceCare(desk.attachments, down)(MOMENT)
    with Clamd(tmp_path / "clamd.ctl"):
        EvidenceCare(desk.attachments, down)(MOMENT)
    assert desk.names() == ["b.mp4"]
    assert desk.attachments.open(good)
    assert bad.quarantined
    assert len(desk.written()) == 1


def test_an_office_that_does_without_a_scanner_gets_at_its_files(at_desk: Callable[..., Desk], tmp_path: Path) -> None:
    desk = at_desk(Scanner(str(tmp_path / "none")))
    desk.send(("b.mp4", files.mp4()))
    with capture_logs() as logged:
        EvidenceCare(desk.attachments, None)(MOMENT)
    assert "evidence_released_unscanned" in [entry["event"] for entry in logged]
    assert desk.attachments.open(desk.attachments.of(HOLDER)[0])


def test_care_steps_over_a_file_that_is_gone(at_desk: Callable[..., Desk], tmp_path: Path) -> None:
    desk = at_desk(Scanner(str(tmp_path / "clamd.ctl")))
    desk.send(("a.mp4", files.mp4()))
    shutil.rmtree(desk.folder)
    with Clamd(tmp_path / "clamd.ctl") as clamd:
        EvidenceCare(desk.attachments, Scanner(clamd.address))(MOMENT)
    assert desk.attachments.lost() == 1


# -- for the form's steps ---------------------------------------------------------------------------------------------


def test_the_steps_name_hand_over_and_discard(desk: Desk, store: Store) -> None:
    ticket = store.accept(an_intake(), channel=Channel.WEB, now=MOMENT).complaint.ticket
    video, other = (FileStorage(io.BytesIO(files.mp4(content=content)), "a.mp4") for content in (b"1", b"2"))
    with desk.app.test_request_context():
        assert evidence.take(HOLDER, MultiDict([("evidence", video), ("evidence", other)])) == ()
        assert evidence.names(HOLDER) == tuple(file.name for file in evidence.panel(HOLDER, back=BACK).files)
        for _ in range(2):
            evidence.hand_over(HOLDER, ticket)
        assert (evidence.names(HOLDER), evidence.names(f"ticket:{ticket}")) == ((), ("a.mp4", "a.mp4"))
        evidence.discard(f"ticket:{ticket}")
    assert desk.written() == []


def test_without_a_place_for_files_the_steps_go_on(build: Callable[..., Flask]) -> None:
    with build().test_request_context():
        evidence.hand_over(HOLDER, "7K3M-Q9TX-2")
        evidence.discard(HOLDER)
        assert evidence.names(HOLDER) == ()
