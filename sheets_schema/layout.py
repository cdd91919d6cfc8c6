"""Where a tab's columns stand right now: found by header, wherever staff moved them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sheets_schema.columns import Tab


@dataclass(frozen=True)
class Layout:
    """
    Positions of a tab's columns, 0-based, by key.

    `missing` and `doubled` name headers that stop all writing to the tab until a person mends them.
    """

    tab: Tab
    positions: Mapping[str, int]
    width: int
    missing: tuple[str, ...]
    doubled: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether each header is there exactly once."""
        return not self.missing and not self.doubled


def locate(tab: Tab, header: Sequence[object]) -> Layout:
    """The layout that a header row shows. Headers are compared without regard to case and outer spaces."""
    places: dict[str, list[int]] = {}
    for index, title in enumerate(header):
        places.setdefault(normal(title), []).append(index)
    found = {column.key: places.get(normal(column.header), []) for column in tab.columns}
    return Layout(
        tab=tab,
        positions={key: indexes[0] for key, indexes in found.items() if len(indexes) == 1},
        width=len(header),
        missing=tuple(column.header for column in tab.columns if not found[column.key]),
        doubled=tuple(column.header for column in tab.columns if len(found[column.key]) > 1),
    )


def normal(title: object) -> str:
    """A header as it is compared: without regard to case and spaces."""
    return " ".join(str(title).split()).casefold()
