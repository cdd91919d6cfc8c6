"""Complaints in English, in which the form is offered, and in languages that nobody here reads by rule."""

import json
from pathlib import Path

import pytest

from automation.disposition.categories import Urgency, categories
from automation.disposition.disposing import DEFAULT_BIDANG, Disposition, dispose
from automation.disposition.english import english_words, in_indonesian
from automation.disposition.everyday_words import plain_words, seems_english
from automation.disposition.learning import starting_model
from automation.disposition.seeded import seeded_bidang_of, seeded_rules
from automation.disposition.training import starting_examples
from bench.disposition import HELD_BACK, read
from tests.office import Office

LINES = (Path(__file__).parents[1] / "complaints_english.txt").read_text(encoding="utf-8").splitlines()
COMPLAINTS = [tuple(line.split(" | ", 2)) for line in LINES if not line.startswith("#")]
NOT_INDONESIAN = "teks tampaknya bukan bahasa Indonesia"


def disposed(text: str, *, category: str = "") -> Disposition:
    """The text disposed as a new register does."""
    return dispose(
        text, rules=seeded_rules(), bidang_of=seeded_bidang_of(), category=category, learned=starting_model()
    )


@pytest.mark.parametrize(
    ("text", "category", "urgency"),
    [
        ("I was refused a wheelchair by the desk officer, who asked for 200 thousand rupiah", "PUNGLI", "Tinggi"),
        ("The officer demanded a bribe before giving me my KKS card", "PUNGLI", "Tinggi"),
        ("We had to pay an illegal fee of 50,000 rupiah to be put on the list", "PUNGLI", "Tinggi"),
        ("They don't disburse our aid unless we give the coordinator cash", "PUNGLI", "Tinggi"),
        ("They don’t disburse our aid unless we give the coordinator cash", "PUNGLI", "Tinggi"),
        ("MY NEIGHBOUR BEATS HIS CHILD EVERY NIGHT!!!", "KEKERASAN", "Darurat"),
        ("My husband hits me and threatens to kill me with a knife", "KEKERASAN", "Darurat"),
        ("A girl of 12 in our village was raped by her stepfather", "KEKERASAN", "Darurat"),
        ("An old woman is lying unconscious in her house, she lives alone", "LANSIA", "Darurat"),
        ("There is an abandoned baby in front of the mosque", "ANAK", "Darurat"),
        ("Flood now, the water is chest deep and we are trapped on the roof", "BENCANA", "Darurat"),
        ("Our house is on fire, please help us", "BENCANA", "Darurat"),
        ("I want to kill myself", "ODGJ", "Darurat"),
        ("I have not received my PKH money for three months", "PKH", "Sedang"),
        ("My sembako card balance is empty since last month", "SEMBAKO", "Sedang"),
        ("My health insurance is not active", "PBI", "Sedang"),
        ("My disabled father needs a wheelchair, we cannot afford one", "DIFABEL", "Sedang"),
        ("My family is poor but we are not registered in the DTSEN social registry", "DATA", "Sedang"),
        ("The clerk at the counter was rude and let us wait for four hours", "LAYANAN", "Sedang"),
        ("What are the requirements to apply for PKH?", "INFO", "Rendah"),
    ],
)
def test_english_is_read(text: str, category: str, urgency: str) -> None:
    found = disposed(text)
    assert (found.category, found.urgency) == (category, urgency), found.explanation
    assert found.restricted is categories()[category].restricted
    assert not found.unsure
    assert "dibaca dari bahasa Inggris" in found.explanation


def test_hardly_any_english_complaint_is_misread_and_none_of_them_surely() -> None:
    judged = [(disposed(text), category, text) for category, _, text in COMPLAINTS]
    wrong = [(found, text) for found, category, text in judged if found.category != category]
    assert len(wrong) <= len(COMPLAINTS) * 0.05, [text for _, text in wrong]
    assert [text for found, text in wrong if not found.unsure] == []


def test_english_complaints_of_violence_and_money_are_kept_secret_and_no_others() -> None:
    differing = [
        text for category, _, text in COMPLAINTS if disposed(text).restricted is not categories()[category].restricted
    ]
    assert differing == []


def test_english_emergencies_are_seldom_missed_and_others_seldom_called_so() -> None:
    judged = [(disposed(text).urgency, urgency, text) for _, urgency, text in COMPLAINTS]
    missed = [text for found, wanted, text in judged if wanted == Urgency.EMERGENCY and found != Urgency.EMERGENCY]
    called = [text for found, wanted, text in judged if found is Urgency.EMERGENCY and wanted != Urgency.EMERGENCY]
    assert len(missed) <= 2, missed
    assert len(called) <= 2, called


