"""Files are fetched from the channel's own servers, within bounds, and nothing secret is told."""

import gzip
import io
import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.channels.inbound import telegram, whatsapp
from automation.channels.inbound.downloads import DirectSession, Download, DownloadError, Home, Reason
from automation.channels.inbound.media import META_HOSTS, Failed, Fetched, Servers, fetch
from forms.attachments.kinds import LARGEST_VIDEO_BYTES
from register.complaint import Channel
from register.inbound import Media, Message
from tests.automation.channels.inbound.bodies import PAYLOADS, RECEIVED
from tests.automation.channels.inbound.file_server import Answer, FileServer, file_server

FILE = b"\xff\xd8\xff isi gambar"
WA_TOKEN, BOT_TOKEN = "EAAB-rahasia-wa", "4711:rahasia-bot"
BEARER = f"Bearer {WA_TOKEN}"
DOCUMENT = Media("300000000000004", "https://lookaside.fbsbx.com/1", "surat-contoh.pdf", "application/pdf")


@pytest.fixture
def files() -> Iterator[FileServer]:
    with file_server() as server:
        yield server


def servers(files: FileServer, **other: Any) -> Servers:
    set_up = Servers(f"{files.url}/v25.0", files.url, WA_TOKEN, BOT_TOKEN, timeout_seconds=5, total_seconds=10)
    return replace(set_up, **other)


def ask(files: FileServer, media: Media, channel: Channel = Channel.WHATSAPP, **other: Any) -> Fetched | Failed:
    limit = other.pop("limit_bytes", LARGEST_VIDEO_BYTES)
    return fetch(media, channel, "200000000000002", servers=servers(files, **other), limit_bytes=limit)


def on_whatsapp(files: FileServer, answer: Answer) -> Media:
    """A file there, told of by the Graph API."""
    files.tell("/v25.0/300000000000004", {"url": f"{files.url}/file", "mime_type": "image/jpeg", "file_size": "20"})
    files.paths["/file"] = answer
    return Media("300000000000004")


# -- each channel's way -----------------------------------------------------------------------------------------------


def test_whatsapp_tells_where_a_file_is_and_hands_it_out_with_the_token(files: FileServer) -> None:
    (sent,) = whatsapp.read(PAYLOADS["whatsapp_document"], received_at=RECEIVED)
    assert isinstance(sent, Message)
    on_whatsapp(files, Answer(FILE, headers={"Content-Type": "application/octet-stream"}))
    found = ask(files, sent.media[0])
    assert found == Fetched(FILE, "surat-contoh.pdf", "application/pdf")
    assert [(asked.path, asked.query, asked.token) for asked in files.asked] == [
        ("/v25.0/300000000000004", {"phone_number_id": "200000000000002"}, BEARER),
        ("/file", {}, BEARER),
    ]


def test_telegram_tells_a_path_and_hands_the_file_out_below_the_token(files: FileServer) -> None:
    (sent,) = telegram.read(PAYLOADS["telegram_photo"], received_at=RECEIVED)
    assert isinstance(sent, Message)
    files.tell(f"/bot{BOT_TOKEN}/getFile", {"ok": True, "result": {"file_path": "photos/foto 1.jpg", "file_size": 9}})
    files.paths[f"/file/bot{BOT_TOKEN}/photos/foto%201.jpg"] = Answer(FILE, headers={"Content-Type": "image/jpeg"})
    assert ask(files, sent.media[0], Channel.TELEGRAM) == Fetched(FILE, "foto 1.jpg", "image/jpeg")
    assert files.asked[0].query == {"file_id": sent.media[0].id}
    assert {asked.token for asked in files.asked} == {""}


