"""Sealing: what is sealed opens for its own ticket, purpose and key file only; key files are private and never lost."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.errors import KeyFileError
from register.sealed_json import dump_intake, dump_texts, load_intake, load_texts
from register.sealing import KEY_BYTES, Keyring, load_keyring, write_new
from tests.builders import an_intake

TICKET = "7K3M-Q9TX-2"
KEYRING = Keyring(bytes(range(32)))
KEY = KEYRING.new_wrapped_key(TICKET)


@given(text=st.text(), purpose=st.text(max_size=20))
def test_sealed_text_opens_again(text: str, purpose: str) -> None:
    assert KEYRING.open(KEY, TICKET, purpose, KEYRING.seal(KEY, TICKET, purpose, text)) == text


def test_sealing_twice_looks_different_each_time() -> None:
    assert len({KEYRING.seal(KEY, TICKET, "intake", "sama") for _ in range(50)}) == 50
    assert len({KEYRING.new_wrapped_key(TICKET) for _ in range(50)}) == 50


SEALED = KEYRING.seal(KEY, TICKET, "intake", "Ibu Contoh")
MISUSES = {
    "other ticket": (KEYRING, KEY, "7K3M-Q9TX-3", "intake", SEALED),
    "other purpose": (KEYRING, KEY, TICKET, "reply", SEALED),
    "other complaint's key": (KEYRING, KEYRING.new_wrapped_key("0000-0000-0"), TICKET, "intake", SEALED),
    "other key of the same ticket": (KEYRING, KEYRING.new_wrapped_key(TICKET), TICKET, "intake", SEALED),
    "other key file": (Keyring(bytes(32)), KEY, TICKET, "intake", SEALED),
    "first byte changed": (KEYRING, KEY, TICKET, "intake", bytes([SEALED[0] ^ 1]) + SEALED[1:]),
    "last byte changed": (KEYRING, KEY, TICKET, "intake", SEALED[:-1] + bytes([SEALED[-1] ^ 1])),
    "cut at the end": (KEYRING, KEY, TICKET, "intake", SEALED[:-1]),
    "cut within the nonce": (KEYRING, KEY, TICKET, "intake", SEALED[:5]),
    "nothing": (KEYRING, KEY, TICKET, "intake", b""),
    "no key": (KEYRING, b"", TICKET, "intake", SEALED),
}


@pytest.mark.parametrize(("keyring", "key", "ticket", "purpose", "sealed"), MISUSES.values(), ids=MISUSES)
def test_sealed_text_opens_in_its_own_place_only(
    keyring: Keyring, key: bytes, ticket: str, purpose: str, sealed: bytes
) -> None:
    with pytest.raises(KeyFileError) as refused:
        keyring.open(key, ticket, purpose, sealed)
    assert refused.value.facts == {"ticket": ticket}
    assert "Ibu Contoh" not in str(refused.value)


@given(parts=st.lists(st.text(max_size=4), max_size=4), others=st.lists(st.text(max_size=4), max_size=4))
def test_digests_are_equal_only_for_equal_parts(parts: list[str], others: list[str]) -> None:
    assert (KEYRING.digest(*parts) == KEYRING.digest(*others)) == (parts == others)


def test_digests_stay_what_stores_already_hold() -> None:
    assert KEYRING.digest("ab", "c") == "4821fddeaa93455f3b9187b6"
    assert KEYRING.digest() == "2a5674c8dbfe42f120a38545"


def test_digests_depend_on_the_key_file_and_fit_their_column() -> None:
    assert KEYRING.digest("ab", "c") != KEYRING.digest("a", "bc")
    assert KEYRING.digest("a") != Keyring(bytes(32)).digest("a")
    assert len(KEYRING.digest("x" * 10_000)) == 24


def test_key_file_is_made_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "made" / "kunci.secret"
    first = load_keyring(path, create=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(bytes.fromhex(path.read_text("ascii"))) == KEY_BYTES
    for create in (True, False):
        assert load_keyring(path, create=create).digest("x") == first.digest("x")
    assert [file.name for file in path.parent.iterdir()] == ["kunci.secret"]


def test_key_file_that_is_missing_is_not_made_where_data_are_sealed(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="cadangan"):
        load_keyring(tmp_path / "kunci.secret", create=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"\n", b"abc", b"zz" * 32, b"00" * 31, b"00" * 33, b"\xff" * 64])
def test_damaged_key_file_is_named_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "kunci.secret"
    path.write_bytes(content)
    for create in (True, False):
        with pytest.raises(KeyFileError, match="Pulihkan"):
            load_keyring(path, create=create)
    assert path.read_bytes() == content


def test_processes_that_make_the_key_file_at_once_agree_on_one(tmp_path: Path) -> None:
    path = tmp_path / "kunci.secret"
    with ThreadPoolExecutor(8) as pool:
        keyrings = list(pool.map(lambda _: load_keyring(path, create=True), range(8)))
    assert len({keyring.digest("x") for keyring in keyrings}) == 1


def test_secret_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "web.secret"
    write_new(path, "first")
    write_new(path, "second")
    assert path.read_text("ascii") == "first\n"
    assert [file.name for file in tmp_path.iterdir()] == ["web.secret"]


def test_sealed_intake_of_another_version_is_read() -> None:
    assert load_intake('{"description":"x","favourite_colour":"biru"}').description == "x"
    assert load_intake("{}") == an_intake(description="", name="", phone="")


@given(texts=st.dictionaries(st.text(), st.text()))
def test_named_texts_come_back(texts: dict[str, str]) -> None:
    assert load_texts(dump_texts(texts)) == texts


def test_the_same_intake_is_always_the_same_json() -> None:
    assert dump_intake(an_intake()) == dump_intake(an_intake())
    assert dump_intake(an_intake(email="")) == dump_intake(an_intake())
    assert list(load_texts(dump_intake(an_intake()))) == ["description", "identity", "name", "phone"]
