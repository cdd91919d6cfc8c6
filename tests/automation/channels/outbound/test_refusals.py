"""What each error code proves and asks for: over HTTP for the codes of the table, and of the whole table at once."""

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest

from automation.channels.outbound.refusals import Proof, refusal_of
from automation.channels.outcome import Result
from register.complaint import Channel
from tests.automation.channels.outbound.posting import a_post, to_graph, to_telegram
from tests.automation.channels.servers import GraphServer, Reply, TelegramServer, bare, bot_refusal, refusal

WHATSAPP, FACEBOOK, TELEGRAM = Channel.WHATSAPP, Channel.FACEBOOK, Channel.TELEGRAM
REFUSED, UNSURE = Result.REFUSED, Result.UNSURE
TABLE: dict[str, list[dict[str, Any]]] = tomllib.loads(
    files("automation.channels.outbound").joinpath("refusals.toml").read_text("utf-8")
)


@pytest.fixture(name="graph", scope="module")
def _graph() -> Iterator[GraphServer]:
    with GraphServer() as graph:
        yield graph


@pytest.fixture(name="bot", scope="module")
def _bot() -> Iterator[TelegramServer]:
    with TelegramServer() as bot:
        yield bot


@pytest.mark.parametrize(
    ("reply", "result", "hopeless", "unreachable", "wait", "told"),
    [
        (refusal(0, 401), REFUSED, True, False, 0, "Token WhatsApp tidak berlaku lagi"),
        (refusal(190, 401), REFUSED, True, False, 0, "isikan pada ADUAN_WHATSAPP_TOKEN"),
        (refusal(190, 500), REFUSED, True, False, 0, "isikan pada ADUAN_WHATSAPP_TOKEN"),
        (refusal(10, 403), REFUSED, True, False, 0, "tidak mempunyai izin"),
        (refusal(10, 403, subcode=2018278), REFUSED, True, False, 0, "Jendela balasan WhatsApp"),
        (refusal(10, 400, subcode=2018300), REFUSED, True, False, 0, "dipegang aplikasi lain"),
        (refusal(200, 403), REFUSED, True, False, 0, "tidak mempunyai izin"),
        (refusal(230, 403), REFUSED, True, False, 0, "tidak mempunyai izin"),
        (refusal(299, 403), REFUSED, True, False, 0, "tidak mempunyai izin"),
        (refusal(200, 403, subcode=1545041), REFUSED, True, True, 0, "memblokir akun kantor"),
        (refusal(100), REFUSED, True, False, 0, "tidak menerima bentuk pesan ini"),
        (refusal(100, subcode=2018001), REFUSED, True, True, 0, "tidak ditemukan lagi"),
        (refusal(100, subcode=33), REFUSED, True, False, 0, "sudah tidak ada"),
        (refusal(551), REFUSED, True, True, 0, "memblokir akun kantor"),
        (refusal(551, subcode=1545041), REFUSED, True, True, 0, "memblokir akun kantor"),
        (refusal(4), REFUSED, False, False, 300, "Batas jumlah permintaan"),
        (refusal(17, transient=True), REFUSED, False, False, 300, "Batas jumlah permintaan"),
        (refusal(32), REFUSED, False, False, 300, "Batas jumlah permintaan"),
        (refusal(613), REFUSED, False, False, 300, "Batas jumlah permintaan"),
        (refusal(80007, 429, Retry_After="17"), REFUSED, False, False, 17, "Batas jumlah permintaan"),
        (refusal(130429, 429), REFUSED, False, False, 30, "sekaligus"),
        (refusal(131056), REFUSED, False, False, 60, "kepada satu orang"),
        (refusal(131048), REFUSED, False, False, 3600, "WhatsApp Manager"),
        (refusal(368, 403), REFUSED, True, False, 0, "Meta membatasi akun WhatsApp"),
        (refusal(131026), REFUSED, True, True, 0, "hubungi lewat telepon"),
        (refusal(131030), REFUSED, True, False, 0, "nomor percobaan"),
        (refusal(131047), REFUSED, True, False, 0, "lebih dari 24 jam"),
        (refusal(132000), REFUSED, True, False, 0, "Isian templat"),
        (refusal(132001, 404), REFUSED, True, False, 0, "belum ada atau belum disetujui"),
        (refusal(131051), REFUSED, True, False, 0, "tidak mendukung jenis pesan"),
        (refusal(131052), REFUSED, True, False, 0, "tidak mendukung jenis pesan"),
        (refusal(10900), REFUSED, True, False, 0, "sudah pernah dipakai"),
        (refusal(1, 400), REFUSED, False, False, 60, "Gangguan sementara"),
        (refusal(1, 500, transient=True), REFUSED, False, False, 60, "Gangguan sementara"),
        (refusal(1, 500), UNSURE, False, False, 0, "periksa percakapannya"),
        (refusal(1, 500, transient=False), UNSURE, False, False, 0, "periksa percakapannya"),
        (refusal(2, 503, transient=True), REFUSED, False, False, 60, "Gangguan sementara"),
        (refusal(2, 503), UNSURE, False, False, 0, "Gangguan sementara"),
        (refusal(131000, 500), UNSURE, False, False, 0, "periksa percakapannya"),
        (refusal(131016, 500, transient=True), REFUSED, False, False, 60, "Gangguan sementara"),
        (refusal(1, 400, subcode=1357046, transient=True), UNSURE, False, False, 0, "mungkin sudah terkirim"),
        (refusal(987654, 400), REFUSED, False, False, 0, "menolak pesan (kode 987654)"),
        (refusal(987654, 500, transient=True), REFUSED, False, False, 0, "menolak pesan (kode 987654)"),
        (refusal(987654, 500), UNSURE, False, False, 0, "periksa percakapannya"),
        (refusal(190, 200), REFUSED, True, False, 0, "Token WhatsApp"),
        (Reply(400, {"error": {"code": "131047"}}), REFUSED, True, False, 0, "lebih dari 24 jam"),
        (Reply(400, {"error": {"code": None}}), UNSURE, False, False, 0, "status 400"),
        (Reply(400, {"error": "tidak boleh"}), UNSURE, False, False, 0, "status 400"),
        (bare(429, Retry_After="90"), REFUSED, False, False, 90, "Batas jumlah permintaan"),
        (bare(429), REFUSED, False, False, 300, "Batas jumlah permintaan"),
        (bare(400), UNSURE, False, False, 0, "status 400"),
        (bare(302, b"", Location="http://127.0.0.1:9/"), UNSURE, False, False, 0, "status 302"),
        (bare(500), UNSURE, False, False, 0, "status 500"),
        (bare(502), UNSURE, False, False, 0, "status 502"),
        (bare(200), UNSURE, False, False, 0, "status 200"),
        (bare(200, b""), UNSURE, False, False, 0, "status 200"),
        (bare(204, b""), UNSURE, False, False, 0, "status 204"),
        (bare(200, b"[" * 60000), UNSURE, False, False, 0, "status 200"),
        (bare(200, b" " * 70000), UNSURE, False, False, 0, "tidak menjawab"),
        (Reply(200, {"messages": []}), UNSURE, False, False, 0, "status 200"),
        (Reply(200, {"messages": [{}]}), UNSURE, False, False, 0, "status 200"),
        (Reply(200, {"messages": "ya"}), UNSURE, False, False, 0, "status 200"),
        (Reply(200, {"success": True}), UNSURE, False, False, 0, "status 200"),
        (Reply(200, ["ya"]), UNSURE, False, False, 0, "status 200"),
    ],
)
def test_what_graph_answers(
    graph: GraphServer, *, reply: Reply, result: Result, hopeless: bool, unreachable: bool, wait: int, told: str
) -> None:
    graph.answer_next(reply)
    outcome = to_graph(graph)[WHATSAPP](a_post(WHATSAPP))
    assert (outcome.result, outcome.hopeless, outcome.unreachable) == (result, hopeless, unreachable)
    assert outcome.wait_seconds == wait
    assert told in outcome.problem
    assert outcome.problem.endswith(".")
    assert outcome.proof == ""


