"""Where a row stands that is known by its lasting id."""

from bisect import bisect_left
from collections.abc import Sequence

from localsheets.model.sheet import Row


class RowPlaces:
    """
    Places of rows in one list.

    A row is looked for where its key says, in a few steps; only if it is not there are all rows looked through, once.
    """

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self._by_id: dict[int, int] | None = None

    def find(self, row_id: int, key: int) -> int | None:
        """
        The place of a row; None if it is not here.

        Args:
            key: Its key, as far as known; another one only makes the answer slower.
        """
        place = bisect_left(self._rows, key, key=lambda row: row.key)
        if place < len(self._rows) and self._rows[place].row_id == row_id:
            return place
        if self._by_id is None:
            self._by_id = {row.row_id: place for place, row in enumerate(self._rows)}
        return self._by_id.get(row_id)
