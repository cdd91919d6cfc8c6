"""What people say in chats: one line each, as they would type it."""

import pytest

from automation.channels import spoken


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5", 5),
        ("5 terima kasih banyak", 5),
        ("nilai 4 min", 4),
        ("bintang 3/5", 3),
        ("1 sangat tidak puas", 1),
        ("5 bulan belum cair", 0),
        ("6", 0),
        ("2 anak saya sakit", 0),
    ],
)
def test_a_rating_is_a_number_with_courtesies(text: str, number: int) -> None:
    assert spoken.rating(text) == number


@pytest.mark.parametrize(
    ("text", "ticket"),
    [
        ("status 7k3m q9tx 2", "7K3M-Q9TX-2"),
        ("7K3M-Q9TX-2", "7K3M-Q9TX-2"),
        ("cek tiket 7K3M-Q9TX-2 dong min", "7K3M-Q9TX-2"),
        ("/status", ""),
    ],
)
def test_a_question_for_the_status(text: str, ticket: str) -> None:
    assert spoken.status_question(text) == spoken.StatusQuestion(ticket)


@pytest.mark.parametrize("text", ["Saya ingin melapor lewat Messenger.", "saya mau lapor", "rumah saya kebakaran"])
def test_words_that_happen_to_be_a_ticket_are_none(text: str) -> None:
    """ "saya ingin" is one, with its check character and all."""
    assert spoken.status_question(text) is None


@pytest.mark.parametrize(
    "text", ["Saya ingin melapor lewat Messenger.", "bagaimana cara mengadu?", "halo min", "tolong pak"]
)
def test_an_announcement_says_nothing_of_a_matter(text: str) -> None:
    assert not spoken.says_something(text)


@pytest.mark.parametrize("text", ["batal", "cabut aduan saya", "min tolong batalkan laporan"])
def test_who_wants_to_withdraw(text: str) -> None:
    assert spoken.withdraws(text)
