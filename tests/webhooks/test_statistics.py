"""The public's page of figures and the open data: what was published, for anybody to read and keep."""

import csv
import io
import json
import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from register.editions import PublicRow, PublicTable
from register.store import Store
from tests.webhooks.shelf import fill, invented_shelf
from webhooks.open_data import as_csv, dictionary, rows_of

YEAR = next(edition for edition in invented_shelf() if edition.period.key == "2025")
LARGEST_PAGE = 60_000


@pytest.fixture
def shelf(store: Store) -> None:
    fill(store)


def test_before_anything_is_published_no_page_leads_to_it(client: FlaskClient) -> None:
    assert "/statistik" not in client.get("/privasi").text
    page = client.get("/statistik")
    assert page.status_code == 200
    assert "Belum ada yang terbit" in page.text
    assert client.get("/statistik/2025").status_code == 404
    assert client.get("/data/pengaduan-2025.csv").status_code == 404
    assert client.get("/data/").status_code == 200


def test_the_newest_year_is_shown_and_the_months_since(client: FlaskClient, shelf: None) -> None:
    assert "/statistik" in client.get("/privasi").text
    page = client.get("/statistik").text
    assert "Tahun 2025" in page
    assert f"Kami mencatat {YEAR.received} pengaduan." in page
    assert "Juli 2025 sampai Agustus 2025" in page
    assert "Maret 2026" in page
    assert 'href="/statistik/2026-03"' in page
    assert "Pungutan liar" not in page
    for promise in ("hampir semua atau semua", "sekitar 9 dari 10", "terlalu sedikit"):
        assert promise in page


@pytest.mark.parametrize("edition", invented_shelf(), ids=lambda edition: edition.period.key)
def test_every_edition_has_a_page_and_files_with_the_same_figures(client: FlaskClient, shelf: None, edition) -> None:
    key = edition.period.key
    assert client.get(f"/statistik/{key}").status_code == 200
    file = client.get(f"/data/pengaduan-{key}.json").json
    rows = list(csv.DictReader(io.StringIO(client.get(f"/data/pengaduan-{key}.csv").text, newline="")))
    assert rows == [{name: "" if value is None else str(value) for name, value in row.items()} for row in file["baris"]]
    assert file["jumlah"] == edition.received
    counted = {"bulan": sum(span.received for span in edition.spans)} | {
        table.key: sum(row.count for row in table.rows) for table in edition.tables
    }
    for table, count in counted.items():
        assert count == (edition.received or 0)
        assert sum(int(row["jumlah"]) for row in rows if row["tabel"] == table) == count


def test_every_column_and_table_is_in_the_dictionary(client: FlaskClient, shelf: None) -> None:
    told = client.get("/data/kamus.json").json
    file = client.get("/data/pengaduan-2025.json").json
    assert [column["name"] for column in told["column"]] == list(file["baris"][0])
    assert {row["tabel"] for row in file["baris"]} <= {table["name"] for table in told["table"]}
    page = client.get("/data/kamus").text
    for each in (*told["column"], *told["table"]):
        assert all(each[language] for language in ("id", "en"))
        assert f"<code>{each['name']}</code>" in page
    assert file["kamus"].endswith("/data/kamus.json")
    assert client.get(file["kamus"]).status_code == 200


@pytest.mark.parametrize("path", ["/statistik", "/statistik/2025", "/data/", "/data/kamus", "/data/pengaduan-2025.csv"])
def test_anybody_may_keep_it_and_ask_whether_it_changed(client: FlaskClient, shelf: None, path: str) -> None:
    first = client.get(path)
    assert first.headers["Cache-Control"] == "public, max-age=3600"
    assert "Set-Cookie" not in first.headers
    assert first.last_modified
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(path, headers={"If-None-Match": '"anders"'}).status_code == 200
    assert len(first.data) < LARGEST_PAGE


def test_a_chosen_language_is_kept_by_nobody_else(client: FlaskClient, shelf: None) -> None:
    chosen = client.get("/statistik?lang=en")
    assert chosen.headers["Cache-Control"] == "private, no-cache"
    english = client.get("/statistik")
    assert "We recorded" in english.text
    assert "about 9 in 10" in english.text
    for said, unsaid in (("Desk", "Loket"), ("Number", "Complaint<")):
        assert said in english.text
        assert unsaid not in english.text
    assert "Cookie" in english.headers["Vary"]
    client.delete_cookie("lang")
    assert client.get("/statistik").headers["ETag"] != english.headers["ETag"]


PROMISES = {
    "id": (
        "Datang langsung",
        "pengaduan diserahkan kepada bidang yang menangani",
        "10\u00a0menit",
        "2\u00a0hari kerja",
    ),
    "en": (
        "In person",
        "the complaint is passed on to the division in charge",
        "10\u00a0minutes",
        "2\u00a0working days",
    ),
}


