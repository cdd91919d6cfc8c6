"""What e-mails say: who wrote, what they wrote themselves, which files, and which mail programs wrote."""

import base64
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from automation.channels.inbound.email import MOST_IDS, TOO_LARGE, may_answer, message_id, read
from automation.channels.inbound.email_parts import part
from automation.channels.inbound.email_words import LONGEST_HTML, LONGEST_TEXT, own_words, words_of_html
from register.complaint import Channel
from register.inbound import CUT, Address, Fate, Media, Message, Report, Skipped, Update
from register.messages import LONGEST_TEXT as KEPT_OF_A_MESSAGE

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
OURS = "aduan@kantor.invalid"


def one(body: bytes | EmailMessage, ours: str = OURS) -> Update:
    raw = body if isinstance(body, bytes) else body.as_bytes()
    (update,) = read(raw, received_at=NOW, ours=ours)
    return update


def message(body: bytes | EmailMessage) -> Message:
    update = one(body)
    assert isinstance(update, Message), update
    return update


def mail(*headers: str, text: str = "Bantuan belum datang.") -> bytes:
    """From Ibu Contoh, unless the headers say otherwise."""
    said = [header.partition(":")[0].casefold() for header in headers]
    usual = {"from": "From: Ibu Contoh <Ibu@Contoh.invalid>", "message-id": "Message-ID: <m1@contoh.invalid>"}
    lines = [*(line for name, line in usual.items() if name not in said), *(each for each in headers if each)]
    return ("\r\n".join(lines) + "\r\n\r\n" + text.replace("\n", "\r\n")).encode()


def test_a_plain_mail_becomes_a_message() -> None:
    got = message(mail("Subject: Bansos", "Date: Mon, 23 Nov 2026 09:30:00 +0800", "To: aduan@kantor.invalid"))
    assert got == Message(
        id="m1@contoh.invalid",
        address=Address(Channel.EMAIL, OURS, "ibu@contoh.invalid", thread="m1@contoh.invalid", name="Ibu Contoh"),
        at=datetime(2026, 11, 23, 1, 30, tzinfo=UTC),
        text="Bantuan belum datang.",
        subject="Bansos",
    )


@pytest.mark.parametrize(
    ("headers", "name", "person"),
    [
        (("From: IBU@CONTOH.INVALID",), "", "ibu@contoh.invalid"),
        (('From: "Contoh, Ibu" <ibu@contoh.invalid>',), "Contoh, Ibu", "ibu@contoh.invalid"),
        (("From: =?utf-8?B?SWJ1IMOJdmk=?= <ibu@contoh.invalid>",), "Ibu Évi", "ibu@contoh.invalid"),
        (("From: Ibu Évi <ibu@contoh.invalid>",), "Ibu Évi", "ibu@contoh.invalid"),
        (("From: ", "Reply-To: lain@contoh.invalid"), "", "lain@contoh.invalid"),
        (("From: ibu@contoh.invalid", "Reply-To: lain@contoh.invalid"), "", "ibu@contoh.invalid"),
        (("From: ibu@contoh.invalid (Ibu)",), "Ibu", "ibu@contoh.invalid"),
        (("From: a@contoh.invalid, b@contoh.invalid",), "", "a@contoh.invalid"),
        (("From: =?utf-8?q?Ibu=0D=0ABcc:_x?= <ibu@contoh.invalid>",), "Ibu Bcc: x", "ibu@contoh.invalid"),
    ],
)
def test_who_wrote(headers: tuple[str, ...], name: str, person: str) -> None:
    address = message(mail(*headers)).address
    assert (address.name, address.person) == (name, person)


@pytest.mark.parametrize(
    "sender", ["ibu@contoh.invalid (Ibu", "Ibu <ibu@contoh.invalid", "<<ibu@contoh.invalid>>", "a:ibu@contoh.invalid"]
)
def test_an_address_in_a_broken_header_is_found(sender: str) -> None:
    assert message(mail(f"From: {sender}")).address.person == "ibu@contoh.invalid"


