"""Routing of complaints as people write them: invented samples, normalisation, the rules' little language, any text."""

import time as stopwatch
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automation.categories import Urgency, categories
from automation.disposition import DEFAULT_BIDANG, Disposition, Rule, dispose, words_of
from automation.everyday_words import plain_words
from sheets_schema.configuration_tabs import BIDANG, RULES
from sheets_schema.seeding import seed_rows

SEEDS = tuple(
    Rule(
        category=str(row["category"]),
        words=words_of(str(row["words"])),
        weight=float(row["weight"]),
        urgency=str(row["urgency"]),
        note=str(row["remark"]),
        active=bool(row["active"]),
    )
    for row in seed_rows(RULES)
)
BIDANG_OF = {code: category.bidang for code, category in categories().items()}


def samples(name: str) -> list[tuple[str, str, str]]:
    """Text, category and urgency of each line of a file beside this one; names and numbers are invented."""
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    fields = [line.split(" | ", 2) for line in lines if not line.startswith("#")]
    return [(text, "" if category == "-" else category, urgency) for category, urgency, text in fields]


SAMPLES = samples("complaints_domain.txt")
MORE = samples("complaints_more.txt")


def routed(text: str, *, category: str = "", rules: tuple[Rule, ...] = SEEDS) -> Disposition:
    """The text disposed by the rules that a new register starts with."""
    return dispose(text, rules=rules, bidang_of=BIDANG_OF, category=category)


def a_rule(words: str, *, category: str = "PKH", weight: float = 1, urgency: str = "") -> Rule:
    return Rule(category, words_of(words), weight, urgency)


def misrouted(complaints: list[tuple[str, str, str]]) -> list[str]:
    """One line for each sample whose category differs."""
    found = [(text, wanted, routed(text).category) for text, wanted, _ in complaints]
    differing = [(text, wanted, got) for text, wanted, got in found if wanted != got]
    return [f"{text!r}: {wanted or 'none'} wanted, {got or 'none'} found" for text, wanted, got in differing]


def test_samples_of_the_domain_agree_in_category() -> None:
    differing = misrouted(SAMPLES)
    assert len(SAMPLES) == 24
    assert len(SAMPLES) - len(differing) >= 22, "\n".join(differing)


def test_further_complaints_reach_their_bidang() -> None:
    differing = [
        f"{text!r}: {found.bidang}, {found.explanation}"
        for text, category, _ in MORE
        if (found := routed(text)).bidang != BIDANG_OF.get(category, DEFAULT_BIDANG)
    ]
    assert len(differing) <= len(MORE) * 0.05, "\n".join(differing)


@pytest.mark.parametrize(
    "text", [text for text, _, urgency in SAMPLES if urgency == Urgency.EMERGENCY], ids=lambda text: text[:30]
)
def test_emergencies_of_the_domain_are_not_missed(text: str) -> None:
    assert routed(text).urgency is Urgency.EMERGENCY


def test_further_emergencies_are_seldom_missed() -> None:
    wanted = [text for text, _, urgency in MORE if urgency == Urgency.EMERGENCY]
    missed = [text for text in wanted if routed(text).urgency is not Urgency.EMERGENCY]
    assert len(missed) <= len(wanted) * 0.05, "\n".join(missed)


@pytest.mark.parametrize(
    "text",
    [
        "Banjir sudah surut, kapan bantuan dibagikan?",
        "Rumah terendam bulan lalu, bantuan belum ada",
        "PKH saya belum cair, mohon segera ditindaklanjuti",
        "Bagaimana syarat mengajukan bantuan korban banjir?",
        "BPJS saya mati",
    ],
)
def test_no_emergency_without_danger(text: str) -> None:
    assert routed(text).urgency is not Urgency.EMERGENCY


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("min, sy blm dpt PKH pdhl thn lalu dpt, knp ya?", "saya belum dapat pkh padahal tahun lalu dapat kenapa"),
        ("sdh 3x lapor ga dibales2 😡", "sudah 3 kali lapor tidak dibalas dibalas"),
        ("ulun kada kawa bejalan, nini garing", "saya tidak bisa bejalan nenek sakit"),
        ("Toloooong BANTUANNYA!!!", "tolong bantuan"),
        ("minta 50rb", "minta 50 ribu"),
        ("e-KTP; KK/NIK…", "e ktp kk nik"),
        ("hanya bertanya", "hanya bertanya"),
        ("ﬁle №5 é", "file nomor 5 e"),
        ("", ""),
    ],
)
def test_plain_words(written: str, plain: str) -> None:
    assert " ".join(plain_words(written)) == plain


