import pytest

PATHS = ["/", "/status", "/status/0000-0000-S", "/healthz", "/api/v1/openapi.json", "/static/pages.css", "/nix"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_guarded(client, path) -> None:
    headers = client.get(path, buffered=True).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"


def test_pages_with_a_ticket_leave_no_trace(client, filed) -> None:
    ticket = filed()
    pages = (f"/status/{ticket}", f"/pengaduan/{ticket}/tanda-terima", f"/pengaduan/{ticket}/bukti", "/lupa-tiket")
    for path in (*pages, f"/api/v1/complaints/{ticket}"):
        headers = client.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Robots-Tag"] == "noindex"


def test_forms_name_their_origin_when_sent(client) -> None:
    assert client.get("/").headers["Referrer-Policy"] == "same-origin"
    assert client.post("/pengaduan").headers["Referrer-Policy"] == "same-origin"


def test_https_is_kept_where_it_is_public(build) -> None:
    assert "Strict-Transport-Security" not in build().test_client().get("/").headers
    headers = build(public_url="https://aduan.contoh.id").test_client().get("/").headers
    assert headers["Strict-Transport-Security"].startswith("max-age=")


def test_cookies_are_out_of_reach_of_scripts(client) -> None:
    cookies = client.get("/?lang=en", base_url="https://aduan.contoh.id").headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "Secure" in cookie
        assert "SameSite=Lax" in cookie


def test_proxies_are_believed_only_where_they_are_configured(build, filed) -> None:
    ticket = filed()
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "aduan.contoh.id"}
    path = f"/pengaduan/{ticket}/tanda-terima"
    assert "http://localhost/status/" in build().test_client().get(path, headers=headers).text
    behind = build(trusted_proxies=1).test_client().get(path, headers=headers).text
    assert "https://aduan.contoh.id/status/" in behind


def test_the_secret_key_is_not_shown() -> None:
    from webhooks import WebSettings

    assert "rahasia" not in repr(WebSettings(secret_key="rahasia"))
