"""Routing of complaints as people write them: invented samples, normalisation, the rules' little language, any text."""

import re
import time as stopwatch
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automation.disposition.categories import Urgency, categories
from automation.disposition.disposing import DEFAULT_BIDANG, LEAST_CONFIDENCE, Disposition, Rule, dispose, words_of
from automation.disposition.everyday_words import everyday_forms, fillers, plain_words
from automation.disposition.learning import starting_model
from automation.disposition.phrase_rules import GROUP
from automation.disposition.seeded import seeded_rules
from automation.disposition.spelling import Spelling
from automation.disposition.word_stems import is_form_of
from bench.disposition import judge, read
from sheets_schema.configuration_tabs import BIDANG
from sheets_schema.seeding import seed_rows

SEEDS = seeded_rules()
BIDANG_OF = {code: category.bidang for code, category in categories().items()}


def samples(name: str) -> list[tuple[str, str, str]]:
    """Text, category and urgency of each line of a file beside this one; names and numbers are invented."""
    lines = (Path(__file__).parents[1] / name).read_text(encoding="utf-8").splitlines()
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
        ("ulun kada kawa bejalan, nini garing", "saya tidak bisa berjalan nenek sakit"),
        ("Toloooong BANTUANNYA!!!", "tolong bantuan"),
        ("minta 50rb", "minta 50 ribu"),
        ("e-KTP; KK/NIK…", "e ktp kk nik"),
        ("hanya bertanya", "hanya bertanya"),
        ("lakinya dan laki-laki itu, 2 laki2", "suami dan pria itu 2 pria"),
        ("pukul 03.00 dia memukul", "jam 03 00 dia memukul"),
        ("ﬁle №5 é", "file nomor 5 e"),
        ("", ""),
    ],
)
def test_plain_words(written: str, plain: str) -> None:
    assert " ".join(plain_words(written)) == plain


def test_no_everyday_word_leads_to_another() -> None:
    """A plain word that is itself a written form of something else would never be what the rules see."""
    for form, plain in everyday_forms().items():
        assert plain_words(" ".join(plain)) == [word for word in plain if word not in fillers()], form


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
        pytest.param("~potong", "uangnya dipotongin", True, id="a form of the word"),
        pytest.param("~potong", "kepotong", True, id="a spoken form"),
        pytest.param("~potong", "kota", False, id="no form of the word"),
        pytest.param("minta & uang", "minta sejumlah uang", True, id="both near"),
        pytest.param("minta & uang", "minta a b c d e f g uang", False, id="both, but far apart"),
        pytest.param("@tua + sakit", "nenek garing", True, id="a word of a group"),
        pytest.param("@muda + sakit", "nenek garing", False, id="a group that nobody named"),
        pytest.param("pkh", "bukan soal pkh", False, id="denied"),
        pytest.param("bukan pkh", "bukan pkh", True, id="a denial that is asked for"),
        pytest.param("bantuan", "bntuan", True, id="vowels left out"),
        pytest.param("besar", "basar", True, id="as Banjar says it"),
        pytest.param("gempa, longsor", "tanah longsor", True, id="the second term"),
        pytest.param("!surut", "apa saja", False, id="absence alone is nothing"),
        pytest.param("+, /, *, !", "+ / * !", False, id="signs alone are nothing"),
    ],
)
def test_language_of_rules(words: str, text: str, met: bool) -> None:
    group = a_rule("nenek, kakek", category="@tua")
    assert bool(routed(text, rules=(group, a_rule(words))).category) is met


def test_weights_add_up_and_the_best_category_wins() -> None:
    rules = (
        a_rule("bantuan", category="PKH", weight=30),
        a_rule("desa", category="LUAR", weight=20),
        a_rule("jalan", category="LUAR", weight=20),
    )
    found = routed("bantuan jalan desa", rules=rules)
    assert found.scores == {"PKH": 30, "LUAR": 40}
    assert found.category == "LUAR"
    assert found.explanation == "Kata 'desa', 'jalan' → LUAR (aturan 2, 3)."


def test_earlier_rule_wins_a_tie() -> None:
    rules = (a_rule("desa", category="LUAR"), a_rule("bantuan", category="PKH"))
    assert routed("bantuan desa", rules=rules).category == "LUAR"
    assert routed("bantuan desa", rules=rules[::-1]).category == "PKH"