@pytest.mark.parametrize("channel", [Channel.FACEBOOK, Channel.INSTAGRAM])
def test_attachments_of_meta_need_no_token(files: FileServer, channel: Channel) -> None:
    files.paths["/a.jpg"] = Answer(FILE, headers={"Content-Type": "image/jpeg"})
    media = Media(url=f"{files.url}/a.jpg", name="../foto.jpg")
    assert ask(files, media, channel) == Fetched(FILE, "foto.jpg", "image/jpeg")
    assert files.asked[0].token == ""


@pytest.mark.parametrize("chunked", [False, True])
def test_a_large_file_comes_whole(files: FileServer, chunked: bool) -> None:
    large = bytes(range(256)) * 4096
    found = ask(files, on_whatsapp(files, Answer(large, chunked=chunked)))
    assert isinstance(found, Fetched)
    assert found.content == large


def test_what_a_server_packed_is_unpacked(files: FileServer) -> None:
    found = ask(files, on_whatsapp(files, Answer(gzip.compress(FILE), headers={"Content-Encoding": "gzip"})))
    assert isinstance(found, Fetched)
    assert found.content == FILE


# -- bounds -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"x" * 1001),
        Answer(b"x" * 1001, chunked=True),
        Answer(b"x", claims=10**12),
        Answer(gzip.compress(b"x" * 50_000_000), headers={"Content-Encoding": "gzip"}),
    ],
    ids=["told", "not told", "only told", "packed"],
)
def test_too_large_a_file_is_not_fetched_to_its_end(files: FileServer, answer: Answer) -> None:
    limit = 100_000 if answer.headers else 1000
    found = ask(files, on_whatsapp(files, answer), limit_bytes=limit)
    assert found == Failed(Reason.TOO_LARGE, again=False)


def test_a_file_of_just_the_limit_is_fetched(files: FileServer) -> None:
    assert isinstance(ask(files, on_whatsapp(files, Answer(b"x" * 1000)), limit_bytes=1000), Fetched)


@pytest.mark.parametrize("size", [1001, "1001", 1e300])
def test_a_file_that_is_said_to_be_too_large_is_not_asked_for(files: FileServer, size: Any) -> None:
    files.tell("/v25.0/300000000000004", {"url": f"{files.url}/file", "file_size": size})
    assert ask(files, DOCUMENT, limit_bytes=1000) == Failed(Reason.TOO_LARGE, again=False)
    files.tell(f"/bot{BOT_TOKEN}/getFile", {"ok": True, "result": {"file_path": "a", "file_size": size}})
    assert ask(files, Media("F"), Channel.TELEGRAM, limit_bytes=1000) == Failed(Reason.TOO_LARGE, again=False)
    assert len(files.asked) == 2


def test_a_server_that_keeps_silent_or_trickles_is_given_up(files: FileServer) -> None:
    began = time.monotonic()
    silent = on_whatsapp(files, Answer(silent=True))
    assert ask(files, silent, timeout_seconds=0.2) == Failed(Reason.SLOW, again=True)
    trickling = on_whatsapp(files, Answer(b"x" * 10_000, pause_seconds=0.01))
    assert ask(files, trickling, total_seconds=0.3) == Failed(Reason.SLOW, again=True)
    stopping = on_whatsapp(files, Answer(b"x" * 10_000, pause_seconds=5))
    assert ask(files, stopping, timeout_seconds=0.2) == Failed(Reason.SLOW, again=True)
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("chunked", [False, True])
def test_a_file_that_breaks_off_is_none(files: FileServer, chunked: bool) -> None:
    broken = on_whatsapp(files, Answer(FILE, claims=1000, chunked=chunked))
    assert ask(files, broken) == Failed(Reason.CUT, again=True)


def test_a_server_that_is_not_there_may_come_back() -> None:
    gone = FileServer(url="http://127.0.0.1:9")
    assert ask(gone, DOCUMENT) == Failed(Reason.UNREACHABLE, again=True)


# -- refusals ---------------------------------------------------------------------------------------------------------

