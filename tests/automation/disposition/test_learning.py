"""What is learned: used only if it is better, without its trainer's library in memory, and without personal data."""

import json
import re
import subprocess
import sys
from dataclasses import astuple
from pathlib import Path

import pytest

from automation.disposition.categories import Urgency
from automation.disposition.disposing import dispose
from automation.disposition.learning import LEAST_CORRECTIONS, Model, in_force, starting_model, traits, words_seen
from automation.disposition.seeded import seeded_bidang_of, seeded_rules
from automation.disposition.training import Decided, decided_complaints, starting_examples, train
from automation.errors import TrainingError
from register.changes import Change
from register.complaint import Channel, Intake, Status
from register.opening import open_data, prepare
from register.settings import load_settings
from tests.builders import MOMENT

ROOT = Path(__file__).parents[3]
RULES, BIDANG_OF = seeded_rules(), seeded_bidang_of()
FIRST, LAST = ("karto", "basu", "semar", "garen", "petru", "bagon"), ("lowati", "kiman", "dinoto", "gatra")
NAMES = [first + last for first in FIRST for last in LAST]
"""Invented; each is in no more than four complaints."""
FEW = [each for code in starting_model().categories for each in starting_examples() if each.category == code][::40]
"""Examples of every category, and few, to be quick."""


def corrections(count: int, category: str) -> list[Decided]:
    """Complaints in words that the rules do not know, which people always gave to one category; invented names."""
    objects = ["kulkas", "lemari", "kompor", "dipan", "bantal"]
    return [
        Decided(
            f"mohon {objects[n % 5]} kapibara nomor 0812000{n:04d} atas nama {NAMES[n // 4] if n < 96 else 'saya'}",
            category,
            BIDANG_OF[category],
        )
        for n in range(count)
    ]


@pytest.fixture(scope="module")
def taught() -> Model:
    return train(corrections(LEAST_CORRECTIONS, "USAHA"), rules=(), bidang_of=BIDANG_OF, examples=FEW)


def test_a_model_that_beats_what_was_is_used(taught: Model) -> None:
    assert taught.corrections == LEAST_CORRECTIONS
    assert taught.right > 0.95 > taught.right_without
    assert taught.in_force
    found = dispose("mohon kapibara dan kulkas atas nama saya", rules=RULES, bidang_of=BIDANG_OF, learned=taught)
    assert found.category == "USAHA"
    assert f"dan {LEAST_CORRECTIONS} pengaduan yang sudah diputuskan → USAHA" in found.explanation


@pytest.mark.program
def test_too_few_corrections_keep_it_off() -> None:
    """Nor do those count whose bidang is not that of their category: they say nothing of it."""
    odd = [Decided("mohon kapibara", "USAHA", "Rehsos")] * LEAST_CORRECTIONS
    model = train([*corrections(30, "USAHA"), *odd], rules=(), bidang_of=BIDANG_OF, examples=FEW)
    assert (model.corrections, model.in_force) == (30, False)
    assert in_force({"model": model.dump()}) is starting_model()


@pytest.mark.program
def test_a_model_that_is_no_better_is_not_used() -> None:
    from automation.disposition.learning_child import learn  # brings scikit-learn

    decided = [(f"PKH saya belum cair tahap {n}", "PKH", "") for n in range(LEAST_CORRECTIONS)]
    examples = [(each.text, each.category, each.urgency) for each in FEW]
    model = learn(examples, decided, [astuple(rule) for rule in RULES if rule.category == "PKH"])
    assert model.right == model.right_without == 1
    assert not model.in_force


def test_no_personal_data_gets_into_it(taught: Model) -> None:
    text = taught.dump().casefold()
    words = set(json.loads(text)["traits"])
    assert "kapibara" in words
    assert not any(re.search(r"\d", word) for word in words)
    assert not any(name.casefold() in word for name in NAMES for word in words)


def test_it_comes_back_from_json(taught: Model) -> None:
    again = Model.load(taught.dump())
    assert again == taught
    assert again.chances("kapibara") == taught.chances("kapibara")
    assert in_force({"model": taught.dump()}) == taught


@pytest.mark.parametrize("remembered", [None, {}, {"model": "?"}, {"model": "{}"}, {"model": '{"version": 2}'}])
def test_what_cannot_be_read_gives_the_starting_model(remembered: dict[str, str] | None) -> None:
    assert in_force(remembered) is starting_model()


def test_chances_add_up() -> None:
    for text in ("", "pkh belum cair", "x" * 50, "banjir " * 500):
        for chances in starting_model().chances(text):
            assert sum(chances.values()) == pytest.approx(1)


def test_numbers_are_not_seen() -> None:
    assert words_seen("NIK 6402990000000000, 3x lapor") == ["nik", "kali", "lapor"]


def test_what_is_seen_of_a_text() -> None:
    assert traits("PKH belum cair?") == ["pkh", "belum", "cair", "pkh belum", "belum cair", "?"]
    assert traits("banjir " * 7)[-1] == "###"
    assert traits("64") == []


@pytest.mark.program
def test_predicting_loads_no_library_of_the_trainer() -> None:
    code = (
        "import sys; from automation.disposition.suggesting import disposer;"
        "disposer(None, None, 2026)('pkh belum cair', ''); import automation.disposition.training;"
        "print([name for name in ('sklearn', 'numpy', 'scipy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_child_that_takes_too_long_is_ended() -> None:
    with pytest.raises(TrainingError, match="TimeoutExpired"):
        train((), rules=(), bidang_of={}, seconds=0.01)


def test_starting_model_is_that_of_the_examples() -> None:
    """Renew it with `python -m automation.disposition.training` after changing examples or everyday words."""
    seen = {trait for each in starting_examples() for trait in traits(each.text)}
    assert starting_model().examples == len(starting_examples())
    assert set(starting_model().rarity) <= seen
    assert set(starting_model().categories) == {each.category for each in starting_examples()}
    assert set(starting_model().urgencies) == set(Urgency)
    assert starting_model().corrections == 0


def test_starting_model_knows_no_number_and_no_name() -> None:
    known = {word for trait in starting_model().rarity for word in trait.split()}
    assert not any(re.search(r"\d", word) for word in known)
    assert known.isdisjoint({"sabran", "tumiran", "siti", "budi", "rahmat"})


@pytest.mark.parametrize(
    ("status", "counts"),
    [
        (Status.RESOLVED, True),
        (Status.TRANSFERRED, True),
        (Status.OUT_OF_AUTHORITY, True),
        (Status.IN_PROGRESS, False),
        (Status.WITHDRAWN, False),
        (Status.MERGED, False),
        (Status.ARCHIVED, False),
    ],
)
def test_only_what_staff_acted_on_teaches(tmp_path: Path, status: Status, counts: bool) -> None:
    settings = load_settings({"ADUAN_DATA": str(tmp_path / "data")}, tmp_path / "none.toml")
    prepare(settings, MOMENT)
    store = open_data(settings).store
    ticket = store.accept(Intake("kulkas", subject="kapibara"), channel=Channel.WEB, now=MOMENT).complaint.ticket
    store.commit([Change(ticket, {"status": status, "category": "USAHA", "bidang": "Dayasos"})])
    assert decided_complaints(store) == [Decided("kapibara\nkulkas", "USAHA", "Dayasos")] * counts
