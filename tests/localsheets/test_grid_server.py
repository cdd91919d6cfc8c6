"""The grid's pages and addresses without a browser: login, forgery, throttling, refusals."""

import io
import re

import pytest
import requests
from gspread.utils import ValidationConditionType

from localsheets import Identity, create_app
from localsheets.grid.words import WORDS
from localsheets.model.conditions import fulfils
from localsheets.throttle import FAILURES_PER_PAIR

from .conftest import CHOICES, PASSWORD, dress


class Visitor(requests.Session):
    """A person with a browser that runs no script."""

    def __init__(self, url):
        super().__init__()
        self.url = url
        self.csrf = ""

    def token(self, path="/register/login"):
        page = self.get(self.url + path)
        self.csrf = re.search(r'(?:csrf_token" value|data-csrf)="([^"]+)"', page.text).group(1)
        return self.csrf

    def log_in(self, username="clerk", password=PASSWORD, **more):
        form = {"csrf_token": self.token(), "username": username, "password": password} | more
        answer = self.post(f"{self.url}/register/login", data=form, allow_redirects=False)
        if answer.status_code == 303:
            self.token("/register")
        return answer

    def edit(self, book, *edits, csrf=None, sheet=0):
        headers = {"X-CSRF-Token": csrf if csrf is not None else self.csrf}
        path = f"{self.url}/register/data/{book.id}/{sheet}/edit"
        return self.post(path, json={"edits": list(edits)}, headers=headers)


@pytest.fixture
def office(serve):
    chosen = []
    server = serve(default=lambda: chosen[0] if chosen else None)
    book = server.gspread().create("Register")
    chosen.append(book.id)
    dress(book)
    return server, book


@pytest.fixture
def clerk(office):
    visitor = Visitor(office[0].url)
    assert visitor.log_in().status_code == 303
    return visitor


def test_nobody_sees_data_without_a_login(office):
    server, book = office
    assert requests.get(server.url, timeout=5).url.startswith(f"{server.url}/register/login")
    for path in ("sheets", "0/layout", "0/rows", "0/changes?since=0", "0/ids?seen=0"):
        answer = requests.get(f"{server.url}/register/data/{book.id}/{path}", timeout=5)
        assert answer.status_code == 401
        assert "Keluhan" not in answer.text
    headers = {"Authorization": "Bearer owner-token"}
    assert requests.get(f"{server.url}/register/data/{book.id}/sheets", headers=headers, timeout=5).status_code == 401


def test_every_grid_address_is_guarded(office):
    server, _ = office
    public = {"grid.static", "grid.home", "grid.register", "grid.login_page", "grid.log_in", "grid.log_out"}
    for rule in server.app.url_map.iter_rules():
        blueprint = rule.endpoint.partition(".")[0]
        guarded = server.app.before_request_funcs.get(blueprint)
        assert guarded or rule.endpoint in public | {"grid.choose_language", "healthz", "open"}, rule


def test_wrong_password_and_forged_form(office):
    visitor = Visitor(office[0].url)
    assert visitor.log_in(password="falsch").status_code == 403
    assert visitor.log_in(csrf_token="gefälscht").status_code == 403
    assert "localsheets_session" in visitor.cookies
    assert visitor.log_in(next="//evil.example/").headers["Location"] == "/register"
    cookie = next(c for c in visitor.cookies if c.name == "localsheets_session")
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert cookie.get_nonstandard_attr("SameSite") == "Lax"


def test_logins_are_throttled(office):
    visitor = Visitor(office[0].url)
    codes = [visitor.log_in(password="falsch").status_code for _ in range(FAILURES_PER_PAIR)]
    assert codes == [403] * FAILURES_PER_PAIR
    assert visitor.log_in().status_code == 429
    assert visitor.log_in(username="owner").status_code == 303


LARGE_FORM = {"data": b"&a=" * 4_000_000, "headers": {"Content-Type": "application/x-www-form-urlencoded"}}


@pytest.mark.parametrize("path", ["login", "logout"])
def test_only_small_forms_are_read_without_a_login(office, path):
    answer = requests.post(f"{office[0].url}/register/{path}", timeout=10, **LARGE_FORM)
    assert answer.status_code == 413
    assert "64 KB" in answer.text
    visitor = Visitor(office[0].url)
    assert visitor.log_in(filling="x" * 60_000).status_code == 303