REFUSALS: dict[str, tuple[int, Any, Failed]] = {
    "token": (401, {"error": {"code": 190}}, Failed(Reason.NOT_ALLOWED, again=True)),
    "token, as Graph tells it": (400, {"error": {"code": 190}}, Failed(Reason.NOT_ALLOWED, again=True)),
    "rights": (403, {"error": {"code": 10}}, Failed(Reason.NOT_ALLOWED, again=True)),
    "unknown file": (400, {"error": {"code": 100, "error_subcode": 33}}, Failed(Reason.GONE, again=False)),
    "expired": (404, {}, Failed(Reason.GONE, again=False)),
    "limit": (429, {}, Failed(Reason.BUSY, again=True)),
    "limit of the app": (400, {"error": {"code": 4}}, Failed(Reason.BUSY, again=True)),
    "passing": (400, {"error": {"code": 1, "is_transient": True}}, Failed(Reason.BUSY, again=True)),
    "broken server": (503, "x" * 200_000, Failed(Reason.BUSY, again=True)),
    "too big for a bot": (400, {"description": "Bad Request: file is too big"}, Failed(Reason.TOO_LARGE, again=False)),
}


@pytest.mark.parametrize("name", REFUSALS)
@pytest.mark.parametrize("channel", [Channel.WHATSAPP, Channel.TELEGRAM])
def test_a_refusal_says_whether_to_come_again(files: FileServer, channel: Channel, name: str) -> None:
    status, told, failed = REFUSALS[name]
    files.tell("/v25.0/300000000000004", told, status)
    files.tell(f"/bot{BOT_TOKEN}/getFile", told, status)
    assert ask(files, DOCUMENT, channel) == failed


@pytest.mark.parametrize("told", [[], {}, {"url": ""}, {"url": 7}, {"result": {"file_path": "/etc/passwd"}}])
def test_an_answer_without_a_file_is_a_bad_one(files: FileServer, told: Any) -> None:
    files.tell("/v25.0/300000000000004", told)
    files.tell(f"/bot{BOT_TOKEN}/getFile", told)
    assert ask(files, DOCUMENT) == Failed(Reason.BAD_ANSWER, again=True)
    assert ask(files, DOCUMENT, Channel.TELEGRAM) == Failed(Reason.BAD_ANSWER, again=True)


@pytest.mark.parametrize("path", ["..", "../a", "a/../../b", "./a", "a/.."])
def test_a_path_leads_nowhere_but_down(files: FileServer, path: str) -> None:
    files.tell(f"/bot{BOT_TOKEN}/getFile", {"ok": True, "result": {"file_path": path}})
    assert ask(files, Media("F"), Channel.TELEGRAM) == Failed(Reason.BAD_ANSWER, again=True)
    assert len(files.asked) == 1


def test_html_instead_of_json_is_a_bad_answer(files: FileServer) -> None:
    files.paths["/v25.0/300000000000004"] = Answer(b"<html>")
    assert ask(files, DOCUMENT) == Failed(Reason.BAD_ANSWER, again=True)


@pytest.mark.parametrize(
    ("media", "channel", "without", "failed"),
    [
        (DOCUMENT, Channel.WHATSAPP, {"whatsapp_token": ""}, Failed(Reason.NOT_SET_UP, again=True)),
        (DOCUMENT, Channel.TELEGRAM, {"telegram_token": ""}, Failed(Reason.NOT_SET_UP, again=True)),
        (Media(), Channel.WHATSAPP, {}, Failed(Reason.NO_ADDRESS, again=False)),
        (Media("../me"), Channel.WHATSAPP, {}, Failed(Reason.NO_ADDRESS, again=False)),
        (Media(), Channel.TELEGRAM, {}, Failed(Reason.NO_ADDRESS, again=False)),
        (Media("3"), Channel.FACEBOOK, {}, Failed(Reason.NO_ADDRESS, again=False)),
        (DOCUMENT, Channel.WEB, {}, Failed(Reason.NO_ADDRESS, again=False)),
    ],
)
def test_without_a_token_or_an_address_nobody_is_asked(
    files: FileServer, media: Media, channel: Channel, without: Any, failed: Failed
) -> None:
    assert ask(files, media, channel, **without) == failed
    assert files.asked == []


