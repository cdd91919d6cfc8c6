"""Every route is listed here as public, so that nobody adds one without deciding who may use it."""

from flask import Flask

PUBLIC = {
    "GET /",
    "GET /pengaduan",
    "POST /pengaduan",
    "GET /pengaduan/isi/<name>",
    "POST /pengaduan/isi/<name>",
    "POST /pengaduan/isi/bukti",
    "POST /pengaduan/hapus",
    "GET /privasi",
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
    "GET /healthz",
    "GET /readyz",
    "GET /register",
    "GET /robots.txt",
    "GET /favicon.ico",
    "GET /static/<path:filename>",
}


def test_every_route_is_public_on_purpose(client) -> None:
    app: Flask = client.application
    served = {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert served == PUBLIC