class Watched(io.BytesIO):
    """A body that notes whether anybody reads it."""

    reads = 0

    def read(self, size=-1):
        self.reads += 1
        return super().read(size)

    def readinto(self, buffer):
        self.reads += 1
        return super().readinto(buffer)


def test_whoever_is_not_known_has_no_body_read(office):
    server, book = office
    grid = f"/register/data/{book.id}"
    for path in (f"{grid}/0/edit", f"{grid}/import", "/v4/spreadsheets", "/drive/v3/files", "/register"):
        body = Watched(LARGE_FORM["data"])
        headers = LARGE_FORM["headers"] | {"Authorization": "Bearer of-nobody"}
        answer = server.app.test_client().post(path, input_stream=body, headers=headers)
        assert answer.status_code in {401, 403, 405}
        assert not body.reads, path
    body = Watched(b"a=b")
    server.app.test_client().post("/register/login", input_stream=body, headers=LARGE_FORM["headers"])
    assert body.reads, "as it is noted where a form is read"


def test_pages_are_strict(clerk):
    page = clerk.get(f"{clerk.url}/register")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["Cache-Control"] == "private, no-store"
    assert not re.search(r"<script(?![^>]*(src=|application/json))|\son\w+=|style=|https?://", page.text)


def test_writes_need_the_csrf_token(office, clerk):
    edit = {"rowId": 2, "row": 1, "column": 6, "value": "x"}
    assert clerk.edit(office[1], edit, csrf="").status_code == 401
    assert clerk.edit(office[1], edit, csrf="falsch").status_code == 401
    assert clerk.edit(office[1], edit).status_code == 200


def test_logout_ends_the_session(office, clerk):
    clerk.post(f"{clerk.url}/register/logout", data={"csrf_token": clerk.csrf})
    assert clerk.get(f"{clerk.url}/register/data/{office[1].id}/sheets").status_code == 401


def test_language_can_be_chosen(clerk):
    assert "Keluar" in clerk.get(f"{clerk.url}/register").text
    clerk.get(f"{clerk.url}/register/language/en")
    assert "Log out" in clerk.get(f"{clerk.url}/register").text


def test_every_word_is_in_both_languages():
    facts = {key: [set(re.findall(r"\{(\w+)\}", text)) for text in texts] for key, texts in WORDS.items()}
    assert all(texts[0] and texts[1] for texts in WORDS.values())
    assert [key for key, (first, second) in facts.items() if first != second] == []


def test_an_edit_follows_its_row(office, clerk):
    """Rows are inserted and sorted between looking and writing; the edit lands in the row it was meant for."""
    _, book = office
    told = clerk.get(f"{clerk.url}/register/data/{book.id}/0/rows?start=5&count=1").json()["rows"][0]
    book.sheet1.insert_row(["T-00000"], 2)
    book.sheet1.sort((1, "des"), range="A2:Z31")
    clerk.edit(book, {"rowId": told["id"], "row": 5, "column": 6, "value": "ikut"})
    sheet = book.worksheet("Register")
    found = sheet.find("ikut")
    assert sheet.cell(found.row, 1).value == told["c"][0] == "T-00005"


def test_refusals_are_explained_in_indonesian(office, clerk):
    _, book = office
    rows = clerk.get(f"{clerk.url}/register/data/{book.id}/0/rows?start=1&count=3").json()["rows"]
    first, second = rows[0]["id"], rows[1]["id"]

    def refusal(**edit):
        answer = clerk.edit(book, {"rowId": first, "row": 1, "column": 6, "value": "x"} | edit)
        return answer.status_code, answer.json()["error"]["message"]

    assert refusal(column=0) == (403, "Sel ini dilindungi.")
    assert refusal(column=4, value="Salah") == (400, f"“Salah” tidak ada dalam pilihan: {', '.join(CHOICES)}")
    assert refusal(column=5, value="mungkin")[0] == 400
    book.sheet1.delete_rows(3)
    code, message = refusal(rowId=second)
    assert code == 409
    assert "sudah dihapus" in message
    assert refusal(rowId=None, row=3, column=2)[0] == 409
    assert refusal(column=99)[0] == 400
    assert refusal(value=5)[0] == 400


