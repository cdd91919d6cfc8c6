"""What is done about messages: a table of chats as people write them, and what must hold of any."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.channels.conversing import MORE_AWAITED, MOST_A_DAY, converse
from automation.channels.filing import LONGEST, MOST_PARTS, intake_of, joined_text, parts
from automation.channels.gathering import LONGEST as WINDOW
from automation.channels.gathering import QUIET
from automation.channels.verdicts import Ask, Case, Deed, Plan, Verdict, Wait
from register.complaint import Channel, Identity, Status
from register.inbound import CUT
from register.sealed_messages import KeptMessage
from tests.automation.channels.chats import TICKET, a_case, an_address, chat, kept, later, rules
from tests.builders import MOMENT

DAY = 24 * 60
OTHER = "Jalan poros Sebulu rusak parah, kapan diperbaiki?"
ADDED = "act tambah_keterangan"


def verdict(
    messages: Sequence[KeptMessage],
    *cases: Case,
    channel: Channel = Channel.WHATSAPP,
    minutes: float = 30,
    asked: bool = False,
) -> Verdict:
    asked_at = MOMENT if asked else None
    return converse(channel, messages, cases, rules(), later(minutes), asked_at=asked_at)


def deed(found: Verdict) -> str:
    """A verdict in a word or two."""
    if isinstance(found, Plan):
        told = [found.deed.value, found.act, str(found.rating or ""), found.ticket if found.deed is Deed.STATUS else ""]
        return " ".join(filter(None, told))
    return type(found).__name__.lower()


NEW = [
    # texts of one chat, what is done
    (["Asslmkm min, sy blm dpt PKH pdhl thn lalu dpt, knp ya?"], "complaint"),
    (["Assalamualaikum", "mau lapor pak", "bantuan sembako kami belum cair 3 bulan di Loa Kulu"], "complaint"),
    (["Ketua kelompok minta 50rb tiap pencairan, klo ga ngasih diancam dicoret. Jgn sebut nama sy"], "complaint"),
    (["Org gila telanjang bawa parang dekat pasar, warga takut"], "complaint"),
    (["Ada nenek sendirian sakit ndik ada yang urus, sdh 2 hari ndik makan, Muara Muntai Ulu"], "complaint"),
    (["ulun handak betakon, kenapa bantuan ulun ndik cair lagi"], "complaint"),
    (["kulo dereng nampi bantuan sembako pak, tiyang lintune sampun"], "complaint"),
    (["Bagaimana persyaratan pengangkatan anak bagi pasangan suami istri?"], "complaint"),
    (["Jalan poros Sebulu rusak parah, kapan diperbaiki?"], "complaint"),
    (["tolong dong pak"], "ask"),
    (["halo"], "ask"),
    (["min"], "ask"),
    (["saya mau lapor"], "ask"),
    (["Assalamualaikum wr wb, mau tanya pak"], "ask"),
    (["ini fotonya pak"], "ask"),
    (["/start"], "ask"),
    (["👍"], "ask"),
    (["p", "p", "p"], "ask"),
    (["terima kasih banyak dinsos, pelayanannya bagus sekali"], "box"),
    (["Selamat hari jadi kabupaten kukar"], "box"),
    (["semoga sukses selalu dinsos kukar"], "box"),
    (["Alhamdulillah bantuan sudah kami terima, terima kasih"], "box"),
    (["pemandangan sungai mahakam indah di sore hari"], "box"),
    (["hari minggu ada pertandingan bola di lapangan"], "box"),
    ([f"status {TICKET}"], f"status {TICKET}"),
    (["Status 7k3m q9tx 2"], f"status {TICKET}"),
    (["7k3mq9tx2"], f"status {TICKET}"),
    (["Assalamualaikum min, cek tiket saya 7K3M - Q9TX - 2 ya"], f"status {TICKET}"),
    (["LACAK: 7K3M–Q9TX–2."], f"status {TICKET}"),
    (["halo", "status", "7K3M-Q9TX-2"], f"status {TICKET}"),
    (["cek tiket 7K3M-Q9TX-3"], "status"),
    (["status 1234-5678-9"], "status"),
    (["status aduan saya"], "ask"),
]


DOMAIN = [
    "BPJS ibu ulun mati, besok harus cuci darah!! tolong aktifkan PBI",
    "KKS saldo 0 trus, sembako 3 bln ga cair di agen Loa Kulu",
    "Nama saya tercantum desil 8, padahal buruh harian. Mohon perbaikan data DTSEN. NIK 6402990000000000.",
    "Mohon bantuan kursi roda bagi anak saya, penyandang cerebral palsy, Desa Rempanga.",
    "Bayi ditinggal di pos ronda Timbau barusan, tolong cepat",
    "Pengemis bawa anak kecil tiap mlm di lampu merah Tenggarong",
    "Rumah kami habis terbakar tadi subuh, 4 KK ngungsi di langgar, blm ada bantuan",
    "Banjir Kembang Janggut sdh semata kaki, tapi mulai surut, ada bantuan kah",
    "Keponakan yatim piatu kls 3 SD, bisa dapat bantuan yatim?",
    "Tetangga punya mobil dua dapat PKH, kami janda ga dpt. Ini pilih kasih namanya",
    "Petugas loket judes, sdh nunggu 2 jam malah disuruh pulang",
    "BLT dana desa sy dihapus pak kades tanpa musdes",
    "Anak umur 7 th dipukuli bapak tirinya tiap hari, kami dengar nangis",
    "Proposal KUBE ibu-ibu Marang Kayu dari Maret blm ada kabar",
    "Seorang pekerja asal Jawa telantar di Loa Janan, kehabisan ongkos dan ingin pulang.",
    "Min sdh 3x lapor ga dibales2 😡 tiket hilang, hub 0800-000-0000",
    "Paket permakanan lansia bulan ini telurnya pecah, berasnya bekutu",
]
"""The rest of the sample complaints (domain, section 6)."""


@pytest.mark.parametrize("text", DOMAIN, ids=lambda text: text[:40])
@pytest.mark.parametrize("public", [False, True], ids=["private", "comment"])
def test_every_sample_is_a_complaint(text: str, public: bool) -> None:
    address = an_address(Channel.FACEBOOK, comment="k1", thread="a")
    found = verdict(chat(text, public=public, address=address), channel=Channel.FACEBOOK)
    assert deed(found) == "complaint"


@pytest.mark.parametrize(("texts", "wanted"), NEW, ids=lambda value: str(value)[:60])
def test_of_somebody_who_has_no_complaint_yet(texts: list[str], wanted: str) -> None:
    assert deed(verdict(chat(*texts))) == wanted


OF_CASES = [
    # where the complaint stands, what they write, what is done
    (Status.NEEDS_INFO, "NIK saya 6402990000000000", "act lengkapi"),
    (Status.NEEDS_INFO, "nggih pak, niki alamat kulo RT 3 desa Rempanga", "act lengkapi"),
    (Status.NEEDS_INFO, "5", "act lengkapi"),
    (Status.NEEDS_INFO, "ok siap pak", "ask"),
    (Status.NEEDS_INFO, "Ketua kelompok minta 50rb tiap pencairan, klo ga ngasih diancam dicoret", "complaint"),
    (Status.NEEDS_INFO, "aduan baru: jalan poros Sebulu rusak parah, kapan diperbaiki?", "complaint"),
    (Status.AWAITING_REPORTER, "5", "act nyatakan_puas 5"),
    (Status.AWAITING_REPORTER, "4 terima kasih", "act nyatakan_puas 4"),
    (Status.AWAITING_REPORTER, "2", "act tambah_keterangan 2"),
    (Status.AWAITING_REPORTER, "selesai", "act nyatakan_puas"),
    (Status.AWAITING_REPORTER, "Terima kasih sudah beres", "act nyatakan_puas"),
    (Status.AWAITING_REPORTER, "sudah", "act nyatakan_puas"),
    (Status.AWAITING_REPORTER, "wis rampung pak", "act nyatakan_puas"),
    (Status.AWAITING_REPORTER, "terima kasih", "act tambah_keterangan"),
    (Status.AWAITING_REPORTER, "belum, belum ada yang datang ke rumah", "act buka_kembali"),
    (Status.AWAITING_REPORTER, "ga puas", "act buka_kembali"),
    (Status.AWAITING_REPORTER, "balum tuntas pak ai", "act buka_kembali"),
    (Status.AWAITING_REPORTER, "tolong buka lagi pak", "act buka_kembali"),
    (Status.AWAITING_REPORTER, "cabut saja aduan saya", "box"),
    (Status.AWAITING_REPORTER, "3 bulan kami menunggu di Loa Kulu", "act tambah_keterangan"),
    (Status.RESOLVED, "5 terima kasih", "act beri_nilai 5"),
    (Status.RESOLVED, "1", "act beri_nilai 1"),
    (Status.RESOLVED, "bintang 3", "act beri_nilai 3"),
    (Status.RESOLVED, "belum beres pak", "act buka_kembali"),
    (Status.RESOLVED, "terima kasih banyak pak", "box"),
    (Status.RESOLVED, "Jalan poros Sebulu rusak parah, kapan diperbaiki?", "complaint"),
    (Status.DISPOSED, "rumah kami di RT 3 dekat langgar", "act tambah_keterangan"),
    (Status.DISPOSED, "terima kasih", "act tambah_keterangan"),
    (Status.DISPOSED, "status", "status 7K3M-Q9TX-2"),
    (Status.DISPOSED, "bagaimana kabar laporan saya?", "status 7K3M-Q9TX-2"),
    (Status.DISPOSED, "aduan baru: jalan poros Sebulu rusak parah, kapan diperbaiki?", "complaint"),
    (Status.DISPOSED, "mau lapor lagi min", "ask"),
    (Status.DISPOSED, "batalkan pengaduan saya", "box"),
    (Status.DISPOSED, "Org gila telanjang bawa parang dekat pasar, warga takut", "complaint"),
    (Status.DISPOSED, "Anak umur 7 th dipukuli bapak tirinya tiap hari, kami dengar nangis", "complaint"),
    (Status.ARCHIVED, "terima kasih banyak pak", "box"),
    (Status.ARCHIVED, "bantuan sembako kami belum cair 3 bulan di Loa Kulu", "complaint"),
]


@pytest.mark.parametrize(("status", "text", "wanted"), OF_CASES, ids=lambda value: str(value)[:50])
def test_of_somebody_who_has_a_complaint(status: Status, text: str, wanted: str) -> None:
    assert deed(verdict(chat(text), a_case(status))) == wanted


@pytest.mark.parametrize(
    ("status", "text", "wanted"),
    [
        (Status.NEEDS_INFO, "NIK saya 6402990000000000", "box"),
        (Status.NEEDS_INFO, "Dapatkan pinjaman tanpa agunan, bunga rendah", "box"),
        (Status.NEEDS_INFO, "Org gila telanjang bawa parang dekat pasar, warga takut", "complaint"),
        (Status.AWAITING_REPORTER, "selesai, puas", "box"),
        (Status.AWAITING_REPORTER, "5", "box"),
        (Status.AWAITING_REPORTER, "2", "box"),
        (Status.AWAITING_REPORTER, "belum beres pak", "box"),
        (Status.AWAITING_REPORTER, "terima kasih", "act tambah_keterangan"),
        (Status.RESOLVED, "1", "box"),
        (Status.RESOLVED, "belum beres pak", "box"),
        (Status.DISPOSED, "rumah kami di RT 3 dekat langgar", "act tambah_keterangan"),
        (Status.DISPOSED, "status", "status 7K3M-Q9TX-2"),
    ],
)
def test_who_is_not_certain_to_be_the_reporter_moves_no_complaint(status: Status, text: str, wanted: str) -> None:
    found = verdict(chat(text, proven=False), a_case(status), channel=Channel.EMAIL)
    assert deed(found) == wanted
    if wanted == "box":
        assert isinstance(found, Plan)
        assert TICKET in found.hint


def test_one_forged_message_among_others_leaves_them_all_to_staff() -> None:
    messages = [*chat("selesai"), kept("puas", 2, after=20, proven=False)]
    assert deed(verdict(messages, a_case(Status.AWAITING_REPORTER), channel=Channel.EMAIL)) == "box"


def test_a_complaint_in_which_nothing_happens_for_two_weeks_is_not_added_to() -> None:
    old = a_case()
    old = replace(old, complaint=replace(old.complaint, received_at=MOMENT - timedelta(days=15)))
    assert deed(verdict(chat("Jalan poros Sebulu rusak parah, kapan diperbaiki?"), old)) == "complaint"
    heard = replace(old, complaint=replace(old.complaint, heard_at=MOMENT - timedelta(days=13)))
    assert deed(verdict(chat("Jalan poros Sebulu rusak parah, kapan diperbaiki?"), heard)) == "act tambah_keterangan"


def test_what_is_as_grave_as_the_complaint_is_added_to_it() -> None:
    alarm, secret = "Org gila telanjang bawa parang dekat pasar", "Ketua kelompok minta 50rb tiap pencairan"
    assert deed(verdict(chat(alarm), a_case(emergency=True))) == "act tambah_keterangan"
    assert deed(verdict(chat(secret), a_case(restricted=True))) == "act tambah_keterangan"
    assert deed(verdict(chat(secret), a_case(emergency=True))) == "complaint"
    assert deed(verdict(chat(secret), a_case(Status.RESOLVED, restricted=True))) == "complaint"


def test_whoever_reported_something_secret_never_shows_up_in_the_tray() -> None:
    for text in ("terima kasih banyak pak", "batalkan pengaduan saya", "halo"):
        found = verdict(chat(text), a_case(Status.ARCHIVED, restricted=True), minutes=DAY, asked=True)
        assert deed(found) == "note", text
        assert isinstance(found, Plan)
        assert found.ticket == TICKET


def test_what_was_asked_for_is_answered_first() -> None:
    newest = replace(a_case(), complaint=replace(a_case().complaint, ticket="0000-0000-0"))
    found = verdict(chat("NIK saya 6402990000000000"), newest, a_case(Status.NEEDS_INFO))
    assert isinstance(found, Plan)
    assert (found.act, found.ticket) == ("lengkapi", TICKET)


@pytest.mark.parametrize("text", ["5", "selesai", "belum beres pak", "rumah kami di RT 3", OTHER])
@pytest.mark.parametrize("status", [Status.NEEDS_INFO, Status.DISPOSED, Status.AWAITING_REPORTER])
def test_to_a_complaint_of_somebody_else_staff_alone_add(text: str, status: Status) -> None:
    found = verdict(chat(text), a_case(status, own=False))
    assert deed(found) == "box"
    assert isinstance(found, Plan)
    assert TICKET in found.hint
    own = replace(a_case(), complaint=replace(a_case().complaint, ticket="0000-0000-0"))
    found = verdict(chat(text), a_case(status, own=False), own)
    assert isinstance(found, Plan)
    assert (found.act, found.ticket) == ("tambah_keterangan", "0000-0000-0")


def test_a_secret_complaint_of_somebody_else_is_not_told_of() -> None:
    theirs = a_case(own=False, restricted=True)
    found = verdict(chat("hari minggu ada pertandingan bola di lapangan"), theirs)
    assert isinstance(found, Plan)
    assert (found.deed, TICKET in found.hint) == (Deed.BOX, False)
    assert deed(verdict(chat(OTHER), theirs)) == "complaint"
    assert deed(verdict(chat("Ketua kelompok minta 50rb tiap pencairan"), theirs)) == "complaint"


@pytest.mark.parametrize("status", [Status.DISPOSED, Status.AWAITING_REPORTER, Status.NEEDS_INFO])
def test_a_mail_of_its_own_about_something_else_is_no_addition(status: Status) -> None:
    case = replace(a_case(status), subject="Bantuan sembako")

    def of(text: str, **changes: Any) -> str:
        return deed(verdict(chat(text, **changes), case, channel=Channel.EMAIL))

    asked, added = status is Status.NEEDS_INFO, "act lengkapi" if status is Status.NEEDS_INFO else ADDED
    assert of(OTHER, subject="Jalan rusak") == ("box" if asked else "complaint")
    assert of(OTHER) == ("box" if asked else "complaint")
    assert of(OTHER, subject="Jalan rusak", answers="kami@kantor.invalid") == added
    assert of(OTHER, subject="Re: Tanda terima") == added
    assert of(OTHER, subject="bantuan  SEMBAKO") == added
    assert of("rumah kami di RT 3 dekat langgar", subject="Alamat") == added


def test_a_mail_is_about_the_complaint_that_its_subject_names() -> None:
    asked = a_case(Status.NEEDS_INFO)
    asked = replace(asked, complaint=replace(asked.complaint, ticket="0000-0000-0"))
    older = replace(a_case(Status.AWAITING_REPORTER), subject="Bantuan")
    for subject in (f"Re: Tanggapan atas pengaduan [{TICKET}]", f"jawaban [{TICKET.lower()}]", "bantuan"):
        found = verdict(chat("selesai", subject=subject), asked, older, channel=Channel.EMAIL)
        assert isinstance(found, Plan)
        assert (found.act, found.ticket) == ("nyatakan_puas", TICKET)
    found = verdict(chat("KK saya terlampir", subject="Re: lain", files=1), asked, older, channel=Channel.EMAIL)
    assert isinstance(found, Plan)
    assert found.ticket == "0000-0000-0"


def test_a_comment_of_its_own_about_something_else_is_no_addition() -> None:
    def of(text: str, **changes: Any) -> str:
        address = an_address(Channel.FACEBOOK, comment="k2", thread="b")
        return deed(verdict(chat(text, public=True, address=address, **changes), a_case(), channel=Channel.FACEBOOK))

    assert of("bantuan sembako kami belum cair 3 bulan di Loa Kulu") == "complaint"
    assert of("bantuan sembako kami belum cair 3 bulan di Loa Kulu", answers="k1") == ADDED
    assert of("nomor rumah kami 12 pak") == ADDED
    unsure = "Bansos saya tidak pernah cair sejak Maret, sudah lapor desa tidak ada hasil."
    assert of(unsure) == "box", "whether it is said to us at all is not sure either"
    assert of(unsure, answers="k1") == ADDED


def test_of_many_complaints_a_day_staff_look_at_the_next() -> None:
    def made(count: int, hours: float = 1, **changes: Any) -> list[Case]:
        at = MOMENT - timedelta(hours=hours)
        case = a_case(Status.ARCHIVED, **changes)
        return [replace(case, complaint=replace(case.complaint, recorded_at=at)) for _ in range(count)]

    alarm = "Org gila telanjang bawa parang dekat pasar, warga takut"
    for text in (OTHER, f"aduan baru: {OTHER}"):
        assert deed(verdict(chat(text), *made(MOST_A_DAY))) == "box"
        assert deed(verdict(chat(text), *made(MOST_A_DAY - 1))) == "complaint"
        assert deed(verdict(chat(text), *made(MOST_A_DAY, hours=24))) == "complaint"
        assert deed(verdict(chat(text), *made(MOST_A_DAY, own=False))) == "complaint"
    assert deed(verdict(chat(alarm), *made(MOST_A_DAY))) == "complaint"


def test_files_alone_complete_and_add_but_are_no_complaint() -> None:
    photo = chat("", files=1)
    assert deed(verdict(photo)) == "ask"
    assert deed(verdict(photo, a_case(Status.NEEDS_INFO))) == "act lengkapi"
    assert deed(verdict(photo, a_case())) == "act tambah_keterangan"


# -- time -------------------------------------------------------------------------------------------------------------


def test_messages_are_taken_together_after_some_quiet() -> None:
    messages = chat("bantuan sembako kami belum cair", "3 bulan", "di Loa Kulu", every=60)
    assert verdict(messages[:1], minutes=1) == Wait(MOMENT + QUIET)
    assert verdict(messages, minutes=3) == Wait(messages[-1].at + QUIET)
    found = verdict(messages, minutes=4)
    assert isinstance(found, Plan)
    assert list(found.messages) == messages


def test_whoever_goes_on_writing_is_not_waited_for_for_ever() -> None:
    messages = chat(*["bantuan sembako kami belum cair"] * 9, every=90)
    found = verdict(messages, minutes=WINDOW.total_seconds() / 60)
    assert isinstance(found, Plan)
    assert list(found.messages) == [each for each in messages if each.at - MOMENT <= WINDOW]


def test_what_came_while_the_clock_was_ahead_is_not_waited_for() -> None:
    ahead = MOMENT + timedelta(days=365)
    full = chat("bantuan sembako kami belum cair di Loa Kulu", received_at=ahead)
    assert deed(verdict(full, minutes=0)) == "complaint"
    thin = chat("tolong dong pak", received_at=ahead)
    assert deed(verdict(thin, minutes=0)) == "box"
    found = converse(Channel.WHATSAPP, chat("tolong dong pak"), (), rules(), later(), asked_at=ahead)
    assert found == Ask()


def test_an_emergency_and_a_question_do_not_wait() -> None:
    assert deed(verdict(chat("Bayi ditinggal di pos ronda Timbau barusan, tolong cepat"), minutes=0)) == "complaint"
    assert deed(verdict(chat("Ketua kelompok minta 50rb tiap pencairan"), minutes=0)) == "complaint"
    assert deed(verdict(chat(f"status {TICKET}"), minutes=0)) == f"status {TICKET}"


def test_what_says_too_little_is_asked_about_once_and_waits_for_more() -> None:
    thin = chat("tolong dong pak")
    assert verdict(thin) == Ask()
    assert verdict(thin, asked=True) == Wait(MOMENT + MORE_AWAITED)
    assert deed(verdict(thin, minutes=DAY, asked=True)) == "box"
    more = [*thin, kept("bantuan sembako kami belum cair di Loa Kulu", 2, after=3600)]
    found = verdict(more, minutes=70, asked=True)
    assert deed(found) == "complaint"
    assert isinstance(found, Plan)
    assert list(found.messages) == more
    late = [*thin, kept("bantuan sembako kami belum cair di Loa Kulu", 2, after=DAY * 60 + 1)]
    found = verdict(late, minutes=DAY + 10, asked=True)
    assert isinstance(found, Plan)
    assert (found.deed, list(found.messages)) == (Deed.BOX, thin)


# -- comments, mails, leftovers ---------------------------------------------------------------------------------------


def test_comments_count_by_their_thread() -> None:
    def comment(number: int, text: str, thread: str) -> KeptMessage:
        address = an_address(Channel.FACEBOOK, comment=f"k{number}", thread=thread)
        return kept(text, number, after=number, public=True, address=address)

    one, other = comment(1, "bantuan sembako kami belum cair di Loa Kulu", "a"), comment(2, "lampu jalan rusak", "b")
    private = kept("Jalan poros Sebulu rusak parah, kapan diperbaiki?", 3, after=3)
    for messages, wanted in (([one, other, private], one), ([other, private], other), ([private], private)):
        found = verdict(messages, channel=Channel.FACEBOOK)
        assert isinstance(found, Plan)
        assert found.messages == (wanted,)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("tolong dong pak", "ask"),
        ("@budi lihat nih", "box"),
        ("up", "box"),
        ("mantap", "box"),
        ("bantuan sembako kami belum cair 3 bulan di Loa Kulu", "complaint"),
        ("semangat kerja bapak ibu", "box"),
    ],
)
def test_not_everything_below_a_post_is_said_to_us(text: str, wanted: str) -> None:
    address = an_address(Channel.FACEBOOK, comment="k1", thread="a")
    assert deed(verdict(chat(text, public=True, address=address), channel=Channel.FACEBOOK)) == wanted


@pytest.mark.parametrize(
    ("subject", "text", "wanted"),
    [
        ("Undeliverable: tanda terima", "Your message could not be delivered", "drop"),
        ("Balasan otomatis: cuti", "Saya sedang cuti sampai Senin", "drop"),
        ("Undelivered Mail", "mailer-daemon: Ketua kelompok minta 50rb tiap pencairan", "drop"),
        ("Buletin bulanan", "Harga sembako di pasar pekan ini", "box"),
        ("Buletin", "Org gila telanjang bawa parang dekat pasar, warga takut", "box"),
        ("Laporan", "Ketua kelompok minta 50rb tiap pencairan, klo ga ngasih diancam dicoret", "complaint"),
    ],
)
def test_of_a_mail_that_a_program_wrote(subject: str, text: str, wanted: str) -> None:
    assert deed(verdict(chat(text, subject=subject, automatic=True), channel=Channel.EMAIL)) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Bantuan sembako saya tidak terkirim ke rumah sudah 3 bulan, padahal terdaftar", "box"),
        ("petugas sedang cuti terus, ibu saya sudah 3 bulan tidak dapat permakanan", "box"),
        ("TOLONG rumah kebakaran, 3 KK ngungsi di langgar, bantuan logistik gagal terkirim", "complaint"),
        ("Org gila telanjang bawa parang dekat pasar, warga takut", "complaint"),
        ("Ketua kelompok minta 50rb tiap pencairan, klo ga ngasih diancam dicoret", "complaint"),
        ("tolong dong pak", "box"),
        (f"status {TICKET}", "box"),
    ],
)
@pytest.mark.parametrize("public", [True, False], ids=["comment", "mail of an unread address"])
def test_what_is_never_answered_is_read_all_the_same(text: str, wanted: str, public: bool) -> None:
    channel = Channel.FACEBOOK if public else Channel.EMAIL
    address = an_address(channel, comment="k1", thread="a") if public else an_address(channel)
    found = verdict(chat(text, public=public, unanswered=True, address=address), channel=channel)
    assert deed(found) == wanted
    assert isinstance(found, Plan)
    assert "E-mail otomatis" not in found.hint


def test_mails_of_one_matter_belong_together() -> None:
    first = kept("bantuan sembako kami belum cair di Loa Kulu", 1, subject="Bantuan")
    again = kept("lampirannya tertinggal", 2, after=60, subject="Re: bantuan", files=1)
    other = kept("Jalan poros Sebulu rusak parah", 3, after=61, subject="Jalan")
    found = verdict([first, again, other], channel=Channel.EMAIL)
    assert isinstance(found, Plan)
    assert found.messages == (first, again)


def test_leftovers_of_forms_and_unsupported_kinds_are_left_to_staff() -> None:
    text = "bantuan sembako kami belum cair 3 bulan di Loa Kulu"
    assert deed(verdict(chat(text), channel=Channel.GOOGLE_FORMS, minutes=0)) == "box"
    assert deed(verdict(chat("Ketua kelompok minta 50rb tiap pencairan"), channel=Channel.GOOGLE_FORMS)) == "complaint"
    assert deed(verdict(chat("", unsupported="131051"), minutes=0)) == "box"


# -- what a complaint holds -------------------------------------------------------------------------------------------


def test_a_complaint_holds_the_words_and_how_to_answer() -> None:
    address = an_address(name="  Ibu \x00Contoh ", phone="6281200000000")
    intake, rest = intake_of(Channel.WHATSAPP, chat("satu", "", "dua", address=address))
    assert (intake.description, intake.name, intake.phone, rest) == ("satu\ndua", "Ibu Contoh", "+6281200000000", ())
    assert intake.identity is Identity.OPEN
    mail = an_address(Channel.EMAIL, person="ibu@contoh.id")
    intake, _ = intake_of(Channel.EMAIL, [kept("isi", subject="RE: Fwd: Perihal  bantuan", address=mail)])
    assert (intake.email, intake.subject) == ("ibu@contoh.id", "Perihal bantuan")
    for phone in ("", "abc", "0800123", "12"):
        assert not intake_of(Channel.WHATSAPP, chat("isi", address=an_address(phone=phone)))[0].phone


def test_whoever_does_not_want_to_be_named_is_not() -> None:
    for text in ("Jgn sebut nama sy", "tolong rahasiakan identitas ulun"):
        assert intake_of(Channel.WHATSAPP, chat("isi", text))[0].identity is Identity.CONFIDENTIAL


def test_nothing_of_an_automatic_senders_is_kept() -> None:
    intake, _ = intake_of(Channel.EMAIL, [kept("isi", automatic=True, address=an_address(person="mesin@contoh.id"))])
    assert (intake.name, intake.email) == ("", "")


@given(st.text(alphabet="ab \n", max_size=3 * LONGEST))
def test_parts_hold_every_letter_and_fit(text: str) -> None:
    found = parts(text.strip())
    assert all(0 < len(part) <= LONGEST for part in found)
    assert "".join("".join(found).split()) == "".join(text.split())


def test_the_last_part_says_if_more_followed() -> None:
    whole = "a" * LONGEST * MOST_PARTS
    assert "".join(parts(whole)) == whole
    found = parts(whole + "a")
    assert (len(found), len(found[-1])) == (MOST_PARTS, LONGEST)
    assert found[-1].endswith(f"a\n{CUT}")
    assert not any(CUT in part for part in found[:-1])


# -- whatever is written ----------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    [
        *("halo", "tolong dong pak", "bantuan sembako kami belum cair di Loa Kulu", "5", "selesai", "belum", ""),
        *("Ketua kelompok minta 50rb tiap pencairan", "Org gila bawa parang dekat pasar", f"status {TICKET}"),
        *(
            "terima kasih banyak pak",
            "aduan baru: jalan rusak parah di Sebulu",
            "lomba layangan di stadion minggu depan",
        ),
    ]
)


@st.composite
def chats(draw: st.DrawFn) -> list[KeptMessage]:
    """Messages of one conversation, at different seconds, some in public."""
    seconds = sorted(draw(st.sets(st.integers(0, 3 * 24 * 3600), min_size=1, max_size=8)))
    found = []
    for number, after in enumerate(seconds, start=1):
        public = draw(st.booleans())
        address = an_address(Channel.FACEBOOK, comment=f"k{number}" if public else "", thread="a" if public else "")
        files = draw(st.integers(0, 2))
        found.append(kept(draw(st.one_of(WORDS, st.text(max_size=30))), number, after, public=public, files=files))
        found[-1] = replace(found[-1], address=address)
    return found


def decided(messages: Sequence[KeptMessage], *cases: Case) -> list[Plan]:
    """All that is done about messages once there is no more to wait for."""
    waiting, plans, asked = list(messages), [], False
    for _ in range(3 * len(messages) + 3):
        found = verdict(waiting, *cases, channel=Channel.FACEBOOK, minutes=30 * DAY, asked=asked)
        if isinstance(found, Plan):
            plans.append(found)
            waiting = [each for each in waiting if each not in found.messages]
        elif isinstance(found, Ask):
            asked = True
        else:
            assert found is None
            break
    assert not waiting
    return plans


@given(chats(), st.sampled_from(list(Status)))
def test_every_message_is_decided_on_once(messages: list[KeptMessage], status: Status) -> None:
    plans = decided(messages, a_case(status))
    assert sorted(each.id for plan in plans for each in plan.messages) == [each.id for each in messages]
    for plan in plans:
        assert joined_text(plan.messages) is not None
        assert plan.deed is not Deed.BOX or "parang" not in joined_text(plan.messages)
        assert plan.deed is not Deed.BOX or "50rb" not in joined_text(plan.messages)


@given(chats())
def test_nothing_is_decided_before_its_time(messages: list[KeptMessage]) -> None:
    found = converse(Channel.FACEBOOK, messages, (), rules(), MOMENT - timedelta(seconds=1))
    if isinstance(found, Plan):
        assert found.deed in (Deed.COMPLAINT, Deed.STATUS, Deed.BOX)
    elif isinstance(found, Wait):
        assert found.until > MOMENT - timedelta(seconds=1)
