"""The office's Apps Script, run in a JavaScript engine with stand-ins for Google's classes and a real server."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import quickjs
from hypothesis import given
from hypothesis import strategies as st

from sheets_schema.register_tab import REGISTER
from tests.running import free_port
from tests.webhooks.apps_script import OUTBOX, OWNER, ROOT, SCRIPT, SECRET, START, Receiver, Script, receiving

HEADER = ["Tiket", "Uraian", "Tindakan", "Kirim Balasan"]
ROWS = [HEADER, ["7K3M-Q9TX-2", "a", "", False], ["7K3M-Q9TX-3", "b", "Proses", True], ["", "c", "", ""]]


@pytest.fixture
def server() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def script(server: Receiver) -> Script:
    script = Script(server.port)
    script.run("pasang()")
    script.fill(ROWS)
    return script


# -- what is sent -----------------------------------------------------------------------------------------------------


def test_a_submission_is_signed_and_tells_all_in_any_script(script: Script, server: Receiver) -> None:
    answers = {"Nama": "Ibu Čontoh", "Isi Pengaduan": "=1+1 “Bantuan” belum diterima 😀\nباللغة العربية \u2028 é"}
    script.submit(Timestamp="23/11/2026 10:00:00", **answers)
    ((path, body),) = server.kept
    assert path == "/webhooks/google-forms"
    assert (body["schema"], body["kind"], body["sent_at"]) == (1, "form_submit", "2026-11-23T02:00:00.000Z")
    assert (body["spreadsheet_id"], body["sheet"]["name"]) == ("1ContohSpreadsheetIdTidakNyata", "Form Responses 1")
    event = body["event"]
    assert {question: given for question, (given,) in event["namedValues"].items()} == {
        "Timestamp": "23/11/2026 10:00:00",
        **answers,
    }
    assert event["values"] == ["23/11/2026 10:00:00", *answers.values()]
    assert event["range"] == {"columnStart": 1, "columnEnd": 3, "rowStart": 42, "rowEnd": 42}
    assert event["triggerUid"] == "4034124000000000001"
    assert script.waiting == []


def test_an_edit_tells_who_where_and_what(script: Script, server: Receiver) -> None:
    script.edit(3, 3, value="Proses", oldValue="Telaah", user={"email": "petugas@example.go.id"})
    ((path, body),) = server.kept
    assert path == "/webhooks/sheet-edits"
    assert body["sheet"] == {"gid": 111111111, "name": "Register", "header": "Tindakan", "row_key": "7K3M-Q9TX-3"}
    assert body["event"] == {
        "authMode": "FULL",
        "triggerUid": "4034124000000000002",
        "source": {},
        "user": {"email": "petugas@example.go.id", "nickname": "petugas"},
        "range": {"columnStart": 3, "columnEnd": 3, "rowStart": 3, "rowEnd": 3},
        "value": "Proses",
        "oldValue": "Telaah",
    }


@pytest.mark.parametrize(
    ("where", "told"),
    [
        pytest.param({"row": 3, "column": 3, "oldValue": "x"}, [(3, 3, None)], id="a cell was emptied"),
        pytest.param({"row": 3, "column": 3}, [(3, 3, "Proses")], id="pasted into one cell"),
        pytest.param(
            {"row": 2, "column": 3, "rows": 2, "columns": 2},
            [(2, 3, ""), (2, 4, "FALSE"), (3, 3, "Proses"), (3, 4, "TRUE")],
            id="pasted over four",
        ),
        pytest.param({"row": 1, "column": 2, "rows": 2}, [(2, 2, "a")], id="pasted over the header too"),
        pytest.param({"row": 1, "column": 2, "value": "Isi"}, [], id="the header"),
        pytest.param({"row": 2, "column": 1, "value": "x", "tab": "Form Responses 1"}, [], id="another tab"),
    ],
)
def test_each_edited_cell_is_told(
    script: Script, server: Receiver, where: dict[str, Any], told: list[tuple[int, int, str | None]]
) -> None:
    script.edit(**where)
    events = [body["event"] for _path, body in server.kept]
    assert [(e["range"]["rowStart"], e["range"]["columnStart"], e.get("value")) for e in events] == told


def test_a_pasted_date_is_told_as_it_is_shown(script: Script, server: Receiver) -> None:
    script.run("book.getSheetByName('Register').put(2, 2, new Date('2026-11-23T00:00:00Z'))")
    script.edit(2, 2, rows=1, columns=2)
    assert [body["event"]["value"] for _path, body in server.kept] == ["2026-11-23", ""]


def test_of_a_large_pasting_the_first_cells_are_told(script: Script, server: Receiver) -> None:
    script.edit(2, 1, rows=40, columns=4)
    assert len(server.kept) == script.get("MOST_CELLS") == 50


@pytest.mark.parametrize(
    ("header", "key"),
    [
        (["Uraian", "Tiket"], "dua"),
        (["Uraian", " nomor tiket "], "dua"),
        (["Uraian", "Kode (Tiket)"], "dua"),
        (["Uraian", "Tiket lama"], ""),
    ],
)
def test_the_ticket_is_found_by_its_header(script: Script, server: Receiver, header: list[str], key: str) -> None:
    script.fill([header, ["satu", "dua"]])
    script.edit(2, 1, value="satu")
    assert server.kept[0][1]["sheet"]["row_key"] == key


def test_the_script_knows_the_register_by_its_own_names(script: Script) -> None:
    assert script.get("EDITED_TAB") == REGISTER.title
    for title in (REGISTER.column("ticket").header, *REGISTER.aliases["ticket"]):
        assert script.get(f"TICKET_HEADER.test({json.dumps(title)})"), title


@pytest.mark.parametrize("answers", [{}, {"Nama": "", "Isi": [" ", ""]}, {"Nama": []}])
def test_a_blank_second_submission_is_dropped(script: Script, server: Receiver, answers: dict[str, Any]) -> None:
    script.submit(**answers)
    assert (server.kept, script.waiting) == ([], [])


def test_answers_of_any_length_pass_through_the_cells(script: Script, server: Receiver) -> None:
    long = ("=" * 50_001) + ("😀'" * 20_000)
    server.answers = [(503, {})]
    script.submit(Isi=long)
    assert server.kept == []
    script.later(60)
    assert server.kept[0][1]["event"]["namedValues"] == {"Isi": [long]}


# -- when it does not arrive ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [200, 201, 202, 204])
def test_what_the_server_kept_leaves_the_outbox(script: Script, server: Receiver, code: int) -> None:
    server.answers = [(code, {})]
    script.submit(Isi="a")
    assert script.waiting == []


@pytest.mark.parametrize(
    ("code", "shown"), [(500, False), (502, False), (503, False), (429, False), (408, False), (401, True), (302, True)]
)
def test_what_may_pass_is_tried_again(script: Script, server: Receiver, code: int, shown: bool) -> None:
    server.answers = [(code, {})]
    script.submit(Isi="a")
    (waiting,) = script.waiting
    assert (waiting["state"], waiting["attempts"], script.outbox_shown) == ("menunggu", 1, shown)
    assert str(code) in waiting["problem"]
    script.later(59)
    assert server.asked == 1, "not before its time"
    script.later(1)
    assert (server.ids, script.waiting, script.outbox_shown) == ([waiting["id"]], [], False)
    assert server.kept[0][1]["sent_at"] == "2026-11-23T02:01:00.000Z", "said anew, so that it is not stale"
    assert server.kept[0][1]["happened_at"] == "2026-11-23T02:00:00.000Z"


@pytest.mark.parametrize("code", [400, 403, 404, 410, 413, 422])
def test_what_is_refused_is_put_aside_and_shown(script: Script, server: Receiver, code: int) -> None:
    server.answers = [(code, {})]
    with pytest.raises(quickjs.JSException, match="1 kiriman ditolak"):
        script.submit(Isi="a")
    script.submit(Isi="b")
    script.later(24 * 3600)
    (aside,) = script.waiting
    assert (aside["state"], script.outbox_shown, len(server.kept)) == ("disisihkan", True, 1)
    script.run("kirimSekarang()")
    assert server.ids[1:] == [aside["id"]]
    assert (script.waiting, script.outbox_shown) == ([], False)


def test_nothing_is_lost_while_nobody_answers(script: Script, server: Receiver) -> None:
    script.point_to(free_port())
    script.submit(Isi="a")
    script.edit(3, 3, value="Proses")
    first, second = script.waiting
    assert "tidak dapat dihubungi" in first["problem"]
    script.later(300)
    script.point_to(server.port)
    script.later(3600)
    assert sorted(server.ids) == sorted([first["id"], second["id"]])
    assert script.waiting == []


def test_pauses_grow_up_to_an_hour(script: Script, server: Receiver) -> None:
    server.answers = [(500, {})] * 9
    script.submit(Isi="a")
    pauses = []
    for _ in range(8):
        (waiting,) = script.waiting
        pauses.append((waiting["due"] - script.get("google.now")) / 60_000)
        script.later(pauses[-1] * 60)
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]


@pytest.mark.parametrize(("asked", "pause"), [("600", 600), ("5", 60), ("Mon, 23 Nov 2026 09:00:00 GMT", 60)])
def test_a_server_that_asks_for_time_gets_it(script: Script, server: Receiver, asked: str, pause: int) -> None:
    server.answers = [(429, {"Retry-After": asked})]
    script.submit(Isi="a")
    assert script.waiting[0]["due"] == START + pause * 1000


def test_the_owner_need_not_wait_for_a_pause(script: Script, server: Receiver) -> None:
    server.answers = [(500, {}), (500, {})]
    script.submit(Isi="a")
    script.submit(Isi="b")
    script.run("kirimSekarang()")
    assert (len(server.kept), script.waiting) == (2, [])


def test_a_server_that_is_away_is_asked_once_a_run(script: Script, server: Receiver) -> None:
    server.answers = [(503, {})] * 3
    script.edit(2, 1, rows=3, columns=4)
    assert server.asked == 1
    script.later(1)
    assert server.asked == 2


def test_a_wrong_secret_is_told_to_the_owner(server: Receiver) -> None:
    script = Script(server.port, secret="salah" * 8)
    script.submit(Isi="a")
    assert script.outbox_shown
    script.run("keadaan()")
    (told,) = script.get("google.alerts")
    assert "Menunggu: 1. Disisihkan: 0." in told
    assert "rahasia tidak cocok" in told


def test_a_row_that_somebody_damaged_stops_nothing(script: Script, server: Receiver) -> None:
    server.answers = [(503, {})]
    script.submit(Isi="a")
    script.submit(Isi="b")
    script.run(f"book.getSheetByName('{OUTBOX}').put(2, 7, 'terhapus')")
    script.submit(Isi="c")
    with pytest.raises(quickjs.JSException, match="1 kiriman ditolak"):
        script.later(60)
    assert [w["problem"] for w in script.waiting] == ["Isi baris ini rusak; hapus barisnya."]
    assert len(server.kept) == 2


# -- several runs at once ---------------------------------------------------------------------------------------------


def test_two_runs_at_once_send_nothing_twice(script: Script, server: Receiver) -> None:
    script.run("google.during = [() => kirimAntrean(), () => kirimAntrean()]")
    script.edit(2, 1, rows=2, columns=2)
    assert len(server.ids) == len(set(server.ids)) == 4
    assert script.waiting == []


def test_what_comes_in_while_another_run_sends_is_not_lost(script: Script, server: Receiver) -> None:
    edit = "range: book.getSheetByName('Register').getRange(2, 2), value: 'x'"
    script.run(f"google.during = [() => saatDisunting({{{edit}}}), null]")
    script.submit(Isi="a")
    script.later(1)
    assert Counter(body["kind"] for _path, body in server.kept) == {"form_submit": 1, "sheet_edit": 1}


def test_a_run_that_google_ends_after_sending_sends_the_same_delivery_again(script: Script, server: Receiver) -> None:
    script.run("google.killed = true")
    with pytest.raises(quickjs.JSException, match="execution time"):
        script.submit(Isi="a")
    script.later(1)
    assert len(server.ids) == 2
    assert len(set(server.ids)) == 1
    assert script.waiting == []


_HAPPENINGS = st.sampled_from(["submit", "edit", "fail", "away", "back", "refuse", "kill", "crowd", "minutes", "hours"])


@pytest.mark.search
@given(st.lists(_HAPPENINGS, max_size=12))
def test_whatever_happens_everything_arrives(happenings: list[str]) -> None:
    with receiving() as server:
        script = Script(server.port)
        script.fill(ROWS)
        told = _play(script, server, happenings)
        server.answers = []
        script.point_to(server.port)
        script.run("google.killed = false; google.during = []; kirimSekarang()")
        for _ in range(3):
            script.later(4000)
        assert script.waiting == []
        kinds = {body["delivery_id"]: body["kind"] for _path, body in server.kept}
        assert Counter(kinds.values()) == Counter(told)


def _play(script: Script, server: Receiver, happenings: list[str]) -> list[str]:
    told = []
    away = free_port()
    for happening in happenings:
        try:
            if happening == "submit":
                told.append("form_submit")
                script.submit(Isi=f"pengaduan {len(told)}")
            elif happening == "edit":
                told += ["sheet_edit"] * 2
                script.edit(2, 2, columns=2)
            elif happening in ("fail", "refuse"):
                server.answers.append((503 if happening == "fail" else 422, {}))
            elif happening in ("away", "back"):
                script.point_to(away if happening == "away" else server.port)
            elif happening in ("kill", "crowd"):
                script.run("google.killed = true" if happening == "kill" else "google.during = [() => kirimAntrean()]")
            else:
                script.later(300 if happening == "minutes" else 7200)
        except quickjs.JSException as error:
            if not re.search("ditolak|execution time", str(error)):
                raise
    return told


# -- when there is no room --------------------------------------------------------------------------------------------


def test_without_room_in_the_outbox_it_is_sent_at_once(script: Script, server: Receiver) -> None:
    script.run("google.full = true")
    script.submit(Isi="a")
    script.edit(2, 2, columns=2)
    assert len(server.kept) == 3


def test_without_room_and_without_a_server_the_owner_hears_of_it(script: Script) -> None:
    script.run("google.full = true")
    script.point_to(free_port())
    with pytest.raises(quickjs.JSException, match=r"Baris 42 tab Form Responses 1 tidak tersimpan.*10000000 cells"):
        script.submit(Isi="a")


def test_a_long_outbox_takes_submissions_but_no_edits(script: Script, server: Receiver) -> None:
    most = script.get("MOST_WAITING")
    row = ["id", "sheet_edit", "disisihkan", 1, 0, "", "~{}"]
    script.run(f"const tab = outbox_(); for (let i = 0; i < {most}; i++) tab.cells.push({json.dumps(row)})")
    script.edit(2, 2, value="x")
    assert server.kept == []
    script.submit(Isi="a")
    assert len(server.kept) == 1


# -- installing -------------------------------------------------------------------------------------------------------

ALL = {"saatFormulirDikirim": "form", "saatDisunting": "edit", "kirimAntrean": "every 5 minutes"}


def _triggers(script: Script) -> list[tuple[str, str]]:
    return [(trigger["name"], trigger["kind"]) for trigger in script.get("google.triggers")]


def test_installing_again_adds_nothing_and_takes_doubled_ones_away(script: Script) -> None:
    assert sorted(_triggers(script)) == sorted(ALL.items())
    script.run("ScriptApp.newTrigger('saatDisunting').forSpreadsheet(book).onEdit().create()")
    script.run("ScriptApp.newTrigger('punyaKantor').timeBased().everyMinutes(30).create()")
    script.run("pasang(); pasang()")
    assert sorted(_triggers(script)) == sorted([*ALL.items(), ("punyaKantor", "every 30 minutes")])
    script.run("lepas(); lepas()")
    assert _triggers(script) == [("punyaKantor", "every 30 minutes")]


def test_only_who_installed_it_may_change_it(script: Script) -> None:
    script.run("google.account = 'lain@example.go.id'")
    for act in ("pasang", "lepas", "atur", "kirimSekarang"):
        with pytest.raises(quickjs.JSException, match=re.escape(OWNER)):
            script.run(f"{act}()")
    script.run(f"google.account = '{OWNER}'; lepas(); google.account = 'lain@example.go.id'; pasang()")
    assert len(_triggers(script)) == 3


def test_nothing_is_installed_before_address_and_secret_are_there(server: Receiver) -> None:
    script = Script(server.port)
    script.run("google.properties = {}")
    with pytest.raises(quickjs.JSException, match="belum diisi"):
        script.run("pasang()")
    script.submit(Isi="a")
    script.point_to(server.port)
    script.later(60)
    assert len(server.kept) == 1


@pytest.mark.parametrize(
    ("answers", "kept"),
    [
        (["https://aduan.example.go.id/", SECRET], "https://aduan.example.go.id"),
        ([" https://example.go.id/aduan ", f" {SECRET} "], "https://example.go.id/aduan"),
        (["http://aduan.example.go.id", SECRET], None),
        (["aduan.example.go.id", SECRET], None),
        (["https://aduan.example.go.id?a=b", SECRET], None),
        ([None], None),
        (["https://aduan.example.go.id", None], None),
        (["https://aduan.example.go.id", ""], None),
    ],
)
def test_address_and_secret_are_asked_for(server: Receiver, answers: list[str | None], kept: str | None) -> None:
    script = Script(server.port)
    script.run(f"google.properties = {{}}; google.answers = {json.dumps(answers)}; atur()")
    properties = script.get("google.properties")
    assert properties == ({"ADUAN_URL": kept, "ADUAN_SECRET": SECRET} if kept else {})


def test_the_menu_names_functions_that_exist(script: Script) -> None:
    script.run("onOpen()")
    entries = script.get("google.logged")
    assert len(entries) == 5
    assert all(entry.endswith(": function") for entry in entries)


def test_the_outbox_is_hidden_and_only_who_installed_it_may_change_it(script: Script) -> None:
    editors = f"book.getSheetByName('{OUTBOX}').editors"
    assert script.get(editors) == []
    assert not script.outbox_shown
    script.run("lepas()")
    assert script.get(editors) is None, "free for another account"
    script.run("pasang()")
    assert script.get(editors) == []


# -- secrets ----------------------------------------------------------------------------------------------------------


def test_no_secret_and_no_address_stands_in_the_code() -> None:
    text = "".join(path.read_text("utf-8") for path in [*SCRIPT, SCRIPT[0].with_name("appsscript.json")])
    assert len(SCRIPT) == 3
    quoted = re.findall(r"(?<=['\"`])[A-Za-z0-9+/=_-]{16,}(?=['\"`])", text)
    assert [word for word in quoted if re.search(r"[0-9]", word)] == []
    assert set(re.findall(r"https?://[\w.]+", text)) == {"https://aduan.contoh.go.id"}
    assert re.findall(r"(?i)(?:secret|rahasia|token|key)\s*[=:]\s*['\"`]", text) == []


def test_the_secret_is_written_nowhere(script: Script, server: Receiver) -> None:
    server.answers = [(401, {}), (503, {})]
    script.submit(Isi="a")
    script.point_to(free_port())
    script.later(60)
    script.run("keadaan()")
    assert SECRET not in json.dumps(script.get("[book.sheets.map((s) => s.cells), google.logged, google.alerts]"))


def test_the_page_tells_how_to_install_every_file() -> None:
    page = (ROOT / "docs" / "google.md").read_text("utf-8")
    assert [path.name for path in SCRIPT if path.name not in page] == []
    for told in ("appsscript.json", "ADUAN_SCRIPT_SECRETS", *re.findall(r"'([^']+)', '\w+'\)", SCRIPT[0].read_text())):
        assert told in page, told