def test_choices_can_come_from_another_sheet(office, clerk):
    _, book = office
    rules = book.add_worksheet("Petugas", 10, 2)
    rules.update([["Nama"], ["Ani"], ["Budi"], ["Ani"]], "A1")
    sheet = book.worksheet("Register")
    sheet.add_validation("H2:H", ValidationConditionType.one_of_range, ["=Petugas!A2:A"], strict=True)
    base = f"{clerk.url}/register/data/{book.id}/0"
    layout = clerk.get(f"{base}/layout").json()
    assert layout["choices"][-1]["values"] == ["Ani", "Budi"]
    edit = {"rowId": 2, "row": 1, "column": 7, "value": "Cici"}
    assert clerk.edit(book, edit).status_code == 400
    rules.update([["Cici"]], "A5")
    assert clerk.get(f"{base}/changes?since={layout['revision']}").json()["reload"]
    assert clerk.edit(book, edit).status_code == 200


def test_edits_in_one_request_are_all_or_nothing(office, clerk):
    _, book = office
    good = {"rowId": 2, "row": 1, "column": 6, "value": "baik"}
    assert clerk.edit(book, good, {**good, "column": 0}).status_code == 403
    assert book.worksheet("Register").acell("G2").value is None


def test_a_row_nobody_wrote_in_is_named_by_its_place(office, clerk):
    _, book = office
    edit = {"rowId": None, "row": 40, "column": 2, "value": "di bawah"}
    told = clerk.edit(book, edit).json()
    assert told["rows"][0]["id"] is not None
    assert clerk.edit(book, edit).status_code == 200
    assert clerk.edit(book, {**edit, "value": "lain"}).status_code == 409


def test_changes_tell_only_what_changed(office, clerk):
    _, book = office
    base = f"{clerk.url}/register/data/{book.id}/0"
    revision = clerk.get(f"{base}/layout").json()["revision"]
    assert clerk.get(f"{base}/changes?since={revision}").status_code == 204
    book.sheet1.update([["baru"]], "G9")
    told = clerk.get(f"{base}/changes?since={revision}").json()
    assert [row["r"] for row in told["rows"]] == [8]
    assert not told["reload"]
    row_id = told["rows"][0]["id"]
    book.sheet1.delete_rows(2)
    told = clerk.get(f"{base}/changes?since={told['revision']}&track={row_id}").json()
    assert (told["reload"], told["tracked"]) == (True, 7)
    assert "rows" not in told


def test_protected_columns_keep_staff_from_deleting_rows(office, clerk):
    _, book = office
    path = f"{clerk.url}/register/data/{book.id}/0/rows/"
    headers = {"X-CSRF-Token": clerk.csrf}
    assert clerk.post(path + "delete", json={"rowId": 3}, headers=headers).status_code == 403
    assert clerk.post(path + "insert", json={"rowId": 3}, headers=headers).json()["row"] == 2


def test_no_row_comes_above_a_protected_header(office, clerk):
    _, book = office
    base = f"{clerk.url}/register/data/{book.id}/0"
    first = clerk.get(f"{base}/rows?start=0&count=1").json()["rows"][0]["id"]
    for row in ({"rowId": first}, {"row": 0}):
        answer = clerk.post(f"{base}/rows/insert", json=row, headers={"X-CSRF-Token": clerk.csrf})
        assert (answer.status_code, answer.json()["error"]["message"][:24]) == (403, "Baris pertama dilindungi")
    assert book.sheet1.acell("A1").value == "Tiket"


