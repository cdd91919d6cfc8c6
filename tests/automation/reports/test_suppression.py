"""Whoever knows the rule by which cells are joined, and the total, still does not learn what was joined."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

import pytest

from automation.reports import suppression
from automation.reports.suppression import joined

Counts = tuple[int, ...]


def shared_out(count: int, places: int) -> Iterator[Counts]:
    """Every way to share a count out over places."""
    if places == 1:
        yield (count,)
        return
    for first in range(count + 1):
        for rest in shared_out(count - first, places - 1):
            yield (first, *rest)


def given_away(places: int, most: int, never: Collection[str] = ()) -> list[tuple[Counts, str]]:
    """Of all tables of a size: those of which a value's count follows from what is shown, and whose value it is."""
    values = [f"v{place}" for place in range(places)]
    found = []
    for total in range(5, most + 1):
        alike: Mapping[object, list[Counts]] = defaultdict(list)
        for counts in shared_out(total, places):
            cells = joined(dict(zip(values, counts, strict=True)), never)
            alike[None if cells is None else tuple(cells)].append(counts)
        for cells, members in alike.items():
            alone = {value for value, _ in cells or ()}
            for place, value in enumerate(values):
                if value not in alone and {each[place] for each in members} in [{n} for n in range(1, total + 1)]:
                    found.append((members[0], value))
    return found


@pytest.mark.parametrize(("places", "most"), [(2, 30), (3, 20), (4, 17)])
@pytest.mark.parametrize("never", [(), ("v0",), ("v1",), ("v0", "v1")])
def test_nobody_who_knows_the_rule_finds_a_joined_count(places: int, most: int, never: Collection[str]) -> None:
    assert given_away(places, most, never) == []


def test_each_part_of_the_rule_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as: four and four, joined, are eight, and can be nothing else."""

    def many(counts: Mapping[str, int], apart: Collection[str], never: Collection[str]) -> bool:
        return sum(counts[value] for value in apart) >= 5

    def any_at_all(counts: Mapping[str, int], apart: Collection[str], never: Collection[str]) -> bool:
        return any(counts[value] for value in apart)

    for mutation, places, never, witness in (
        (many, 3, (), ((4, 4, 5), "v0")),
        (many, 2, ("v0",), ((5, 5), "v0")),
        (any_at_all, 2, (), ((1, 5), "v0")),
    ):
        with monkeypatch.context() as broken:
            broken.setattr(suppression, "_enough", mutation)
            assert witness in given_away(places, 13, never)
        assert given_away(places, 13, never) == []


def test_what_is_joined() -> None:
    assert joined({"a": 9, "b": 0}) == [("a", 9), ("b", 0)]
    assert joined({"a": 9, "b": 3, "c": 8, "d": 7}) == [("a", 9), ("c", 8), (None, 10)]
    assert joined({"a": 9, "b": 3, "c": 2, "d": 0}) == [("a", 9), (None, 5)]
    assert joined({"a": 9, "b": 3}) is None
    assert joined({"a": 9, "x": 12, "b": 8}, never={"x"}) == [("a", 9), (None, 20)]
    assert joined({"a": 9, "x": 0, "b": 8}, never={"x"}) == [("a", 9), ("b", 8)]
