"""What changed since a revision, asked by many and looked up once."""

import pytest

from localsheets.model.book import Book, new_sheet
from localsheets.model.sheet import Row
from localsheets.storage import change_feed
from localsheets.storage.change_feed import ChangeFeed
from tests.localsheets.conftest import OWNER


def a_book(revision: int, changed: dict[int, int], book_id: str = "b") -> Book:
    sheet = new_sheet(0, "Sheet1")
    sheet.rows = [Row(100 + n, n, changed.get(n, 1), ["x"]) for n in range(10)]
    return Book(1, book_id, OWNER, "", "", {"title": ""}, revision=revision, sheets=[sheet])


def test_places_are_those_of_the_snapshot_asked_about():
    feed = ChangeFeed()
    one, two = a_book(3, {4: 2, 7: 3}), a_book(4, {4: 2, 7: 3, 1: 4})
    for _ in range(2):
        assert feed.places(one, one.sheets[0], 1) == [4, 7]
        assert feed.places(one, one.sheets[0], 2) == [7]
        assert feed.places(two, two.sheets[0], 2) == [1, 7]
        assert feed.places(two, two.sheets[0], 4) == []


def test_a_row_is_found_where_it_is_now():
    feed = ChangeFeed()
    one, two = a_book(3, {}), a_book(4, {})
    assert feed.place_of(one, one.sheets[0], 105) == 5
    del two.sheets[0].rows[2]
    assert feed.place_of(two, two.sheets[0], 105) == 4
    assert feed.place_of(two, two.sheets[0], 102) is None


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(change_feed, "MOST_PLACES", 3)
    feed = ChangeFeed()
    for number in range(200):
        book = a_book(5, {}, f"b{number}")
        assert feed.places(book, book.sheets[0], 0) == [0, 1, 2]
        assert feed.place_of(book, book.sheets[0], 100) == 0
    assert len(feed._changed) == change_feed.MOST_ANSWERS
    assert len(feed._by_id) == change_feed.MOST_SHEETS