@pytest.mark.parametrize(
    ("reply", "result", "hopeless", "unreachable", "wait", "told"),
    [
        (bot_refusal(400, "Bad Request: chat not found"), REFUSED, True, True, 0, "tidak ditemukan lagi"),
        (bot_refusal(400, "[Error]: Bad Request: user not found"), REFUSED, True, True, 0, "tidak ditemukan lagi"),
        (bot_refusal(400, "Bad Request: message is too long"), REFUSED, True, False, 0, "bentuk pesan ini"),
        (bot_refusal(401, "Unauthorized"), REFUSED, True, False, 0, "isikan pada ADUAN_TELEGRAM_TOKEN"),
        (bot_refusal(404, "Not Found"), REFUSED, True, False, 0, "isikan pada ADUAN_TELEGRAM_TOKEN"),
        (bot_refusal(403, "Forbidden: bot was blocked by the user"), REFUSED, True, True, 0, "memblokir bot"),
        (bot_refusal(403, "Forbidden: user is deactivated"), REFUSED, True, True, 0, "menutup akunnya"),
        (
            bot_refusal(403, "Forbidden: bot can't initiate conversation with a user"),
            REFUSED,
            True,
            False,
            0,
            "tidak boleh memulai",
        ),
        (bot_refusal(429, "Too Many Requests: retry after 7", 7), REFUSED, False, False, 7, "menunggu"),
        (bot_refusal(429, "Too Many Requests"), REFUSED, False, False, 30, "menunggu"),
        (bot_refusal(409, "Conflict"), REFUSED, False, False, 0, "menolak pesan (kode 409)"),
        (bare(429, Retry_After="5"), REFUSED, False, False, 5, "menunggu"),
        (bot_refusal(500, "Internal Server Error"), UNSURE, False, False, 0, "status 500"),
        (bare(502), UNSURE, False, False, 0, "status 502"),
        (bare(404), UNSURE, False, False, 0, "status 404"),
        (bare(200, b""), UNSURE, False, False, 0, "status 200"),
        (Reply(200, {"ok": True}), UNSURE, False, False, 0, "status 200"),
        (Reply(200, {"ok": True, "result": True}), UNSURE, False, False, 0, "status 200"),
        (Reply(200, {"ok": "true", "result": {}}), UNSURE, False, False, 0, "status 200"),
        (Reply(400, {"ok": False, "error_code": "400"}), UNSURE, False, False, 0, "status 400"),
        (
            Reply(429, {"ok": False, "error_code": 429, "parameters": {"retry_after": "x"}}),
            REFUSED,
            False,
            False,
            30,
            "menunggu",
        ),
    ],
)
def test_what_telegram_answers(
    bot: TelegramServer, *, reply: Reply, result: Result, hopeless: bool, unreachable: bool, wait: int, told: str
) -> None:
    bot.answer_next(reply)
    outcome = to_telegram(bot)(a_post(TELEGRAM, person="4711"))
    assert (outcome.result, outcome.hopeless, outcome.unreachable) == (result, hopeless, unreachable)
    assert outcome.wait_seconds == wait
    assert told in outcome.problem


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry_After": "120"}, 120),
        ({"Retry_After": "0"}, 60),
        ({"Retry_After": "99999999999999"}, 86400),
        ({"Retry_After": "-5"}, 60),
        ({"Retry_After": "Mon, 23 Nov 2026 02:32:00 GMT", "Date": "Mon, 23 Nov 2026 02:30:00 GMT"}, 120),
        ({"Retry_After": "Mon, 23 Nov 2026 02:29:00 GMT", "Date": "Mon, 23 Nov 2026 02:30:00 GMT"}, 60),
        ({"Retry_After": "Mon, 23 Nov 2037 02:32:00 GMT", "Date": "Mon, 23 Nov 2026 02:30:00 GMT"}, 86400),
        ({"Retry_After": "Mon, 23 Nov 2026 02:32:00 GMT", "Date": "kemarin"}, 60),
        ({"Retry_After": "besok"}, 60),
        ({}, 60),
    ],
)
def test_how_long_the_server_asks_to_be_left_alone(graph: GraphServer, headers: dict[str, str], wait: int) -> None:
    """Where it does not say, or says what cannot be counted, the code's own pause holds: 60 seconds for 131056."""
    graph.answer_next(refusal(131056, 429, **headers))
    assert to_graph(graph)[WHATSAPP](a_post(WHATSAPP)).wait_seconds == wait