# -- only the channel's own servers -----------------------------------------------------------------------------------

FOREIGN = (
    "http://127.0.0.1:1/x",
    "https://127.0.0.1/x",
    "http://169.254.169.254/latest/meta-data",
    "https://[::1]/x",
    "https://contoh.invalid/x",
    "http://lookaside.fbsbx.com/x",
    "https://lookaside.fbsbx.com:8443/x",
    "https://user@lookaside.fbsbx.com/x",
    "https://notfbsbx.com/x",
    "https://fbsbx.com.contoh.invalid/x",
    "https://contoh.invalid\\.fbsbx.com/x",
    "https://contoh.invalid#.fbsbx.com/x",
    "https://contoh.invalid?.fbsbx.com/x",
    "https://lookaside.fbsbx.com\\@contoh.invalid/x",
    "https://contoh.invalid%2f.fbsbx.com/x",
    "file:///etc/passwd",
    "ftp://lookaside.fbsbx.com/x",
    "//lookaside.fbsbx.com/x",
    "lookaside.fbsbx.com/x",
    "https://",
    "https://[broken",
    "https://lookaside.fbsbx.com:port/x",
)


@pytest.mark.parametrize("url", FOREIGN)
def test_no_other_server_is_asked(files: FileServer, url: str) -> None:
    files.tell("/v25.0/300000000000004", {"url": url})
    refused = Failed(Reason.FOREIGN_HOST, again=False)
    assert ask(files, DOCUMENT) == refused
    assert ask(files, Media(url=url), Channel.INSTAGRAM) == refused
    assert [asked.path for asked in files.asked] == ["/v25.0/300000000000004"]


@pytest.mark.parametrize("url", [url for url in FOREIGN if ":/" in url and "[broken" not in url])
def test_nor_by_a_redirection(files: FileServer, url: str) -> None:
    answer = Answer(status=302, headers={"Location": url})
    assert ask(files, on_whatsapp(files, answer)) == Failed(Reason.FOREIGN_HOST, again=False)
    assert [asked.path for asked in files.asked] == ["/v25.0/300000000000004", "/file"]


def test_a_broken_redirection_is_refused_too(files: FileServer) -> None:
    answer = Answer(status=302, headers={"Location": "https://[broken"})
    assert ask(files, on_whatsapp(files, answer)) == Failed(Reason.FOREIGN_HOST, again=False)


def test_a_redirection_on_the_same_server_is_followed_with_the_token(files: FileServer) -> None:
    files.paths["/there/b"] = Answer(FILE)
    found = ask(files, on_whatsapp(files, Answer(status=307, headers={"Location": "there/b"})))
    assert isinstance(found, Fetched)
    assert files.asked[-1].token == BEARER


def test_the_body_of_a_redirection_is_not_waited_for(files: FileServer) -> None:
    files.paths["/b"] = Answer(FILE)
    endless = Answer(b"x" * 100_000, 302, {"Location": "/b"}, pause_seconds=5)
    found = ask(files, on_whatsapp(files, endless), timeout_seconds=0.5)
    assert isinstance(found, Fetched)


def test_redirections_in_a_circle_end(files: FileServer) -> None:
    found = ask(files, on_whatsapp(files, Answer(status=302, headers={"Location": "/file"})))
    assert found == Failed(Reason.BAD_ANSWER, again=True)