@pytest.mark.parametrize("headers", [("From: ",), ("From: Ibu",), ("From: undisclosed:;",)])
def test_without_an_address_nobody_can_be_answered(headers: tuple[str, ...]) -> None:
    assert one(mail(*headers)) == Skipped("no_sender")


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        ("=?utf-8?Q?Bansos_tidak_sampai_=E2=80=93?= =?utf-8?Q?_RT_3?=", "Bansos tidak sampai – RT 3"),
        ("=?utf-8?B?4oI=?= =?utf-8?B?rA==?=", "€"),
        ("=?iso-8859-1?Q?caf=E9?= biasa", "café biasa"),
        ("=?tidak-ada?Q?caf=C3=A9?=", "café"),
        ("=?utf-8?B?a?=", "=?utf-8?B?a?="),
        ("Bansos\r\n tidak sampai", "Bansos tidak sampai"),
        ("Bantuan – mentah", "Bantuan – mentah"),
    ],
)
def test_subjects_in_any_encoding(raw: str, subject: str) -> None:
    assert message(mail(f"Subject: {raw}")).subject == subject


@pytest.mark.parametrize(
    ("date", "at"),
    [
        ("Mon, 23 Nov 2026 09:00:00 +0800", datetime(2026, 11, 23, 1, 0, tzinfo=UTC)),
        ("Mon, 23 Nov 2026 01:30:00 -0000", datetime(2026, 11, 23, 1, 30, tzinfo=UTC)),
        ("Mon, 23 Nov 2026 08:59:59 +0800", NOW),
        ("Mon, 16 Nov 2026 10:30:00 +0800", NOW),
        ("Mon, 23 Nov 2026 11:00:00 +0800", NOW),
        ("Mon, 1 Jan 2001 00:00:00 +0000", NOW),
        ("Mon, 99 Nov 99999999999 00:00:00 +0000", NOW),
        ("kemarin", NOW),
    ],
)
def test_a_date_is_believed_where_it_can_be_true(date: str, at: datetime) -> None:
    assert message(mail(f"Date: {date}")).at == at
    assert message(mail()).at == NOW


def test_a_thread_is_its_newest_ids_and_this_one() -> None:
    chain = [f"<r{number}@contoh.invalid>" for number in range(30)]
    got = message(mail("References: " + "\r\n ".join(chain), "In-Reply-To: <r29@contoh.invalid>"))
    assert got.answers == "r29@contoh.invalid"
    ids = got.address.thread.split()
    assert len(ids) == MOST_IDS
    assert ids[-2:] == ["r29@contoh.invalid", "m1@contoh.invalid"]
    assert message(mail("References: <a@x> <b@x>")).answers == "b@x"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Message-ID: <a@b>", "a@b"),
        ("message-id:\r\n <a@b>", "a@b"),
        ("Message-ID: a@b", "a@b"),
        ("Message-ID: <a b>", ""),
        ("Message-ID: <" + "x" * 300 + ">", ""),
        ("X: y", ""),
    ],
)
def test_message_ids(header: str, expected: str) -> None:
    body = f"{header}\r\nFrom: ibu@contoh.invalid\r\n\r\nMessage-ID: <salah@x>".encode()
    assert message_id(body) == expected
    assert (message(body).id == expected) is bool(expected)
    assert message(body).id == message(body).id != ""