@pytest.mark.parametrize(
    ("usage", "wait"),
    [
        ('{"1": [{"type": "messenger", "call_count": 100, "estimated_time_to_regain_access": 7}]}', 420),
        ('{"1": [{"estimated_time_to_regain_access": 7}], "2": [{"estimated_time_to_regain_access": 9}]}', 540),
        ('{"1": [{"type": "messenger", "estimated_time_to_regain_access": 0}]}', 300),
        ('{"1": [{"estimated_time_to_regain_access": 99999}]}', 86400),
        ('{"1": [{"estimated_time_to_regain_access": null}, 5], "2": {}}', 300),
        ("{", 300),
        ("", 300),
    ],
)
def test_the_usage_header_says_when_calls_are_allowed_again(graph: GraphServer, usage: str, wait: int) -> None:
    graph.answer_next(refusal(80006, X_Business_Use_Case_Usage=usage))
    assert to_graph(graph)[FACEBOOK](a_post(FACEBOOK)).wait_seconds == wait


# -- the whole table --------------------------------------------------------------------------------------------------

META_CODES = [(code, subcode) for row in TABLE["meta"] for code in row["codes"] for subcode in row.get("subcodes", [0])]


@pytest.mark.parametrize(("code", "subcode"), META_CODES)
@pytest.mark.parametrize("channel", [WHATSAPP, FACEBOOK])
def test_every_code_of_meta_has_its_row_and_a_finished_sentence(channel: Channel, code: int, subcode: int) -> None:
    (row,) = [row for row in TABLE["meta"] if code in row["codes"] and subcode in (row.get("subcodes") or [0])]
    told = refusal_of(channel, code, subcode=subcode)
    assert told.problem == row["problem"].format(
        channel=channel.value.title().replace("Whatsapp", "WhatsApp"), setting=f"ADUAN_{channel.value.upper()}_TOKEN"
    )
    assert (told.hopeless, told.unreachable) == (row.get("hopeless", False), row.get("unreachable", False))
    assert told.wait_seconds == row.get("wait", 0)


@pytest.mark.parametrize("row", [*TABLE["meta"], *TABLE["telegram"]], ids=lambda row: str(row["codes"]))
def test_a_row_says_what_to_do_and_does_not_contradict_itself(row: dict[str, Any]) -> None:
    assert set(row) <= {"codes", "range", "subcodes", "phrase", "problem", "hopeless", "unreachable", "wait", "proof"}
    assert row["problem"].endswith(".")
    assert not (row.get("hopeless") and row.get("wait"))
    assert row.get("hopeless") or row.get("wait") or row.get("proof")
    assert row.get("hopeless") or not row.get("unreachable")


def test_an_unknown_subcode_counts_as_its_code() -> None:
    assert refusal_of(WHATSAPP, 100, subcode=4242) == refusal_of(WHATSAPP, 100)


def test_an_unknown_code_proves_nothing_by_itself() -> None:
    assert refusal_of(WHATSAPP, 424242).proof is Proof.REFUSAL
