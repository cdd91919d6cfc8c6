"""Every route is listed here as public, or is guarded, so that nobody adds one without deciding who may use it."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

PUBLIC = {
    "GET /",
    "GET /pengaduan",
    "POST /pengaduan",
    "GET /pengaduan/isi/<name>",
    "POST /pengaduan/isi/<name>",
    "POST /pengaduan/isi/bukti",
    "POST /pengaduan/hapus",
    "GET /privasi",
    "GET /statistik",
    "GET /statistik/<key>",
    "GET /data/",
    "GET /data/pengaduan-<key>.<any(csv, json):form>",
    "GET /data/kamus",
    "GET /data/kamus.json",
    "GET /pengaduan/<ticket>/tanda-terima",
    "GET /bukti",
    "POST /bukti",
    "GET /pengaduan/<ticket>/tanda-terima.pdf",
    "POST /pengaduan/<ticket>/tanda-terima/kirim",
    "GET /pengaduan/<ticket>/tanggapi/<key>",
    "POST /pengaduan/<ticket>/tanggapi/<key>",
    "GET /pengaduan/<ticket>/bukti",
    "POST /pengaduan/<ticket>/bukti",
    "GET /pengaduan/<ticket>/bukti/<token>",
    "POST /pengaduan/<ticket>/bukti/<token>",
    "POST /pengaduan/<ticket>/keluar",
    "GET /lupa-tiket",
    "POST /lupa-tiket",
    "GET /status",
    "GET /status/<ticket>",
    "POST /api/v1/complaints",
    "GET /api/v1/complaints/<ticket>",
    "GET /api/v1/openapi.json",
    "GET /open311/v2/discovery.<any(json, xml):form>",
    "GET /open311/v2/services.<any(json, xml):form>",
    "GET /open311/v2/services/<code>.<any(json, xml):form>",
    "GET /open311/v2/requests.<any(json, xml):form>",
    "POST /open311/v2/requests.<any(json, xml):form>",
    "GET /open311/v2/requests/<ticket>.<any(json, xml):form>",
    "GET /open311/v2/tokens/<token>.<any(json, xml):form>",
    "GET /healthz",
    "GET /readyz",
    'POST /webhooks/<any("whatsapp", "meta", "telegram", "google-forms", "sheet-edits", "drive"):source>',
    'GET /webhooks/<any("whatsapp", "meta"):source>',
    "GET /register",
    "GET /robots.txt",
    "GET /favicon.ico",
    "GET /static/<path:filename>",
    "GET /petugas/masuk",
    "POST /petugas/masuk",
    "POST /petugas/keluar",
    "GET /petugas/papan/buka",
    "POST /petugas/papan/buka",
}
STAFF = {
    "GET /petugas",
    "GET /petugas/papan",
    "GET /petugas/papan/layar",
    "POST /petugas/papan/layar",
    "POST /petugas/papan/layar/lepas",
    "GET /petugas/dasbor",
    "GET /petugas/dasbor/daftar",
    "GET /petugas/dasbor/laporan/<period>.<any(pdf, xlsx, csv):kind>",
    "GET /loket",
    "POST /loket",
    "GET /loket/kertas",
    "POST /loket/kertas",
    "POST /loket/sama",
    "GET /loket/cari",
    "POST /loket/cari",
    "GET /loket/<ticket>",
    "GET /loket/<ticket>/<key>.pdf",
    "GET /loket/<ticket>/<key>.docx",
    "GET /loket/dokumen",
    "GET /loket/dokumen/<key>.pdf",
    "GET /loket/buku",
    "GET /loket/<ticket>/bukti",
    "POST /loket/<ticket>/bukti",
    "GET /loket/<ticket>/bukti/<attachment_id>",
}
WRITTEN = "Bantuan sembako belum kami terima selama tiga bulan."


def served(app: Flask, *, guarded: bool) -> set[str]:
    return {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if getattr(app.view_functions[rule.endpoint], "staff_only", False) is guarded
    }


def test_every_route_is_public_on_purpose_or_guarded(client: FlaskClient) -> None:
    assert served(client.application, guarded=False) == PUBLIC
    assert served(client.application, guarded=True) == STAFF


@pytest.mark.parametrize("route", sorted(STAFF))
@pytest.mark.parametrize("cookie", ["", "aduan_staff=palsu"])
def test_whoever_is_not_signed_in_gets_the_sign_in_page_and_never_the_data(
    client: FlaskClient, filed, route: str, cookie: str
) -> None:
    ticket = filed()
    method, path = (
        route.replace("<ticket>", ticket)
        .replace("<key>", "tanda-terima")
        .replace("<attachment_id>", "x")
        .replace("<period>.<any(pdf, xlsx, csv):kind>", "2026-11.pdf")
        .split()
    )
    sent = {"cari": ticket, "phone": "0812-0000-0000"} if method == "POST" else None
    answer = client.open(path, method=method, data=sent, headers={"Cookie": cookie})
    if method == "GET":
        assert answer.status_code == 303
        assert answer.headers["Location"] == f"/petugas/masuk?next={path}"
    else:
        assert answer.status_code == 401
        assert 'name="sandi"' in answer.text
    assert WRITTEN not in answer.text
    assert "Diterima" not in answer.text


def test_the_pages_script_is_told_so_as_json(client: FlaskClient, filed) -> None:
    filed()
    answer = client.post("/loket/sama", data={"phone": "0812-0000-0000"}, headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert set(json.loads(answer.text)) == {"detail"}