@pytest.mark.parametrize(
    "text",
    [
        "The flood has receded, when will the aid be distributed?",
        "Our house burned down last year and we still have no aid to rebuild it",
        "I have sent three messages and nobody replied",
        "How do I apply for the program for elderly people?",
        "The officer was friendly and did not ask for anything, thank you",
        "My children like the school, please go on with the free meals",
    ],
)
def test_harmless_english_is_neither_an_emergency_nor_secret(text: str) -> None:
    found = disposed(text)
    assert found.urgency is not Urgency.EMERGENCY
    assert not found.restricted, found.explanation


@pytest.mark.parametrize(
    "text",
    [
        "Hello, I am new here and I like this town",
        "Mein Nachbar schlägt jede Nacht sein Kind, bitte helfen Sie schnell",
        "Mon voisin frappe son enfant chaque nuit, aidez nous s'il vous plait",
        "Binubugbog ng kapitbahay ko ang bata niya tuwing gabi",
        "我的邻居每天晚上打他的孩子，请帮忙",
        "جاري يضرب طفله كل ليلة",
        "이웃이 매일 밤 아이를 때립니다",
    ],
)
def test_what_nobody_can_read_by_rule_goes_to_the_ketua_tim(text: str) -> None:
    found = disposed(text)
    assert (found.category, found.bidang, found.unsure) == ("", DEFAULT_BIDANG, True)
    assert found.explanation.endswith(f"{NOT_INDONESIAN}; mohon Ketua Tim menentukan kategori.")


def test_an_unreadable_complaint_waits_for_the_ketua_tim_in_the_register(office: Office) -> None:
    ticket = office.file(description="我的邻居每天晚上打他的孩子，请帮忙").ticket
    english = office.file(description="My neighbour beats his child every night").ticket
    office.tick(3)
    assert office.store.complaint(ticket).undecided
    assert NOT_INDONESIAN in json.dumps(office.row(ticket))
    read_one = office.store.complaint(english)
    assert (read_one.category, read_one.urgency, read_one.restricted) == ("KEKERASAN", "Darurat", True)
    assert "neighbour" not in json.dumps(office.row(english))


def test_a_guess_about_english_that_no_rule_bears_out_goes_to_the_ketua_tim() -> None:
    found = dispose("The clinic refused my mother", rules=(), bidang_of=seeded_bidang_of(), learned=starting_model())
    assert found.unsure
    assert f"{NOT_INDONESIAN}; " in found.explanation


def test_a_choice_made_in_the_form_counts_for_an_english_text_too() -> None:
    assert disposed("Hello, I am new here and I like this town", category="DIFABEL").category == "DIFABEL"
    assert disposed("Hello, I am new here and I like this town", category="PUNGLI").restricted


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("He asked for money", "dia minta uang"),
        ("She hasn't eaten for 2 days", "dia tidak makan 2 hari"),
        ("My wheelchair is broken", "kursi roda rusak"),
        ("PKH Bu Sari not received in Loa Kulu", "pkh sari tidak terima loa kulu"),
        ("Petugas minta cash 50 ribu untuk PKH saya", "petugas minta cash 50 ribu untuk pkh saya"),
        ("data bank error", "data bank error"),
        ("up up up", ""),
    ],
)
def test_plain_words_of_english(written: str, plain: str) -> None:
    assert " ".join(plain_words(written)) == plain


def test_no_indonesian_example_is_taken_for_english_or_for_unreadable() -> None:
    texts = [each.text for each in starting_examples()] + [each.text for each in read(HELD_BACK)]
    foreign = [text for text in texts if seems_english(text) or not starting_model().reads(text)]
    assert len(texts) > 5_000
    assert len(foreign) == 1  # "Dear Dinsos, I write on behalf of the church …"


def test_meanings_are_plain_words() -> None:
    """What a meaning says must be a word that rules and examples use, not a written form of another."""
    meanings = {meaning for each in english_words().phrases.values() for _, meaning in each}
    assert [" ".join(meaning) for meaning in meanings if plain_words(" ".join(meaning)) != list(meaning)] == []


def test_the_longest_phrase_wins() -> None:
    assert in_indonesian(["no", "food"]) == ["tidak", "makan"]
    assert in_indonesian(["food", "card"]) == ["sembako"]
    assert in_indonesian(["food"]) == ["makanan"]
    assert in_indonesian([]) == []
