"""Drafts on both databases: found by the browser's key alone, sealed, and gone when they should be."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from register import tables
from register.drafts import KEPT_DAYS, Draft, Drafts, new_key
from register.sealing import Keyring
from register.store import Store
from tests.builders import MOMENT

DRAFT = Draft(new_key(), "nama-formulir", {"description": "uraian-tersembunyi", "name": "Ibu Contoh"}, "tempat")


@pytest.fixture
def drafts(store: Store) -> Drafts:
    return store.drafts


def test_a_draft_is_found_again_by_its_key_alone(drafts: Drafts) -> None:
    drafts.save(DRAFT, now=MOMENT)
    assert drafts.find(DRAFT.key, now=MOMENT) == DRAFT
    assert drafts.find(new_key(), now=MOMENT) is None
    assert drafts.find("", now=MOMENT) is None


def test_the_last_that_was_saved_counts_and_empty_answers_are_left_out(drafts: Drafts) -> None:
    drafts.save(DRAFT, now=MOMENT)
    later = replace(DRAFT, typed={"description": "lain", "name": ""}, step="periksa")
    drafts.save(later, now=MOMENT)
    assert drafts.find(DRAFT.key, now=MOMENT) == replace(later, typed={"description": "lain"})


def test_neither_the_key_nor_a_word_of_it_stands_in_the_database(drafts: Drafts, engine: sa.Engine) -> None:
    drafts.save(DRAFT, now=MOMENT)
    with engine.connect() as connection:
        (row,) = connection.execute(sa.select(tables.drafts))
    kept = " ".join(bytes(value).hex() if isinstance(value, bytes) else str(value) for value in row)
    for secret in (DRAFT.key, *DRAFT.typed.values()):
        assert secret not in kept
        assert secret.encode().hex() not in kept


def test_with_another_key_file_it_is_as_if_it_were_not_there(drafts: Drafts, engine: sa.Engine) -> None:
    drafts.save(DRAFT, now=MOMENT)
    assert Drafts(engine, Keyring(bytes(32))).find(DRAFT.key, now=MOMENT) is None


@pytest.mark.parametrize(("hours", "kept"), [(KEPT_DAYS * 24 - 1, True), (KEPT_DAYS * 24, False)])
def test_a_draft_that_was_left_is_neither_found_nor_kept(drafts: Drafts, hours: int, kept: bool) -> None:
    drafts.save(DRAFT, now=MOMENT)
    later = MOMENT + timedelta(hours=hours)
    assert (drafts.find(DRAFT.key, now=later) is not None) is kept
    assert drafts.expire(later) == ([] if kept else [DRAFT.name])
    assert (drafts.find(DRAFT.key, now=MOMENT) is not None) is kept


def test_a_deleted_draft_is_gone_from_every_browser(drafts: Drafts) -> None:
    other = replace(DRAFT, key=new_key())
    drafts.save(DRAFT, now=MOMENT)
    drafts.save(other, now=MOMENT)
    drafts.delete(DRAFT.name)
    assert drafts.find(DRAFT.key, now=MOMENT) is None
    assert drafts.find(other.key, now=MOMENT) is None


def test_no_draft_shows_what_was_typed_when_printed() -> None:
    assert "tersembunyi" not in repr(DRAFT)
    assert DRAFT.key not in repr(DRAFT)


def test_naive_instants_are_refused(drafts: Drafts) -> None:
    with pytest.raises(ValueError, match="aware"):
        drafts.save(DRAFT, now=MOMENT.replace(tzinfo=None))
