"""The scanner's client against a small server that speaks INSTREAM as clamd does."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from forms.attachments.scanning import Scanner, ScannerError
from tests.clamd import VIRUS, Clamd


@pytest.fixture
def clamd() -> Iterator[Clamd]:
    with Clamd() as server:
        yield server


def test_it_tells_harmless_from_harmful(clamd: Clamd) -> None:
    scanner = Scanner(clamd.address)
    assert not scanner.finds_something(b"")
    assert not scanner.finds_something(b"surat" * 100_000)
    assert scanner.finds_something(b"x" * 100_000 + VIRUS)
    assert clamd.received[1] == b"surat" * 100_000


def test_it_says_who_it_is(clamd: Clamd) -> None:
    assert Scanner(clamd.address).version() == "ClamAV tiruan"


def test_a_file_that_it_cannot_take_is_not_called_harmless(clamd: Clamd) -> None:
    clamd.most = 1000
    with pytest.raises(ScannerError, match="StreamMaxLength"):
        Scanner(clamd.address).finds_something(b"x" * 2_000_000)


@pytest.mark.parametrize("way", ["nobody", "silent"])
def test_a_scanner_that_is_down_is_not_taken_for_one_that_agrees(clamd: Clamd, way: str) -> None:
    if way == "nobody":
        with socket.create_server(("127.0.0.1", 0)) as taken:
            address = f"127.0.0.1:{taken.getsockname()[1]}"
    else:
        clamd.silent, address = True, clamd.address
    with pytest.raises(ScannerError, match="ADUAN_CLAMAV"):
        Scanner(address).finds_something(b"x")


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="has no such sockets")
def test_it_is_found_at_a_path_too(tmp_path: Path) -> None:
    with pytest.raises(ScannerError):
        Scanner(str(tmp_path / "none")).version()
    with Clamd(tmp_path / "clamd.ctl") as server:
        assert Scanner(server.address).version() == "ClamAV tiruan"