def test_inactive_rule_keeps_its_number_but_says_nothing() -> None:
    rules = (Rule("LUAR", ("bantuan",), 9, active=False), a_rule("bantuan", weight=9))
    assert routed("bantuan", rules=rules).explanation == "Kata 'bantuan' → PKH (aturan 2)."


def test_urgency_is_the_highest_asked_for_else_the_category_s() -> None:
    rules = (
        a_rule("bantuan", category="USAHA", weight=9),
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


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("Saya mau melaporkan Pak Wahyudi, pendamping PKH di desa kami.", "PUNGLI"),
        ("PKH saya tidak cair, pendamping bilang harus bayar dulu", "PUNGLI"),
        ("Pak Wahyudi sering begitu kepada kami, tolong ditindak", "PUNGLI"),
        ("PKH belum cair", "KEKERASAN"),
        ("tolong", "KEKERASAN"),
        ("x", "pungli"),
        ("suami saya dipukul petugas yang minta uang", "PUNGLI"),
    ],
)
def test_whoever_chose_a_restricted_category_is_kept_apart_whatever_the_words_say(text: str, chosen: str) -> None:
    code = chosen.upper()
    found = dispose(text, rules=SEEDS, bidang_of=BIDANG_OF, category=chosen, learned=starting_model())
    assert found.restricted
    assert "dirahasiakan" in found.explanation
    if found.category != code:
        assert found.unsure
        assert found.second is not None
        assert found.second.category == code
        assert found.confidence < LEAST_CONFIDENCE


def test_a_choice_that_rules_speak_against_is_still_not_told_to_everybody() -> None:
    found = routed("tolong", category="PUNGLI", rules=(a_rule("tolong", category="PUNGLI", weight=-50),))
    assert (found.category, found.restricted) == ("PUNGLI", True)


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
    groups = {rule.category for rule in SEEDS if rule.category.startswith(GROUP)}
    used = {word for rule in SEEDS for term in rule.words for word in re.findall(rf"{GROUP}\w+", term)}
    assert handed_out == BIDANG_OF
    assert {rule.category for rule in SEEDS} - {""} - groups == set(categories())
    assert used <= groups
    assert all(rule.urgency in {"", *Urgency} and rule.words and rule.note for rule in SEEDS)


def test_seeds_use_no_word_that_is_dropped() -> None:
    """`siapa saja` would silently mean `siapa`."""
    words = {word.strip("!") for rule in SEEDS for term in rule.words for word in re.split(r"[\s+&/]+", term)}
    assert words & fillers() == set()


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
    """About a millisecond of the processor each; the bound leaves room for a slow one."""
    routed("panas")
    began = stopwatch.process_time()
    for text, _, _ in SAMPLES * 5:
        routed(text)
    assert stopwatch.process_time() - began < 120 * 0.004


EXAMPLES = read(Path(str(files("automation.disposition").joinpath("starting_examples.jsonl"))))
"""What the model was made on, and the rules on the first of them; bench/authors.py measures unseen ones."""
MADE_ON = EXAMPLES[:1320:2]


def test_examples_they_were_made_on_are_disposed_right() -> None:
    judged = judge(EXAMPLES[::5])
    wanted = [each for each in judged if each.sample.urgency == Urgency.EMERGENCY]
    raised = [each for each in judged if each.found.urgency is Urgency.EMERGENCY]
    both = sum(each.sample.urgency == Urgency.EMERGENCY for each in raised)
    assert sum(each.category == each.sample.category for each in judged) >= 0.97 * len(judged)
    assert sum(each.right for each in judged) >= 0.98 * len(judged)
    assert sum(each.found.unsure for each in judged) <= 0.05 * len(judged)
    assert both >= 0.98 * len(wanted)
    assert both >= 0.80 * len(raised)


def test_rules_alone_reach_most_of_them() -> None:
    found = [routed(each.text) for each in MADE_ON]
    right = sum(one.bidang == each.bidang for one, each in zip(found, MADE_ON, strict=True))
    assert right >= 0.94 * len(MADE_ON)


