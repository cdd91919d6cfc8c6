"""The gateway to the spreadsheet: over a server that misbehaves in every way, and over the embedded register."""

import json
import socket
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from register.database import migrate, open_engine, sqlite_url
from register.errors import AduanError, SheetRefusedError, SheetUnavailableError
from register.laying_out import provision
from register.sealing import Keyring
from register.sheet import LocalServer, Patience, Sheet
from register.sheet_access import SheetAccess
from register.store import Store
from sheets_schema.provisioning import TABS
from tests.builders import MOMENT
from tests.register.faulty_server import Answer, FaultyServer, faulty_server
from tests.register.running_register import CLERK_TOKEN, SYSTEM_TOKEN, Running, running_register

TOKEN = "token-yang-sangat-rahasia"
IMPATIENT = Patience(timeout_seconds=(0.3, 0.3), first_wait_seconds=0.001, longest_wait_seconds=0.002)
WRITE = [{"addSheet": {"properties": {"title": "Baru"}}}]
PAGE = "<html><body><h1>502 Bad Gateway</h1></body></html>"


def google_error(status: int, message: str) -> Answer:
    return Answer(status, json.dumps({"error": {"code": status, "message": message, "status": "X"}}))


@pytest.fixture
def server() -> Iterator[FaultyServer]:
    with faulty_server() as server:
        yield server


@pytest.fixture
def sheet(server: FaultyServer) -> Iterator[Sheet]:
    sheet = Sheet(SheetAccess("lembar", server.url, TOKEN), IMPATIENT)
    yield sheet
    sheet.close()


def is_fit_for_people(error: AduanError) -> bool:
    """Whether the message is Indonesian sentences without a token, a page or the insides of the program."""
    strange = (TOKEN, "<", "Traceback", "Error", "Exception", "HTTPConnection", "0x", "None")
    return error.message.endswith(".") and not any(piece in error.message for piece in strange)


# -- faults -------------------------------------------------------------------------------------------------------

FAULTS = {
    # what is answered over and over: the error, and how often a read and a write are sent
    "429": (google_error(429, "Quota exceeded"), SheetUnavailableError, 3, 3),
    "429 with a page": (Answer(429, PAGE, "text/html"), SheetUnavailableError, 3, 3),
    "500": (google_error(500, "Internal error"), SheetUnavailableError, 3, 1),
    "503": (google_error(503, "Unavailable"), SheetUnavailableError, 3, 1),
    "502 with a page": (Answer(502, PAGE, "text/html"), SheetUnavailableError, 3, 1),
    "cut before the answer": (Answer(cut="before"), SheetUnavailableError, 3, 1),
    "cut within the answer": (Answer(cut="within"), SheetUnavailableError, 3, 1),
    "no answer in time": (Answer(body='{"valueRanges": [{}]}', slow=True), SheetUnavailableError, 3, 1),
    "half a JSON": (Answer(body='{"sheets": ['), SheetUnavailableError, 3, 1),
    "a page instead": (Answer(body=PAGE, content_type="text/html"), SheetUnavailableError, 3, 1),
    "a list": (Answer(body="[1]"), SheetUnavailableError, 3, 1),
    "an error in another form": (Answer(500, '{"error": "kaput"}'), SheetUnavailableError, 3, 1),
    "400": (google_error(400, "Invalid requests[0].addSheet: taken"), SheetRefusedError, 1, 1),
    "401": (google_error(401, "Who?"), SheetRefusedError, 1, 1),
    "403": (google_error(403, "The caller does not have permission"), SheetRefusedError, 1, 1),
    "403 with a page": (Answer(403, PAGE, "text/html"), SheetRefusedError, 1, 1),
    "404": (google_error(404, "Requested entity was not found."), SheetRefusedError, 1, 1),
    "404 with nothing": (Answer(404, ""), SheetRefusedError, 1, 1),
}


@pytest.mark.parametrize(("answer", "error", "reads", "writes"), FAULTS.values(), ids=FAULTS)
def test_fault_is_translated_and_asked_again_only_where_that_is_safe(
    server: FaultyServer, sheet: Sheet, answer: Answer, error: type[AduanError], reads: int, writes: int
) -> None:
    server.answers = [answer]
    with pytest.raises(error) as failed:
        sheet.read(["Register"])
    assert is_fit_for_people(failed.value), failed.value.message
    assert [method for method, _ in server.asked] == ["GET"] * reads
    assert sheet.calls == reads

    server.asked.clear()
    with pytest.raises(error) as failed:
        sheet.batch(WRITE)
    assert is_fit_for_people(failed.value), failed.value.message
    assert [method for method, _ in server.asked] == ["POST"] * writes
    assert server.authorizations == {f"Bearer {TOKEN}"}