def test_another_server_on_this_machine_is_foreign_too(files: FileServer) -> None:
    with file_server() as other:
        other.paths["/a"] = Answer(FILE)
        assert ask(files, Media(url=f"{other.url}/a"), Channel.FACEBOOK) == Failed(Reason.FOREIGN_HOST, again=False)
        assert other.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1",
        "https://scontent-cgk1-1.xx.fbcdn.net/v/1.jpg",
        "https://CDN.FBSBX.com:443/v/1.pdf",
        "https://mmg.whatsapp.net/v/1",
        "https://scontent.cdninstagram.com/v/1.jpg",
        "https://graph.facebook.com/v25.0/1",
    ],
)
def test_the_servers_of_meta_may_be_asked(url: str) -> None:
    home = Home("https://graph.facebook.com/v25.0", META_HOSTS)
    assert home.checked(url) == url


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "printer.lan", "10.0.0.1"])
def test_a_name_of_theirs_that_leads_inside_is_refused(host: str) -> None:
    with pytest.raises(DownloadError):
        Home("https://graph.facebook.com/v25.0", (host,)).checked(f"https://{host}/x")


class Anywhere(Home):
    """Lets every server be asked: Meta's are not on this machine."""

    def checked(self, url: str, base: str = "") -> str:
        return urljoin(base, url)


def test_a_redirection_to_another_server_does_not_take_the_token_along(files: FileServer) -> None:
    with file_server() as other, DirectSession() as session:
        other.paths["/a"] = Answer(FILE)
        files.paths["/file"] = Answer(status=302, headers={"Location": f"{other.url}/a"})
        download = Download(session, timeout_seconds=5, until=time.monotonic() + 10)
        content, _ = download.get(Anywhere(files.url), f"{files.url}/file", 1000, token=WA_TOKEN)
        assert content == FILE
        assert (files.asked[0].token, other.asked[0].token) == (BEARER, "")


def test_telegram_keeps_files_nowhere_else() -> None:
    with pytest.raises(DownloadError):
        Home("https://api.telegram.org").checked("https://lookaside.fbsbx.com/1")


@given(url=st.text(max_size=40) | st.from_regex(r"https?://[^/]{0,30}\.fbsbx\.com(:\d{1,6})?/?.{0,5}", fullmatch=True))
def test_whatever_is_told_as_an_address_raises_nothing_else(url: str) -> None:
    home = Home("http://127.0.0.1:9", ("fbsbx.com.invalid",))
    with pytest.raises(DownloadError):
        home.checked(url)


# -- secrets ----------------------------------------------------------------------------------------------------------


def test_no_token_and_no_address_is_told(files: FileServer, capfd: pytest.CaptureFixture[str]) -> None:
    """Not in what is returned, printed or logged, even where a server's headers cannot be read."""
    root, heard = logging.getLogger(), io.StringIO()
    handler = logging.StreamHandler(heard)
    root.addHandler(handler)
    told: list[object] = [servers(files)]
    try:
        for answer in (
            Answer(b"{}", 401),
            Answer(silent=True),
            Answer(b"{", claims=10),
            Answer(b"<html>"),
            Answer(b"{}", headers={"bad header": "x\r\n y\r\nno colon here"}),
        ):
            files.paths[f"/bot{BOT_TOKEN}/getFile"] = files.paths["/v25.0/300000000000004"] = answer
            for channel in (Channel.TELEGRAM, Channel.WHATSAPP):
                told.append(ask(files, DOCUMENT, channel, timeout_seconds=0.2))
        told.append(ask(FileServer(url="http://127.0.0.1:9"), DOCUMENT, Channel.TELEGRAM))
    finally:
        root.removeHandler(handler)
    assert all(isinstance(failed, Failed) for failed in told[1:])
    everything = heard.getvalue() + "".join(capfd.readouterr()) + repr(told)
    assert [secret for secret in (WA_TOKEN, BOT_TOKEN, "rahasia") if secret in everything] == []


def test_a_file_does_not_show_its_content() -> None:
    assert "isi gambar" not in repr(Fetched(FILE, "a.jpg", "image/jpeg"))