HISTORY = [
    "Pada Sen, 23 Nov 2026 pukul 10.00 Dinas Sosial <aduan@kantor.invalid> menulis:\n> Apa nama desanya?",
    "On Mon, 23 Nov 2026 at 10:00, Dinas Sosial <aduan@kantor.invalid>\nwrote:\n\n> Apa nama desanya?\n>\n> Salam",
    "Pada Sen, 23 Nov 2026 pukul 10.00 Dinas Sosial <aduan@kantor.invalid>\nmenulis:\n\nApa nama desanya?",
    "-----Original Message-----\nFrom: Dinas\nApa nama desanya?",
    "----- Pesan Asli -----\nApa nama desanya?",
    "________________________________\nDari: Dinas Sosial\nTerkirim: Senin\nKepada: Ibu\nApa nama desanya?",
    "From: Dinas Sosial <aduan@kantor.invalid>\nSent: Monday, November 23, 2026 10:00 AM\nApa nama desanya?",
    "> Apa nama desanya?",
    "-- \nIbu Contoh\n0812-0000-0000",
    "--\nIbu Contoh",
    "Dikirim dari iPhone saya",
    "Sent from my Samsung Galaxy smartphone.",
    "",
]


@pytest.mark.parametrize("history", HISTORY)
def test_history_and_signatures_are_cut_off(history: str) -> None:
    got = message(mail("In-Reply-To: <kami@kantor.invalid>", text=f"Desa Contoh.\n\nTerima kasih.\n\n{history}\n"))
    assert got.text == "Desa Contoh.\n\nTerima kasih."


def test_what_was_written_below_and_between_quoted_lines_stays() -> None:
    text = "Pada Sen 23/11/26 10.00, a@b.id menulis:\n> Apa nama desanya?\nDesa Contoh\n> Sejak kapan?\nSejak Mei"
    assert own_words(text, is_answer=True) == "Desa Contoh\nSejak Mei"


@pytest.mark.parametrize(
    "text",
    [
        "Kemarin petugas menulis:\ndata Ibu tidak ada.",
        "Pada hari Senin petugas menulis:\ndata Ibu tidak ada.",
        "Bantuan:\n--\n" + "\n".join(f"Rumah {number}" for number in range(12)),
        "Dari: RT 3\nKami belum menerima bantuan.",
    ],
)
def test_what_only_looks_like_history_stays(text: str) -> None:
    assert own_words(text, is_answer=True) == text


@pytest.mark.parametrize(
    ("text", "is_answer", "said"),
    [
        ("a" * LONGEST_TEXT, False, "a"),
        ("a" * (LONGEST_TEXT + 1), False, CUT),
        ("a" * (LONGEST_TEXT + 1), True, CUT),
        ("5\n" + "> riwayat\n" * 9_000, True, "5"),
        ("5\nPada Senin, Dinas Sosial menulis:\n" + "> riwayat " * 9_000, True, "5"),
        ("5\n-- \n" + "tanda tangan " * 9_000, True, "5"),
        (words_of_html("<p>Kami belum dibantu.</p>" + "<i></i>" * 90_000 + "<p>Sejak Mei.</p>"), False, CUT),
        (words_of_html("<p>5</p><blockquote>" + "<p>riwayat</p>" * 90_000 + "</blockquote>"), True, "5"),
    ],
)
def test_where_words_of_a_mail_were_cut_it_says_so(text: str, is_answer: bool, said: str) -> None:
    found = own_words(text, is_answer=is_answer)
    assert (found if said == "5" else found[-len(said) :]) == said
    assert len(found) <= KEPT_OF_A_MESSAGE


def test_what_somebody_passes_on_is_what_they_say() -> None:
    forwarded = "---------- Forwarded message ---------\nDari: Tetangga\n> Rumah saya kebanjiran."
    assert "kebanjiran" in message(mail("Subject: Fwd: banjir", "References: <a@b>", text=forwarded)).text
    assert message(mail("Subject: banjir", text="> Rumah saya kebanjiran.")).text == "> Rumah saya kebanjiran."
    assert message(mail("Subject: Re: banjir", text="> Rumah saya kebanjiran.")).text == ""