@pytest.mark.parametrize(("answer", "error", "_reads", "_writes"), FAULTS.values(), ids=FAULTS)
def test_fault_before_there_is_a_spreadsheet_is_translated_too(
    server: FaultyServer, answer: Answer, error: type[AduanError], _reads: int, _writes: int
) -> None:
    server.answers = [answer]
    local = LocalServer(server.url, TOKEN, IMPATIENT)
    with pytest.raises(error) as failed:
        local.find("Register Pengaduan")
    assert is_fit_for_people(failed.value), failed.value.message
    with pytest.raises(error):
        local.create("Register Pengaduan")


@pytest.mark.parametrize("name", ["503", "cut before the answer", "cut within the answer", "half a JSON", "429"])
def test_read_is_answered_once_the_fault_has_passed(server: FaultyServer, sheet: Sheet, name: str) -> None:
    good = Answer(body='{"valueRanges": [{"values": [["Tiket"], ["a", 1, true]]}]}')
    server.answers = [FAULTS[name][0], FAULTS[name][0], good]
    values = sheet.read(["Register"])["Register"]
    assert (values.header, values.rows) == (("Tiket",), (("a", 1, True),))
    assert sheet.calls == 3


def test_write_is_done_once_the_quota_allows(server: FaultyServer, sheet: Sheet) -> None:
    server.answers = [FAULTS["429"][0], Answer(body="{}")]
    sheet.batch(WRITE)
    assert len(server.asked) == 2


def test_nothing_to_write_asks_nothing(server: FaultyServer, sheet: Sheet) -> None:
    sheet.batch([])
    assert (server.asked, sheet.calls) == ([], 0)


def test_answer_without_all_tabs_is_not_taken(server: FaultyServer, sheet: Sheet) -> None:
    for body in ("{}", '{"valueRanges": [{}]}'):
        server.answers = [Answer(body=body)]
        with pytest.raises(SheetUnavailableError) as failed:
            sheet.read(["Register", "Bidang"])
        assert is_fit_for_people(failed.value)


def test_long_refusal_is_quoted_in_part_and_on_one_line(server: FaultyServer, sheet: Sheet) -> None:
    server.answers = [google_error(400, "Invalid\n\n range " + "x" * 5_000)]
    with pytest.raises(SheetRefusedError) as failed:
        sheet.titles()
    assert "(400): Invalid range xxx" in failed.value.message
    assert len(failed.value.message) < 500


GIVEN = {"permissions": [{"id": "7", "type": "user", "role": "writer", "emailAddress": "pergi@kantor.test"}]}


def test_an_address_that_is_refused_holds_up_no_other(server: FaultyServer, sheet: Sheet) -> None:
    bad = google_error(400, "The user ani@kantor.test does not have a Google account")
    server.answers = [Answer(body=json.dumps(GIVEN)), Answer(), bad, Answer(), bad, Answer()]
    people = {f"{name}@kantor.test" for name in ("ani", "budi", "citra", "dewi")}
    with pytest.raises(SheetRefusedError) as failed:
        sheet.share(people)
    assert [method for method, _ in server.asked] == ["GET", "DELETE", "POST", "POST", "POST", "POST"]
    assert failed.value.message.startswith("2 dari 5 perubahan izin")
    assert failed.value.facts == {"refused": 2, "status": 400}
    assert "@" not in failed.value.message, "it goes into the log"
    assert is_fit_for_people(failed.value)


def test_sharing_waits_for_a_server_that_is_busy(server: FaultyServer, sheet: Sheet) -> None:
    server.answers = [Answer(body=json.dumps(GIVEN)), Answer(), google_error(503, "Unavailable")]
    with pytest.raises(SheetUnavailableError):
        sheet.share({"ani@kantor.test", "budi@kantor.test"})
    assert [method for method, _ in server.asked] == ["GET", "DELETE", "POST"], "the rest is for the next time"


def test_nobody_there_is_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    sheet = Sheet(SheetAccess("lembar", f"http://127.0.0.1:{port}", TOKEN), IMPATIENT)
    with pytest.raises(SheetUnavailableError) as failed:
        sheet.read(["Register"])
    assert is_fit_for_people(failed.value)
    assert sheet.calls == 3
    sheet.close()


def test_token_is_never_shown(server: FaultyServer, sheet: Sheet) -> None:
    access = SheetAccess("lembar", server.url, TOKEN)
    assert TOKEN not in f"{access} {access!r} {sheet!r} {LocalServer(server.url, TOKEN)!r}"
    for answer, error, _reads, _writes in FAULTS.values():
        if answer.slow:
            continue
        server.answers = [answer]
        with pytest.raises(error) as failed:
            sheet.batch(WRITE)
        said = f"{failed.value!r} {failed.value.facts} {''.join(traceback.format_exception(failed.value))}"
        assert TOKEN not in said


