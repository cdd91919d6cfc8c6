"""`aduan suggest`: a line of JSON for each line, whatever stands in it, and no data folder comes of it."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.disposition.suggesting import answers, disposer
from register.opening import open_data, prepare
from register.settings import load_settings

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)

ROOT = Path(__file__).parents[3]
KEYS = {"category", "bidang", "urgency", "restricted", "confidence", "explanation"}
DISPOSER = disposer(None, None, 2026)


def told(*lines: bytes) -> list[dict[str, Any]]:
    return [json.loads(each.line) for each in answers(lines, DISPOSER)]


def test_a_complaint() -> None:
    (found,) = told(b'{"text": "Rumah kami habis terbakar tadi subuh, 4 KK mengungsi", "other": [1]}')
    assert set(found) == KEYS
    assert (found["category"], found["bidang"], found["urgency"]) == ("BENCANA", "Linjamsos", "Darurat")
    assert found["restricted"] is False
    assert 0.9 < found["confidence"] <= 1


def test_nothing_to_go_on() -> None:
    assert told(b'{"text": "tolong dong pak"}')[0]["category"] == "KOSONG"
    assert told(b'{"text": ""}')[0]["category"] == "KOSONG"


def test_subject_and_chosen_category_count() -> None:
    assert told(b'{"text": "mohon dibantu", "subject": "Kursi roda"}')[0]["category"] == "DIFABEL"
    assert told(b'{"text": "mohon dibantu segera", "category": "difabel"}')[0]["category"] == "DIFABEL"


def test_the_accused_unit_does_not_handle_it() -> None:
    assert told(b'{"text": "pegawai Sekretariat minta uang supaya bansos cair"}')[0]["bidang"] == "Kadis"


@pytest.mark.parametrize(
    "line",
    [b"{", b"[]", b"5", b'{"text": 5}', b"{}", b'{"text": "a", "subject": 3}', b'{"text": "\xff"}', b"[" * 90_000],
)
def test_a_bad_line_is_named_and_the_next_is_answered(line: bytes) -> None:
    good, bad, after = list(answers([b'{"text": "pkh belum cair"}', line, b'{"text": "pkh belum cair"}'], DISPOSER))
    assert json.loads(bad.line)["error"].startswith("baris 2: ")
    assert [good.failed, bad.failed, after.failed] == [False, True, False]
    assert good == after


def test_blank_lines_are_passed_over_but_counted() -> None:
    assert [each.get("error", "")[:8] for each in told(b"\n", b"  \n", b'{"text": "a"}\n', b"x")] == ["", "baris 4:"]


@given(st.text(), st.text(max_size=20))
def test_whatever_is_written_is_answered_in_one_line(text: str, subject: str) -> None:
    (answer,) = answers([json.dumps({"text": text, "subject": subject}).encode()], DISPOSER)
    assert "\n" not in answer.line
    assert set(json.loads(answer.line.encode("utf-8"))) == KEYS


def test_register_s_own_rules_count() -> None:
    rule = {"active": "TRUE", "category": "USAHA", "words": "kapibara", "weight": "90"}
    bidang = {"code": "Baru", "name": "Bidang Baru", "categories": "USAHA"}
    remembered = {"Aturan Disposisi": [sorted(rule.items())], "Bidang": [sorted(bidang.items())]}
    found = disposer(remembered, {"model": "broken"}, 2026)("kapibara", "")
    assert (found.category, found.bidang) == ("USAHA", "Baru")


def suggested(folder: Path, *lines: bytes, data: str = "none") -> "subprocess.CompletedProcess[bytes]":
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "ADUAN_DATA": data}
    command = [sys.executable, "-m", "aduan", "suggest"]
    return subprocess.run(
        command, input=b"\n".join(lines), capture_output=True, cwd=folder, env=environment, check=False
    )


def settings_of(folder: Path) -> Mapping[str, str]:
    return {"ADUAN_DATA": str(folder / "data")}


@pytest.mark.program
def test_command_without_a_register_makes_no_folder(tmp_path: Path) -> None:
    done = suggested(tmp_path, '{"text": "mbah ku ndik makan sdh 2 hari 😡"}'.encode(), b"oops")
    first, second = done.stdout.decode("utf-8").splitlines()
    assert json.loads(first)["urgency"] == "Darurat"
    assert "→" in first
    assert json.loads(second)["error"].startswith("baris 2")
    assert (done.returncode, done.stderr) == (1, b"")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.program
def test_command_with_a_register_uses_its_rules(tmp_path: Path) -> None:
    settings = load_settings(settings_of(tmp_path), tmp_path / "none.toml")
    prepare(settings, NOW)
    rule = {"active": "TRUE", "category": "USAHA", "words": "kapibara", "weight": "90"}
    open_data(settings).store.put_setting("configuration", {"Aturan Disposisi": [sorted(rule.items())]})
    done = suggested(tmp_path, b'{"text": "kapibara"}', data=str(tmp_path / "data"))
    assert json.loads(done.stdout)["category"] == "USAHA"
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.program
@pytest.mark.skipif(os.name == "nt", reason="a shell's way of closing")
def test_command_without_any_input_says_so(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "ADUAN_DATA": "none"}
    command = ["sh", "-c", '"$0" -m aduan suggest <&-', sys.executable]
    done = subprocess.run(command, capture_output=True, cwd=tmp_path, env=environment, check=False)
    assert done.returncode == 1
    assert b"tertutup" in done.stderr
    assert b"Traceback" not in done.stderr