def test_a_session_ends_when_it_is_no_longer_valid(tmp_path):
    """Whoever authenticates is asked again at every request, with the state that it gave at the login."""
    present = {"clerk": "first"}

    def knows(username, _password):
        return Identity(f"{username}@kantor.test", username, present[username]) if username in present else None

    def still_valid(identity):
        return present.get(identity.name) == identity.state

    app = create_app(tmp_path, tokens={}, authenticate=knows, still_valid=still_valid)

    def log_in():
        visitor = app.test_client()
        visitor.get("/register/login")
        with visitor.session_transaction() as session:
            form = {"csrf_token": session["csrf"], "username": "clerk", "password": "x"}
        visitor.post("/register/login", data=form)
        assert visitor.get("/register").status_code == 200
        return visitor

    visitor = log_in()
    present["clerk"] = "second"
    assert visitor.get("/register").status_code == 302
    assert visitor.get("/register/data/x/sheets").status_code == 401
    assert visitor.get("/register/login").status_code == 200, "the form, not a way round in circles"
    visitor = log_in()
    del present["clerk"]
    assert visitor.get("/register").status_code == 302
    app.extensions["localsheets"].close()


@pytest.mark.parametrize(
    ("proxies", "headers", "secure"),
    [
        (1, {"X-Forwarded-Proto": "https"}, True),
        (1, {"X-Forwarded-Proto": "http"}, False),
        (0, {"X-Forwarded-Proto": "https"}, False),
        (0, {}, False),
    ],
)
def test_cookies_given_over_https_stay_there(tmp_path, proxies, headers, secure):
    app = create_app(tmp_path, tokens={}, authenticate=lambda *_: None, trusted_proxies=proxies)
    for path in ("/register/login", "/register/language/en"):
        cookie = app.test_client().get(path, headers=headers).headers["Set-Cookie"]
        assert ("Secure" in cookie) is secure
    app.extensions["localsheets"].close()


def test_a_view_sorts_and_filters_for_oneself(office, clerk):
    path = f"{clerk.url}/register/data/{office[1].id}/0/view"
    headers = {"X-CSRF-Token": clerk.csrf}
    assert clerk.post(path, json={"text": "NOMOR 1"}, headers=headers).json()["positions"][:2] == [1, 10]
    assert clerk.get(path, params={"text": "NOMOR 1"}).status_code == 405, "what is searched for is in no address"
    told = clerk.post(path, json={"sort": 0, "order": "down"}, headers=headers).json()["positions"]
    assert told[:2] == [30, 29]
    assert len(told) == 30


def test_readers_may_look_only(office):
    server, book = office
    book.share("clerk@kantor.test", perm_type="user", role="reader")
    visitor = Visitor(server.url)
    visitor.log_in()
    assert not visitor.get(f"{visitor.url}/register/data/{book.id}/0/layout").json()["mayWrite"]
    assert visitor.edit(book, {"rowId": 2, "row": 1, "column": 6, "value": "x"}).status_code == 403


def test_another_spreadsheet_needs_a_permission(office, clerk):
    server, _ = office
    other = server.gspread().create("Register Terbatas")
    assert clerk.get(f"{clerk.url}/register/data/{other.id}/sheets").status_code == 403
    assert "Terbatas" not in clerk.get(f"{clerk.url}/register?id={other.id}").text
    other.share("clerk@kantor.test", perm_type="user", role="writer")
    assert "Terbatas" in clerk.get(f"{clerk.url}/register?id={other.id}").text


@pytest.mark.parametrize(
    ("kind", "values", "value", "expected"),
    [
        ("TEXT_EQ", ["Selesai"], "selesai", True),
        ("TEXT_CONTAINS", ["lambat"], "terlambat 1 hari", True),
        ("TEXT_STARTS_WITH", ["ter"], "tepat", False),
        ("NUMBER_GREATER", ["5"], 6, True),
        ("NUMBER_BETWEEN", ["1", "3"], 3, True),
        ("NUMBER_LESS", ["5"], "teks", False),
        ("NUMBER_EQ", ["bukan angka"], 5, None),
        ("BLANK", [], None, True),
        ("NOT_BLANK", [], None, False),
        ("ONE_OF_LIST", ["a", "b"], "b", True),
        ("BOOLEAN", [], True, True),
        ("CUSTOM_FORMULA", ["=A1>1"], 5, None),
    ],
)
def test_conditions(kind, values, value, expected):
    condition = {"type": kind, "values": [{"userEnteredValue": text} for text in values]}
    assert fulfils(value, "" if value is None else str(value), condition, "en_US") is expected