@pytest.mark.parametrize(
    ("html", "words"),
    [
        (
            "<p>Bantuan <b>belum</b>\n datang &amp; habis.</p><p>Tolong<br>ya</p>",
            "Bantuan belum datang & habis.\nTolong\nya",
        ),
        ("<style>p{x}</style><script>alert('a<b>')</script><title>t</title>Halo", "Halo"),
        ("<div>Ya<blockquote>Apa desanya?<br>Siapa?</blockquote>Contoh</div>", "Ya\n> Apa desanya?\n> Siapa?\nContoh"),
        ("<ul><li>satu<li>dua</ul>", "- satu\n- dua"),
        ("<table><tr><td>NIK</td><td>kosong</td></tr></table>", "NIK kosong"),
        ("Harga < 5 & > 3", "Harga < 5 & > 3"),
        ("<!-- rahasia > -->Halo<!--[if mso]>x<![endif]-->", "Halo"),
        ("Halo <b", "Halo"),
        ("a<style>b", "a\nb".replace("\n", "")),
    ],
)
def test_html_is_read_as_words(html: str, words: str) -> None:
    assert words_of_html(html) == words


def test_of_html_alone_history_is_cut_off_too() -> None:
    made = EmailMessage()
    made["From"], made["In-Reply-To"] = "ibu@contoh.invalid", "<a@b>"
    made.set_content(
        "<div>Desa Contoh</div><div>Pada Sen, 23 Nov 2026 pukul 10.00 Dinas &lt;a@b.id&gt; menulis:<br></div>"
        "<blockquote>Apa nama desanya?</blockquote>",
        subtype="html",
    )
    assert message(made).text == "Desa Contoh"