def test_proxy_of_the_environment_does_not_see_the_register(
    server: FaultyServer, sheet: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    server.answers = [Answer(body='{"sheets": [{"properties": {"title": "Register"}}]}')]
    assert sheet.titles() == ["Register"]


def test_id_of_the_spreadsheet_cannot_lead_elsewhere(server: FaultyServer) -> None:
    server.answers = [Answer()]
    sheet = Sheet(SheetAccess("../drive/v3/files?x=", server.url, TOKEN), IMPATIENT)
    assert sheet.titles() == []
    sheet.close()
    ((_method, path),) = server.asked
    assert path.startswith("/v4/spreadsheets/..%2Fdrive%2Fv3%2Ffiles%3Fx%3D?")


# -- credentials --------------------------------------------------------------------------------------------------

CREDENTIALS = {
    "no JSON": "rahasia",
    "other JSON": '{"private_key": "rahasia"}',
    "a list": '["rahasia"]',
    "bad key": '{"client_email": "x", "token_uri": "y", "private_key": "rahasia"}',
}


@pytest.mark.parametrize("content", CREDENTIALS.values(), ids=CREDENTIALS)
def test_google_credentials_that_are_none_are_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "akun.json"
    path.write_text(content)
    with pytest.raises(SheetRefusedError) as refused:
        Sheet(SheetAccess("lembar", credentials=path))
    assert "rahasia" not in refused.value.message
    assert refused.value.facts == {"file": "akun.json"}


def test_google_without_credentials_says_which_setting_is_missing(tmp_path: Path) -> None:
    with pytest.raises(SheetRefusedError, match="ADUAN_GOOGLE_CREDENTIALS"):
        Sheet(SheetAccess("lembar"))
    with pytest.raises(SheetRefusedError, match="tidak terbaca"):
        Sheet(SheetAccess("lembar", credentials=tmp_path / "akun.json"))


# -- the embedded register ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_register(tmp_path_factory.mktemp("lembar")) as running:
        yield running


@pytest.fixture
def register(running: Running) -> Iterator[Sheet]:
    """A new, empty spreadsheet."""
    sheet = running.new_sheet()
    yield sheet
    sheet.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """The store that remembers what was laid out."""
    engine = open_engine(sqlite_url(tmp_path / "aduan.sqlite3"))
    migrate(engine, backup_folder=tmp_path, now=MOMENT)
    yield Store(engine, Keyring(bytes(32)))
    engine.dispose()


def cells_at(sheet_id: int, row: int, values: list[str]) -> dict[str, object]:
    cells = [{"userEnteredValue": {"stringValue": value}} for value in values]
    start = {"sheetId": sheet_id, "rowIndex": row, "columnIndex": 0}
    return {"updateCells": {"rows": [{"values": cells}], "fields": "userEnteredValue", "start": start}}


def test_spreadsheet_is_found_by_its_title(running: Running) -> None:
    local = LocalServer(running.url, SYSTEM_TOKEN)
    assert local.find("Register Lain") == ""
    made = local.create("Register Lain")
    assert local.find("Register Lain") == made
    assert local.find("Register") == ""


def test_wrong_token_is_refused(running: Running, register: Sheet) -> None:
    stranger = running.sheet("bukan-token")
    with pytest.raises(SheetRefusedError) as refused:
        stranger.titles()
    assert is_fit_for_people(refused.value)
    stranger.close()


def test_provisioning_twice_asks_for_nothing_the_second_time(register: Sheet, store: Store) -> None:
    assert register.titles() == [TABS[0].title]
    assert provision(register, store, {}) > 0
    assert register.titles() == [tab.title for tab in TABS]
    assert list(register.sheet_ids()) == [tab.title for tab in TABS]
    assert len(set(register.sheet_ids().values())) == len(TABS)
    before = register.calls
    assert provision(register, store, {}) == 0
    assert register.calls - before == 2, "titles and description, and no write"


def test_column_that_staff_renamed_is_not_laid_out_again(register: Sheet, store: Store) -> None:
    provision(register, store, {})
    place = register.sheet_ids()["Bidang"]
    register.batch([cells_at(place, 0, ["Singkatan"])])
    provision(register, store, {})  # the protection of our headers leaves the renamed one to the staff
    assert provision(register, store, {}) == 0
    assert register.read(["Bidang"])["Bidang"].header == ("Singkatan", "Nama Bidang", "Kategori", "Catatan Sistem")


def test_a_tab_stays_closed_while_its_guarded_headers_are_not_to_be_found(running: Running, store: Store) -> None:
    register = running.new_sheet()
    provision(register, store, {})
    place = register.sheet_ids()["Petugas"]
    register.batch([cells_at(place, 0, ["Nama", "Jabatan", "Bidang", "Pengguna"])])
    provision(register, store, {})
    clerk = running.sheet(CLERK_TOKEN)
    with pytest.raises(SheetRefusedError):
        clerk.batch([cells_at(place, 0, ["Akun"])])
    clerk.close()
    register.close()


def test_description_is_of_the_wanted_tabs_only(register: Sheet, store: Store) -> None:
    provision(register, store, {})
    described = register.describe(["Bidang", "Tidak Ada"])
    assert [sheet["properties"]["title"] for sheet in described["sheets"]] == ["Bidang"]
    (data,) = described["sheets"][0]["data"]
    assert len(data["rowData"]) == 2
    assert register.describe(["Tidak Ada"]) == {}


def test_a_cell_as_entered_is_its_formula_and_what_an_array_fills_is_empty(register: Sheet) -> None:
    cells = [{"userEnteredValue": value} for value in ({"formulaValue": '={"a"\\"b"}'}, {}, {"boolValue": True})]
    start = {"sheetId": register.sheet_ids()["Register"], "rowIndex": 1, "columnIndex": 0}
    register.batch([{"updateCells": {"rows": [{"values": cells}], "fields": "userEnteredValue", "start": start}}])
    assert register.read(["Register"])["Register"].rows == (("a", "b", True),)
    entered = register.entered("Register")
    assert entered.header == ()
    assert entered.rows[0] == ('={"a"\\"b"}', "", True)
    with pytest.raises(SheetRefusedError):
        register.entered("Tidak Ada")


def test_reading_a_tab_that_is_not_there_is_refused(register: Sheet) -> None:
    with pytest.raises(SheetRefusedError):
        register.read(["Register", "Tidak Ada"])


TEXTS = [
    "=1+1",
    '=HYPERLINK("http://x")',
    "+628120000000",
    "-5",
    "@SUM(A1)",
    "'kutip",
    "0042",
    "0812-0000-0000",
    "6402999999990001",
    "1E5",
    "10:30",
    "2026-11-23",
    "TRUE",
    " spasi ",
    "baris\nbaru",
    "👩🏽‍🦱 שלום",
]


def test_text_comes_back_as_the_same_text_and_never_as_a_formula_or_number(register: Sheet, store: Store) -> None:
    provision(register, store, {})
    place = register.sheet_ids()["Register"]
    register.batch([cells_at(place, 1, TEXTS)])
    values = register.read(["Register"])["Register"]
    assert list(values.rows[0]) == TEXTS
    assert values.header == tuple(column.header for column in TABS[0].columns)


def test_batch_is_all_or_none(register: Sheet, store: Store) -> None:
    provision(register, store, {})
    place = register.sheet_ids()["Register"]
    with pytest.raises(SheetRefusedError):
        register.batch([cells_at(place, 1, ["a"]), {"addSheet": {"properties": {"title": "Register"}}}])
    assert register.read(["Register"])["Register"].rows == ()


def test_several_tabs_are_read_in_one_call(register: Sheet, store: Store) -> None:
    provision(register, store, {})
    before = register.calls
    values = register.read(["Bidang", "Register"])
    assert register.calls == before + 1
    assert list(values) == ["Bidang", "Register"]
    assert values["Bidang"].rows[0][0] == "Sekretariat"
    assert values["Register"].rows == ()


def test_clerk_may_write_staff_cells_and_not_the_systems(running: Running, register: Sheet, store: Store) -> None:
    provision(register, store, {})
    place = register.sheet_ids()["Register"]
    clerk = running.sheet(CLERK_TOKEN)
    act = next(number for number, column in enumerate(TABS[0].columns) if column.key == "act")
    row = {"rows": [{"values": [{"userEnteredValue": {"stringValue": "Proses"}}]}], "fields": "userEnteredValue"}
    clerk.batch([{"updateCells": {**row, "start": {"sheetId": place, "rowIndex": 5, "columnIndex": act}}}])
    for forbidden in ({"rowIndex": 5, "columnIndex": 0}, {"rowIndex": 1, "columnIndex": 0}):
        with pytest.raises(SheetRefusedError):
            clerk.batch([{"updateCells": {**row, "start": {"sheetId": place, **forbidden}}}])
    clerk.close()
    assert register.read(["Register"])["Register"].rows[4][act] == "Proses"


def test_a_read_of_what_has_not_changed_is_the_same_object(register: Sheet, store: Store) -> None:
    provision(register, store, {})
    first = register.read(["Register", "Bidang"])
    assert register.read(["Register", "Bidang"]) is first
    assert set(register.read(["Register"])) == {"Register"}
    again = register.read(["Register", "Bidang"])
    assert again == first
    register.batch([cells_at(register.sheet_ids()["Register"], 1, ["AAAA"])])
    changed = register.read(["Register", "Bidang"])
    assert changed is not again
    assert changed["Register"].rows[0][0] == "AAAA"