@pytest.mark.parametrize(
    ("words", "text", "met"),
    [
        pytest.param("banjir", "Banjir!", True, id="a word"),
        pytest.param("banjir", "kebanjiran", False, id="whole words only"),
        pytest.param("banjir*", "banjirnya parah", True, id="a stem"),
        pytest.param("banjir*", "banji", False, id="shorter than the stem"),
        pytest.param("kursi roda", "kursi yg roda", True, id="a phrase over a word that carries nothing"),
        pytest.param("kursi roda", "roda kursi", False, id="a phrase in order"),
        pytest.param("kursi roda*", "kursi rodanya", True, id="a phrase that ends in a stem"),
        pytest.param("tidak makan", "ndik makan", True, id="a Kutai word for it"),
        pytest.param("minta + uang", "uang itu mereka minta", True, id="both anywhere"),
        pytest.param("minta + uang", "minta tolong", False, id="only one of both"),
        pytest.param("nenek/kakek + sendirian", "kai saurangan", True, id="either, in Banjar"),
        pytest.param("banjir + !surut", "banjir besar", True, id="absent"),
        pytest.param("banjir + !surut", "banjir mulai surut", False, id="not absent"),
        pytest.param("gempa, longsor", "tanah longsor", True, id="the second term"),
        pytest.param("!surut", "apa saja", False, id="absence alone is nothing"),
        pytest.param("+, /, *, !", "+ / * !", False, id="signs alone are nothing"),
    ],
)
def test_language_of_rules(words: str, text: str, met: bool) -> None:
    assert bool(routed(text, rules=(a_rule(words),)).category) is met


def test_weights_add_up_and_the_best_category_wins() -> None:
    rules = (
        a_rule("bantuan", category="PKH", weight=3),
        a_rule("desa", category="LUAR", weight=2),
        a_rule("jalan", category="LUAR", weight=2),
    )
    found = routed("bantuan jalan desa", rules=rules)
    assert found.scores == {"PKH": 3, "LUAR": 4}
    assert found.category == "LUAR"
    assert found.explanation == "Kata 'desa', 'jalan' → LUAR (aturan 2, 3)."


def test_earlier_rule_wins_a_tie() -> None:
    rules = (a_rule("desa", category="LUAR"), a_rule("bantuan", category="PKH"))
    assert routed("bantuan desa", rules=rules).category == "LUAR"
    assert routed("bantuan desa", rules=rules[::-1]).category == "PKH"


def test_inactive_rule_keeps_its_number_but_says_nothing() -> None:
    rules = (Rule("LUAR", ("bantuan",), 9, active=False), a_rule("bantuan"))
    assert routed("bantuan", rules=rules).explanation == "Kata 'bantuan' → PKH (aturan 2)."


def test_urgency_is_the_highest_asked_for_else_the_category_s() -> None:
    rules = (
        a_rule("bantuan", category="USAHA"),
        a_rule("cepat", category="", urgency="Tinggi"),
        a_rule("parang", category="", urgency="Darurat"),
    )
    assert routed("bantuan", rules=rules).urgency is Urgency.LOW
    assert routed("bantuan cepat", rules=rules).urgency is Urgency.HIGH
    both = routed("bantuan cepat parang", rules=rules)
    assert both.urgency is Urgency.EMERGENCY
    assert both.explanation.endswith("; urgensi Darurat karena 'parang' (aturan 3).")


def test_nothing_to_go_on_asks_for_completion() -> None:
    found = routed("tolong dong pak")
    assert (found.category, found.bidang, found.urgency) == ("", "Sekretariat", Urgency.LOW)
    assert "melengkapi" in found.explanation


def test_choice_of_the_reporter_counts_but_not_absolutely() -> None:
    assert routed("mohon dibantu", category="DIFABEL").category == "DIFABEL"
    assert routed("mohon dibantu", category="DIFABEL").explanation == "Kategori pilihan pelapor → DIFABEL."
    assert routed("PKH saya belum cair", category="INFO").category == "PKH"
    assert routed("Pendamping minta uang 50 ribu tiap pencairan PKH", category="PKH").category == "PUNGLI"
    assert routed("mohon dibantu", category="ENTAH").category == ""


def test_staff_decide_who_handles_a_category() -> None:
    found = dispose("banjir", rules=SEEDS, bidang_of={"BENCANA": "Rehsos"})
    assert found.bidang == "Rehsos"
    assert dispose("banjir", rules=SEEDS, bidang_of={}).bidang == DEFAULT_BIDANG


def test_restricted_categories_are_marked() -> None:
    assert {code for code, category in categories().items() if category.restricted} == {"PUNGLI", "KEKERASAN"}
    assert routed("ada pungli").restricted
    assert not routed("PKH belum cair").restricted


def test_seeds_agree_with_each_other() -> None:
    """Every rule names a category that exists, can be met, and the tab Bidang hands out each category once."""
    handed_out = {code: str(row["code"]) for row in seed_rows(BIDANG) for code in words_of(str(row["categories"]))}
    assert handed_out == BIDANG_OF
    assert {rule.category for rule in SEEDS} - {""} == set(categories())
    assert all(rule.urgency in {"", *Urgency} and rule.words and rule.note for rule in SEEDS)


@settings(deadline=None)
@given(text=st.text(max_size=400), category=st.sampled_from(["", "PKH", "INFO", "x"]))
def test_no_text_fails(text: str, category: str) -> None:
    found = routed(text, category=category)
    assert found.explanation.endswith(".")
    assert found.bidang


@pytest.mark.parametrize("text", ["\x00\x1b[31m\u202e", "😡" * 6000, "banjir " * 900, "a" * 6000, "kata2" * 2000])
def test_odd_texts_do_no_harm(text: str) -> None:
    assert routed(text).bidang


def test_a_text_is_disposed_quickly() -> None:
    """Well under a millisecond each; the bound leaves room for a busy machine."""
    routed("panas")
    began = stopwatch.perf_counter()
    for text, _, _ in SAMPLES * 5:
        routed(text)
    assert stopwatch.perf_counter() - began < 120 * 0.003
