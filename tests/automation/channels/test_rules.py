"""Which way somebody may be answered now: each channel's windows, to the second."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.channels.rules import ChannelRules, Closed, TextUnit, Way, choose_way, next_free, rules_of
from register.complaint import Channel
from register.inbound import Address, Contact
from tests.builders import MOMENT

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
WHATSAPP, FACEBOOK, INSTAGRAM = Channel.WHATSAPP, Channel.FACEBOOK, Channel.INSTAGRAM
TELEGRAM, EMAIL = Channel.TELEGRAM, Channel.EMAIL


def a_contact(
    channel: Channel,
    *,
    wrote: timedelta | None = None,
    commented: timedelta | None = None,
    used_up: bool = False,
    unreachable: bool = False,
) -> Contact:
    """Somebody who wrote to us alone, or a comment, so long ago."""
    return Contact(
        conversation=1,
        address=Address(channel, "100", "200", comment="" if commented is None else "300_400"),
        last_in_at=None if wrote is None else MOMENT - wrote,
        commented_at=None if commented is None else MOMENT - commented,
        privately_replied=used_up,
        unreachable=unreachable,
    )


@pytest.mark.parametrize(
    ("contact", "template", "way"),
    [
        (a_contact(WHATSAPP, wrote=timedelta(0)), "", Way.FREE),
        (a_contact(WHATSAPP, wrote=DAY - SECOND), "penyelesaian", Way.FREE),
        (a_contact(WHATSAPP, wrote=DAY), "penyelesaian", Way.TEMPLATE),
        (a_contact(WHATSAPP, wrote=300 * DAY), "penyelesaian", Way.TEMPLATE),
        (a_contact(WHATSAPP), "penyelesaian", Way.TEMPLATE),
        (a_contact(FACEBOOK, wrote=DAY - SECOND), "", Way.FREE),
        (a_contact(INSTAGRAM, wrote=DAY - SECOND), "", Way.FREE),
        (a_contact(FACEBOOK, wrote=DAY - SECOND, commented=DAY), "", Way.FREE),
        (a_contact(FACEBOOK, commented=timedelta(0)), "", Way.PRIVATE),
        (a_contact(FACEBOOK, commented=7 * DAY - SECOND), "", Way.PRIVATE),
        (a_contact(INSTAGRAM, commented=7 * DAY - SECOND), "", Way.PRIVATE),
        (a_contact(INSTAGRAM, wrote=2 * DAY, commented=3 * DAY), "", Way.PRIVATE),
        (a_contact(TELEGRAM, wrote=300 * DAY), "", Way.FREE),
        (a_contact(EMAIL), "", Way.FREE),
        (a_contact(EMAIL, wrote=300 * DAY), "", Way.FREE),
    ],
)
def test_a_message_goes_by_the_cheapest_way_that_is_open(contact: Contact, template: str, way: Way) -> None:
    assert choose_way(contact, public=False, template=template, now=MOMENT) is way


@pytest.mark.parametrize(
    ("contact", "template", "told"),
    [
        (a_contact(WHATSAPP, wrote=DAY), "", "lebih dari 24 jam"),
        (a_contact(WHATSAPP, wrote=DAY), "", "belum ada templat yang disetujui"),
        (a_contact(WHATSAPP), "", "hubungi lewat telepon"),
        (a_contact(WHATSAPP, wrote=SECOND, unreachable=True), "penyelesaian", "memblokir akun kantor"),
        (a_contact(FACEBOOK, wrote=DAY), "penyelesaian", "Petugas masih boleh: kirim pesan ini sendiri"),
        (a_contact(FACEBOOK, wrote=DAY), "", "sebelum Minggu, 29 November 2026 pukul 10.30 WITA"),
        (a_contact(INSTAGRAM, wrote=7 * DAY - SECOND), "", "dari kotak masuk Instagram kantor"),
        (a_contact(INSTAGRAM, wrote=7 * DAY), "", "tunggu sampai pelapor menulis lagi"),
        (a_contact(FACEBOOK, commented=7 * DAY), "", "batasnya 7 hari"),
        (a_contact(INSTAGRAM, commented=DAY, used_up=True), "", "sudah dipakai, dan belum dibalas"),
        (a_contact(FACEBOOK), "", "yang tidak boleh kita mulai"),
        (a_contact(TELEGRAM), "", "yang tidak boleh kita mulai"),
        (a_contact(TELEGRAM, wrote=SECOND, unreachable=True), "", "tidak dapat dihubungi lagi"),
        (a_contact(Channel.WEB, wrote=SECOND), "x", "tidak dapat dibalas oleh sistem"),
        (a_contact(Channel.OPEN311, commented=SECOND), "x", "tidak dapat dibalas oleh sistem"),
    ],
)
def test_a_closed_way_says_what_to_do_by_hand(contact: Contact, template: str, told: str) -> None:
    closed = choose_way(contact, public=False, template=template, now=MOMENT)
    assert isinstance(closed, Closed)
    assert told in closed.reason
    assert closed.reason.endswith(".")


@pytest.mark.parametrize("channel", [FACEBOOK, INSTAGRAM])
def test_a_public_reply_needs_a_comment_and_no_window(channel: Channel) -> None:
    old = a_contact(channel, commented=300 * DAY, used_up=True)
    assert choose_way(old, public=True, template="", now=MOMENT) is Way.PUBLIC
    assert isinstance(choose_way(a_contact(channel, wrote=SECOND), public=True, template="", now=MOMENT), Closed)


@pytest.mark.parametrize("channel", [WHATSAPP, TELEGRAM, EMAIL, Channel.WEB])
def test_nothing_is_public_where_there_are_no_comments(channel: Channel) -> None:
    contact = a_contact(channel, wrote=SECOND, commented=SECOND)
    assert isinstance(choose_way(contact, public=True, template="", now=MOMENT), Closed)


@given(
    channel=st.sampled_from(Channel),
    wrote=st.none() | st.timedeltas(timedelta(0), 20 * DAY),
    commented=st.none() | st.timedeltas(timedelta(0), 20 * DAY),
    used_up=st.booleans(),
    unreachable=st.booleans(),
    public=st.booleans(),
    template=st.sampled_from(["", "penyelesaian"]),
)
def test_only_ways_of_the_channel_are_chosen_and_a_second_private_reply_never(
    *,
    channel: Channel,
    wrote: timedelta | None,
    commented: timedelta | None,
    used_up: bool,
    unreachable: bool,
    public: bool,
    template: str,
) -> None:
    contact = a_contact(channel, wrote=wrote, commented=commented, used_up=used_up, unreachable=unreachable)
    way = choose_way(contact, public=public, template=template, now=MOMENT)
    if isinstance(way, Closed):
        return
    assert way in rules_of(channel).ways
    assert public == (way is Way.PUBLIC)
    assert not (way is Way.PRIVATE and used_up)
    assert not (unreachable and not public)


RULES = ChannelRules(pause_seconds=6)


@pytest.mark.parametrize(
    ("last_sent_at", "rules", "free_at"),
    [
        (None, RULES, None),
        (MOMENT, RULES, MOMENT + 6 * SECOND),
        (MOMENT - 5 * SECOND, RULES, MOMENT + SECOND),
        (MOMENT - 6 * SECOND, RULES, None),
        (MOMENT - DAY, RULES, None),
        (MOMENT + DAY, RULES, None),
        (MOMENT, ChannelRules(), None),
    ],
)
def test_one_person_is_not_sent_messages_too_fast(
    last_sent_at: datetime | None, rules: ChannelRules, free_at: datetime | None
) -> None:
    assert next_free(last_sent_at, rules, MOMENT) == free_at


@pytest.mark.parametrize(
    ("channel", "limit", "unit", "window", "pause"),
    [
        (WHATSAPP, 4096, TextUnit.CHARACTERS, 24, 6),
        (FACEBOOK, 2000, TextUnit.CHARACTERS, 24, 0),
        (INSTAGRAM, 1000, TextUnit.BYTES, 24, 0),
        (TELEGRAM, 4096, TextUnit.CHARACTERS, 0, 1),
        (Channel.LETTER, 0, TextUnit.CHARACTERS, 0, 0),
    ],
)
def test_the_shipped_rules_are_those_of_the_channels(
    channel: Channel, limit: int, unit: TextUnit, window: int, pause: int
) -> None:
    rules = rules_of(channel)
    assert (rules.text_limit, rules.text_unit, rules.window_hours, rules.pause_seconds) == (limit, unit, window, pause)


def test_a_text_is_measured_as_the_channel_measures_it() -> None:
    assert rules_of(INSTAGRAM).size("é😀") == 6
    assert rules_of(TELEGRAM).size("é😀") == 3
    assert rules_of(INSTAGRAM).size("\ud83d") == 3
    assert rules_of(FACEBOOK).limit_of(Way.PUBLIC) == 8000
