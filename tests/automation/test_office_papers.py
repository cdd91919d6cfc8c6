"""A complaint that staff handled in the register, on paper: the words that they typed are the ones that are printed."""

from automation.calendars.explaining_due import rules_for
from automation.configuration.letterhead import office_of
from forms.papers import Paper, book_of, facts_of, render, render_book
from register.complaint import WITA
from tests.forms.papers.paper_facts import squeezed, text
from tests.office import Office


def test_the_papers_of_a_handled_complaint(office: Office) -> None:
    complaint = office.file(description="KKS saldo 0 terus, sembako tiga bulan tidak cair di agen")
    office.tick(2)
    office.type(complaint.ticket, act="Proses", follow_up="Bank penyalur #dihubungi.", officer="Sari Contoh")
    office.tick()
    office.type(complaint.ticket, reply="Bantuan *sudah* cair.", send_reply=True)
    office.tick()
    office.type(complaint.ticket, act="Selesai")
    office.tick()
    today = office.now.astimezone(WITA).date()
    letterhead = office_of(rules_for(today.year, office.store.setting("configuration")), today)
    facts = facts_of(office.store, complaint.ticket, letterhead, now=office.now)
    said = {
        Paper.COMPLAINT: ("KKS saldo 0 terus", "Ibu Contoh"),
        Paper.DISPOSITION: ("Bidang Perlindungan dan Jaminan Sosial", "Sari Contoh", "Bantuan sembako"),
        Paper.SETTLEMENT: ("Bank penyalur #dihubungi.", "Bantuan *sudah* cair.", "Balasan disampaikan kepada pelapor"),
        Paper.CLOSING: ("Bantuan *sudah* cair.", "Selesai. Pengaduan dinyatakan selesai."),
        Paper.RECEIPT: (complaint.ticket, complaint.register_number),
    }
    for paper, words in said.items():
        found = squeezed(text(render(paper, facts)))
        assert [each for each in words if squeezed(each) not in found] == [], paper
    book = squeezed(text(render_book(book_of(office.store, letterhead, today.year, now=office.now))))
    assert all(squeezed(each) in book for each in (complaint.register_number, "KKS saldo 0 terus", "Selesai"))


def test_a_restricted_complaint_is_a_stub_in_the_book(office: Office) -> None:
    said = "Ketua kelompok minta 50rb tiap pencairan, kalau tidak memberi diancam dicoret."
    complaint = office.file(description=said, name="Pelapor Rahasia")
    before = book_of(office.store, office_of(rules_for(2026, None), office.now.date()), 2026)
    assert said[:20] not in text(render_book(before))  # not looked at yet
    office.tick(2)
    assert office.store.complaint(complaint.ticket).restricted
    letterhead = office_of(rules_for(2026, office.store.setting("configuration")), office.now.date())
    found = text(render_book(book_of(office.store, letterhead, 2026)))
    assert "(terbatas)" in found
    assert not any(words in found for words in (said[:20], "Pelapor Rahasia", "Sekretariat"))
    travelling = text(render(Paper.DISPOSITION, facts_of(office.store, complaint.ticket, letterhead)))
    assert "TERBATAS" in travelling
    assert said[:20] not in travelling