@pytest.mark.parametrize(("language", "other"), [("id", "en"), ("en", "id")])
def test_what_was_promised_is_said_in_the_page_s_language(
    client: FlaskClient, shelf: None, language: str, other: str
) -> None:
    page = client.get(f"/statistik?lang={language}").text
    assert all(words in page for words in PROMISES[language])
    assert not any(words in page for words in PROMISES[other])
    rows = client.get("/data/pengaduan-2025.json").json["baris"]
    promised = {(row["label"], row["janji"]) for row in rows if row["janji"]}
    way, step, norm, _ = (words.replace("\u00a0", " ") for words in PROMISES["id"])
    assert (f"{way}: {step}", norm) in promised, "files are in Indonesian, whoever asks for them"


@pytest.mark.parametrize(
    "path", ["/data/", "/data/kamus.json", "/data/pengaduan-2025.csv", "/data/pengaduan-2025.json"]
)
def test_other_sites_may_read_the_data_and_only_these(client: FlaskClient, shelf: None, path: str) -> None:
    assert client.get(path).headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in client.get("/statistik").headers


@pytest.mark.parametrize("key", ["2024", "2025-13", "2025-q1", "abc", " 2025", "2025-Q1", "2025%00", "../2025"])
def test_what_was_not_published_is_not_there(client: FlaskClient, shelf: None, key: str) -> None:
    for path in (f"/statistik/{key}", f"/data/pengaduan-{key}.csv", f"/data/pengaduan-{key}.json"):
        assert client.get(path).status_code == 404


def test_a_period_that_is_not_published_says_so_and_leads_to_the_newest(client: FlaskClient, shelf: None) -> None:
    coming = client.get("/statistik/2099-02")
    assert coming.status_code == 404
    assert "belum terbit. Terbit paling cepat 11 Maret 2099." in coming.text
    assert 'href="/statistik">Lihat yang terbaru: Tahun 2025' in coming.text
    for key in ("2024", "2099-Q1"):
        page = client.get(f"/statistik/{key}")
        assert "tidak diterbitkan, atau belum" in page.text
        assert "Terbit paling cepat" not in page.text


def test_the_list_of_files_begins_with_the_newest_year_and_in_it_with_tables(client: FlaskClient, shelf: None) -> None:
    keys = re.findall(r'href="/data/pengaduan-([^"]+)\.csv"', client.get("/data/").text)
    assert keys[-13:] == ["2025", *(f"2025-{month:02d}" for month in range(12, 0, -1))]
    assert keys[0].startswith("2026-")


def test_files_call_things_what_the_page_calls_them(client: FlaskClient, shelf: None) -> None:
    client.get("/statistik?lang=en")
    labels = {row["label"] for row in client.get("/data/pengaduan-2025.json").json["baris"] if row["jumlah"]}
    client.delete_cookie("lang")
    page = client.get("/statistik/2025").text
    assert "Lainnya, digabung" in labels
    assert all(f'<th scope="row">{label}</th>' in page for label in labels), labels


def test_units_are_said_in_the_page_s_language(client: FlaskClient, shelf: None) -> None:
    assert "satuan: persepuluhan" in client.get("/data/kamus").text
    assert "tenths)" in client.get("/data/kamus?lang=en").text


def test_a_page_needs_no_script_and_no_style_of_its_own(client: FlaskClient, shelf: None) -> None:
    page = client.get("/statistik").text
    assert "<script" not in page
    assert not re.search(r"<[^>]+ style=", page)


def test_no_program_computes_what_is_in_a_file() -> None:
    wicked = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1")
    table = PublicTable("district", "Kecamatan", tuple(PublicRow(text, text, 5) for text in wicked))
    edition = replace(YEAR, tables=(table,), shares=())
    rows = [row for row in csv.DictReader(io.StringIO(as_csv(edition), newline="")) if row["tabel"] == "district"]
    assert [row["label"] for row in rows] == ["'" + text for text in wicked]
    assert [row["kode"] for row in rows] == ["'" + text for text in wicked]


def test_dictionary_and_rows_agree() -> None:
    assert all(list(row) == [column["name"] for column in dictionary()["column"]] for row in rows_of(YEAR))
    assert json.loads(json.dumps(dictionary())) == dictionary()


def test_an_edition_of_too_few_says_so(client: FlaskClient, store: Store, shelf: None) -> None:
    page = client.get("/statistik/2025-07").text
    assert "terlalu sedikit untuk ditampilkan" in page
    assert "Dihitung bersama: Juli 2025 sampai Agustus 2025." in client.get("/statistik/2025-08").text