def test_doubt_names_the_two_best_guesses() -> None:
    rules = (a_rule("bantuan", category="PKH", weight=5), a_rule("desa", category="LUAR", weight=4))
    found = routed("bantuan desa", rules=rules)
    assert found.unsure
    assert found.second is not None
    assert found.second.category == "LUAR"
    assert found.explanation == (
        "Kata 'bantuan' → PKH (aturan 1); belum pasti, mohon Ketua Tim memilih PKH (Linjamsos) atau LUAR (Sekretariat)."
    )


def test_categories_of_one_bidang_raise_no_doubt() -> None:
    rules = (a_rule("bantuan", category="PKH", weight=9), a_rule("beras", category="SEMBAKO", weight=9))
    assert not routed("bantuan beras", rules=rules).unsure


def test_confidence_grows_with_the_distance() -> None:
    def confidence(weight: float) -> float:
        rules = (a_rule("bantuan", weight=weight), a_rule("desa", category="LUAR", weight=5))
        return routed("bantuan desa", rules=rules).confidence

    found = [confidence(weight) for weight in (6, 10, 20, 40)]
    assert found == sorted(found)
    assert 0.5 < found[0] < found[-1] <= 1


def test_a_rule_for_another_category_asks_for_no_urgency_but_an_emergency() -> None:
    rules = (
        a_rule("bantuan", category="USAHA", weight=9),
        a_rule("sakit", category="PBI", urgency="Tinggi"),
        a_rule("kritis", category="PBI", urgency="Darurat"),
    )
    assert routed("bantuan sakit", rules=rules).urgency is Urgency.LOW
    assert routed("bantuan kritis", rules=rules).urgency is Urgency.EMERGENCY


def test_confidentiality_is_explained() -> None:
    assert "dirahasiakan karena kategori terbatas" in routed("ada pungli").explanation
    assert "dirahasiakan" not in routed("PKH belum cair").explanation


def test_learned_model_helps_where_no_rule_speaks() -> None:
    found = dispose(
        "kepesertaan berobat ibu dihentikan, puskesmas menolak", rules=(), bidang_of=BIDANG_OF, learned=starting_model()
    )
    assert found.explanation.startswith(f"Serupa dengan {starting_model().sources} → PBI")


@pytest.mark.parametrize(
    ("root", "written"),
    [
        ("pukul", "dipukuli memukuli pemukulan mukulin tapukul pukulan"),
        ("potong", "memotong dipotong motong pemotongan potongan dipotongin kepotong"),
        ("telantar", "menelantarkan ditelantarkan penelantaran"),
        ("siksa", "nyiksa menyiksa penyiksaan"),
        ("bakar", "tabakar kebakaran terbakar membakar"),
        ("minta", "meminta dimintai mintain permintaan peminta"),
        ("amuk", "ngamuk mengamuk"),
        ("data", "mendata didata pendataan terdata ngedata"),
    ],
)
def test_forms_of_a_word(root: str, written: str) -> None:
    assert [word for word in written.split() if not is_form_of(word, root)] == []


@pytest.mark.parametrize(
    ("root", "written"),
    [("siksa", "periksa diperiksa"), ("sabet", "diabet"), ("sita", "berita"), ("tanggap", "dianggap")],
)
def test_a_root_keeps_its_first_letter_where_no_nasal_takes_it(root: str, written: str) -> None:
    assert [word for word in written.split() if is_form_of(word, root)] == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("bntuan", "bantuan"),
        ("disablitas", "disabilitas"),
        ("basar", "besar"),
        ("bantu", "bantu"),
        ("bantuan", "bantuan"),
        ("btn", "btn"),
        ("pasar", "pasar"),
    ],
)
def test_spelling_bends_only_what_is_misspelt(written: str, meant: str) -> None:
    assert Spelling(["bantuan", "disabilitas", "besar", "peser"], kept=["pasar"]).mend(written) == meant


def test_spelling_does_not_choose_between_two_words() -> None:
    assert Spelling(["besar", "basar"]).mend("beser") == "beser"


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12))
def test_a_mended_word_stays(word: str) -> None:
    spelling = Spelling(["bantuan", "besar", "pendamping", "kebakaran"])
    assert spelling.mend(spelling.mend(word)) == spelling.mend(word)
