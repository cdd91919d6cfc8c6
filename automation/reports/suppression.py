"""
Which counts may be shown, so that none points at a person. Pure; proof: docs/decisions/0031-public-editions.md.
"""

from collections.abc import Collection, Mapping, Sequence

FEWEST = 5
"""A count that is shown is 0 or at least so large."""
FEWEST_OF_A_SHARE = 40
"""Below it a tenth could stand for one to four people and for nothing else."""

Cells = Sequence[tuple[str | None, int]]
"""Values with their counts; None for those that are joined."""


def may_stand(count: int) -> bool:
    """Whether a count may be shown by itself."""
    return count == 0 or count >= FEWEST


def joined(counts: Mapping[str, int], never: Collection[str] = ()) -> Cells | None:
    """
    The cells of a table that may be shown; None if the table may not.

    Whoever knows this rule must not learn more from what it chose. So the values that join the small ones are taken
    from the end of the list, whatever they count; and where anything is joined, so are the zeros.

    Args:
        counts: Of one whole, by value, in the order in which lists show them.
        never: Values that never stand alone, however large. Never are they all that is joined.
    """
    apart = {value for value, count in counts.items() if value in never or count < FEWEST}
    if not any(counts[value] for value in apart):
        return [(value, count) for value, count in counts.items() if value not in never]
    for value in reversed(list(counts)):
        if _enough(counts, apart, never):
            break
        apart.add(value)
    shown: list[tuple[str | None, int]] = [(value, count) for value, count in counts.items() if value not in apart]
    if not shown or not _enough(counts, apart, never):
        return None
    return [*shown, (None, sum(counts[value] for value in apart))]


def _enough(counts: Mapping[str, int], apart: Collection[str], never: Collection[str]) -> bool:
    """Whether what is joined is many, of more than one value, and says nothing of these."""
    found = [value for value in apart if counts[value]]
    known = set(found) <= set(never)
    # Small ones that are all as large as small ones can be would give themselves away by their sum.
    full = all(counts[value] == FEWEST - 1 for value in apart)
    return not known and not full and sum(counts[value] for value in found) >= FEWEST


def tenths(part: int, whole: int) -> int | None:
    """A share of a whole in tenths, rounded, halves up; None if the whole is too small."""
    return (20 * part + whole) // (2 * whole) if whole >= FEWEST_OF_A_SHARE else None