@pytest.mark.parametrize(
    "evil",
    ["<!--", "<a ", "<", "</", "<a b='", "<script>", "<div>", "<blockquote>", "&#", "<style></style>", "\n", "--\n"],
)
def test_nothing_takes_long(evil: str) -> None:
    """What makes `html.parser` of Python 3.11.7 busy for minutes; a hang would show here."""
    own_words(words_of_html(evil * (LONGEST_HTML // len(evil))), is_answer=True)
    own_words(evil * (LONGEST_TEXT // len(evil)), is_answer=True)


@pytest.mark.parametrize(
    ("charset", "raw"),
    [
        ("utf-8", "Évi".encode()),
        ("iso-8859-1", "Évi".encode("latin-1")),
        ("windows-1252", "Évi".encode("cp1252")),
        ("tidak-ada", "Évi".encode()),
        ("us-ascii", "Évi".encode("cp1252")),
        ("utf-8", "Évi".encode("cp1252")),
        ("punycode", "Évi".encode()),
        ("unicode_escape", "Évi".encode()),
        ("base64", "Évi".encode()),
        ("a\0b", "Évi".encode()),
    ],
)
def test_charsets_right_wrong_and_unknown(charset: str, raw: bytes) -> None:
    head = f'Content-Type: text/plain; charset="{charset}"\r\nContent-Transfer-Encoding: base64'
    assert message(mail(head, text=base64.b64encode(raw).decode())).text == "Évi"


def with_files() -> EmailMessage:
    made = EmailMessage()
    made["From"], made["Message-ID"] = "ibu@contoh.invalid", "<f@contoh.invalid>"
    made.set_content("Lihat foto.")
    made.add_alternative("<p>Lihat foto.</p><img src='cid:logo'>", subtype="html")
    made.get_payload()[1].add_related(b"x" * 900, "image", "png", cid="<logo>")  # type: ignore[index,union-attr]
    made.add_attachment(b"\xff\xd8foto", maintype="image", subtype="jpeg", filename="../../rumah é.jpg")
    made.add_attachment("catatan", filename="catatan.txt")
    inner = EmailMessage()
    inner["Subject"] = "Surat lama"
    inner.set_content("isi lama")
    made.add_attachment(inner)
    made.add_attachment(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar", filename="undangan.ics")
    return made


def test_files_are_named_by_number_and_served_from_the_raw_mail() -> None:
    made = with_files()
    got = message(made)
    assert got.text == "Lihat foto."
    assert [(each.name, each.mime) for each in got.media] == [
        ("rumah é.jpg", "image/jpeg"),
        ("catatan.txt", "text/plain"),
        ("", "message/rfc822"),
    ]
    served = [part(made.as_bytes(), each.id) for each in got.media]
    assert served[0] == ("rumah é.jpg", b"\xff\xd8foto")
    assert served[1] == ("catatan.txt", b"catatan\n")
    assert b"Surat lama" in served[2][1]
    assert part(made.as_bytes(), "99") == part(b"", "x") == part(b"\xff", "") == ("", b"")


def test_a_photo_alone_is_a_message() -> None:
    head = "Content-Type: image/jpeg\r\nContent-Transfer-Encoding: base64"
    got = message(mail(head, text=base64.b64encode(b"foto").decode()))
    assert (got.text, got.media) == ("", (Media(id="1", mime="image/jpeg"),))


def test_an_invitation_is_a_harmless_message() -> None:
    got = message(mail("Content-Type: text/calendar; method=REQUEST", text="BEGIN:VCALENDAR"))
    assert (got.text, got.media) == ("", ())


@pytest.mark.parametrize(
    ("headers", "becomes"),
    [
        (("From: Aduan <ADUAN@kantor.invalid>",), "own_mail"),
        (("From: MAILER-DAEMON@mx.invalid",), "bounce"),
        (("From: postmaster@mx.invalid",), "bounce"),
        (("Content-Type: multipart/report; report-type=delivery-status; boundary=x",), "bounce"),
        (("Content-Type: multipart/report; report-type=disposition-notification; boundary=x",), "automatic"),
        (("Auto-Submitted: auto-replied",), "automatic"),
        (("Auto-Submitted: auto-replied; owner-email=a@b",), "automatic"),
        (("X-Autoreply: yes",), "automatic"),
        (("X-Autorespond: x",), "automatic"),
        (("Precedence: auto_reply",), "automatic"),
        (("Auto-Submitted: auto-generated",), True),
        (("Auto-Submitted: auto-notified",), True),
        (("Precedence: bulk",), True),
        (("Precedence: List",), True),
        (("Precedence: junk",), True),
        (("List-Id: <warga.contoh.invalid>",), True),
        (("Return-Path: <>",), True),
        (("Auto-Submitted: no",), False),
        (("Precedence: normal",), False),
        (("Return-Path: <ibu@contoh.invalid>",), False),
    ],
)
def test_mail_of_programs_is_never_answered(headers: tuple[str, ...], becomes: str | bool) -> None:
    got = one(mail(*headers))
    if isinstance(becomes, str):
        assert got == Skipped(becomes)
    else:
        assert isinstance(got, Message)
        assert got.automatic is becomes
        assert may_answer(got) is not becomes


@pytest.mark.parametrize(
    ("person", "channel", "answered"),
    [
        ("ibu@contoh.invalid", Channel.EMAIL, True),
        ("noreply@contoh.invalid", Channel.EMAIL, False),
        ("no-reply+x@contoh.invalid", Channel.EMAIL, False),
        ("do_not_reply@contoh.invalid", Channel.EMAIL, False),
        ("bounces-123@contoh.invalid", Channel.EMAIL, False),
        ("norepliana@contoh.invalid", Channel.EMAIL, True),
        (OURS, Channel.EMAIL, False),
        ("", Channel.EMAIL, False),
        ("628120000000", Channel.WHATSAPP, True),
    ],
)
def test_who_may_be_answered(person: str, channel: Channel, answered: bool) -> None:
    got = message(mail())
    assert may_answer(replace(got, address=replace(got.address, person=person, channel=channel))) is answered


def test_a_mail_says_whether_it_may_be_answered() -> None:
    assert message(mail()).answerable
    unread = mail().replace(b"From: ", b"From: Toko <noreply@toko.invalid>\nX-From: ", 1)
    assert (message(unread).unanswered, message(unread).automatic) == (True, False)


def bounced(action: str, original: str = "Message-ID: <kami@kantor.invalid>", kind: str = "message/rfc822") -> bytes:
    return mail(
        "From: MAILER-DAEMON@mx.invalid",
        "Return-Path: <>",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        text="--b\n\nMaaf, tidak sampai.\n--b\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mx.invalid\n\nFinal-Recipient: rfc822; ibu@contoh.invalid\n"
        f"Action: {action}\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550\n 5.1.1 tidak dikenal\n"
        f"--b\nContent-Type: {kind}\n\nSubject: Tanda terima\n{original}\n\nisi\n--b--\n",
    )


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_a_bounce_of_ours_is_a_report(kind: str) -> None:
    report = Report(Channel.EMAIL, OURS, "kami@kantor.invalid", Fate.FAILED, NOW, 550)
    assert one(bounced("failed", kind=kind)) == report


def test_what_is_only_delayed_or_cannot_be_told_is_no_report() -> None:
    assert one(bounced("delayed")) == Skipped("bounce")
    assert one(bounced("failed", original="X: y")) == Skipped("bounce")


def test_of_a_mail_not_fetched_whole_the_header_is_read() -> None:
    got = message(f"{TOO_LARGE}: 31000000\r\n".encode() + mail("Subject: Video", text=""))
    assert (got.unsupported, got.subject, got.text) == ("too_large", "Video", "")


WHOLE = with_files().as_bytes()


@given(st.binary(max_size=2_000))
@example(b"From: " + b"(" * 5_000)
@example(b"From: a@b\nContent-Type: multipart/mixed; boundary=\xff\n\n--\xff\n")
@example(b"From: a@b\nContent-Type: text/plain; charset*=x'y'%z\nContent-Disposition: attachment; filename*0*=a'b\n\n")
def test_no_bytes_are_too_odd(body: bytes) -> None:
    for raw in (body, b"From: ibu@contoh.invalid\r\n" + body):
        one(raw)
        message_id(raw)
        part(raw, "1")


@given(st.data())
def test_no_mutilated_mail_is_too_odd(data: st.DataObject) -> None:
    """Cut, doubled and overwritten anywhere, with what parsers dislike."""
    body = bytearray(data.draw(st.sampled_from([WHOLE, bounced("failed"), mail("Subject: x", *HEADERS)])))
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(body)))
        length = data.draw(st.integers(0, 60))
        body[start : start + length] = data.draw(st.sampled_from(DISLIKED) | st.binary(max_size=20))
    raw = bytes(body)
    got = one(raw)
    part(raw, data.draw(st.integers(0, 9)).__str__())
    if isinstance(got, Message):
        assert "\n" not in got.subject + got.address.name + got.address.person
        assert got.at <= NOW <= got.at + timedelta(days=7)
        assert re.fullmatch(r"[^\s<>]+( [^\s<>]+)*", got.address.thread)
        f"{got}".encode()  # no half letters that no database takes


HEADERS = (
    "Date: Mon, 23 Nov 2026 09:30:00 +0800",
    "References: <a@b> <c@d>",
    'Content-Type: text/plain; charset="utf-8"; name*0="a"; name*1*=b\'c\'d',
    "Content-Disposition: inline; filename==?utf-8?q?=E2?=",
)
DISLIKED = [
    *(
        b"\0",
        b"\r",
        b"\n",
        b"\r\n\r\n",
        b"=?",
        b"?=",
        b"=?utf-8?b?",
        b"\xff\xfe",
        b"\xed\xa0\x80",
        b"--b\n",
        b"<",
        b">",
        b"(",
    ),
    *(
        b"Content-Type: multipart/mixed\n",
        b"charset*=",
        b"boundary=",
        b"filename*9999999999*=",
        b"base64",
        b"x-uuencode",
        b";",
    ),
    *(
        b"From:\n",
        b"Content-Type: message/rfc822\n\n",
        b"%",
        b"'",
        b"+9999999",
        b"99999999999",
        b"@",
        b"idna",
        b"\\",
        b'"',
    ),
]
