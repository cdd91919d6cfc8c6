"""Headers that every answer carries."""

from urllib.parse import urlsplit

from flask import Flask, Response, abort, request

from webhooks.context import here

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'{targets}; base-uri 'none'; frame-ancestors 'none'"
)
_STAFF = ("/loket", "/petugas")
_KEPT_NOWHERE = ("/pengaduan", "/bukti", "/status", "/api/", "/open311/", "/lupa-tiket", *_STAFF)
_FORM = ("/", "/pengaduan")
_STEPS = "/pengaduan/isi/"
_SIGN_IN = "/petugas/masuk"
_YEAR_SECONDS = 365 * 24 * 3600


def register_security(app: Flask) -> None:
    """No foreign or inline content, no framing, no trace of a ticket in caches, search engines or referrers."""
    app.before_request(_refuse_strange_host)
    app.after_request(_secure)


def _refuse_strange_host() -> None:
    """Links are built from the Host header where no public address is set. HTTP/1.0 may leave it out."""
    if request.headers.get("Host") and not request.host:
        abort(400)


def _sends_forms() -> bool:
    return request.path in _FORM or request.path.startswith((_STEPS, *_STAFF))


def _sign_in_target() -> str:
    """Whoever signs in on the way to the register is led on to another port, which browsers count as another origin."""
    parts = urlsplit((request.path == _SIGN_IN and here().settings.register_url()) or "")
    return f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""


def _secure(response: Response) -> Response:
    headers = response.headers
    headers["Content-Security-Policy"] = _POLICY.format(targets=_sign_in_target())
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    # The form needs its own origin named when it is sent (see form_token); pages with a ticket in their address name
    # nothing to anybody.
    headers["Referrer-Policy"] = "same-origin" if _sends_forms() else "no-referrer"
    if request.path.startswith(_KEPT_NOWHERE):
        headers["Cache-Control"] = "no-store"
        headers["X-Robots-Tag"] = "noindex"
    elif request.path in _FORM:
        headers["Cache-Control"] = "no-store"  # every form has a token of its own
    if here().settings.public_url.startswith("https:"):
        headers["Strict-Transport-Security"] = f"max-age={_YEAR_SECONDS}"
    return response
