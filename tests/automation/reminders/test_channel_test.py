"""Trying an officer's channels, on real servers."""

from functools import partial
from typing import Any

import pytest

from automation.configuration.in_force import Officer
from automation.errors import QuestionError
from automation.reminders.channel_test import Tried, officer_named, try_channels
from automation.reminders.channels import staff
from tests.automation.reminders.staff_rules import person, rules
from tests.automation.reminders.staff_servers import Mailbox, tgram


def test_each_channel_has_its_own_outcome_without_its_address(mail: tuple[Mailbox, str], telegram: Any) -> None:
    box, url = mail
    telegram.status, telegram.answer = 401, {"ok": False, "error_code": 401, "description": "Unauthorized"}
    officer = Officer("Kabid Linjamsos", channels=(url, tgram(), "json://127.0.0.1/"))
    assert list(try_channels(officer, partial(staff.send, local=True))) == [
        Tried(True, "Kanal ke-1 (mailto): terkirim."),
        Tried(False, "Kanal ke-2 (tgram): tidak terkirim (ditolak server (kode 401))."),
        Tried(False, "Kanal ke-3 (json): tidak terkirim (alamat tidak dapat dipakai)."),
    ]
    (letter,) = box.letters
    assert letter["Subject"] == "Uji kanal pengaduan masyarakat"
    assert "Ini pesan uji bagi Kabid Linjamsos" in letter.get_content()


def test_an_officer_is_found_however_the_name_is_typed() -> None:
    config = rules(person("Sari", channels=("ntfy://x",)), person("Budi", channels=()))
    assert officer_named(config, " sari ").name == "Sari"
    with pytest.raises(QuestionError, match=r"'Siti' tidak ada pada tab Petugas\. Yang ada: .*Sari"):
        officer_named(config, "Siti")
    with pytest.raises(QuestionError, match="Kanal Pemberitahuan Budi pada tab Petugas masih kosong"):
        officer_named(config, "Budi")
