"""Messages are kept as JSON and come back as they were."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import (
    FORMAT,
    Account,
    Bar,
    Bars,
    Button,
    Card,
    Changed,
    Channel,
    Command,
    Fact,
    Facts,
    Note,
    Path,
    Person,
    Post,
    Quiet,
    Room,
    Source,
    Step,
    Table,
    Text,
    Words,
    from_json,
    to_json,
)  # fmt: skip

text = st.text(max_size=12)
said: st.SearchStrategy[Text] = text | st.builds(Words, text)
values = st.dictionaries(text, text, max_size=3)


def some(of: "st.SearchStrategy[object]") -> "st.SearchStrategy[tuple[object, ...]]":
    return st.lists(of, max_size=3).map(tuple)


accounts = st.builds(Account, text, text, text, text, text, text)
channels = st.builds(Channel, text, text, text, text)
moments = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))]))
commands = st.builds(
    Command, text, accounts, channels, moments, text, values, text, text,
    st.none() | st.builds(Source, text, text),
)  # fmt: skip
buttons = st.builds(Button, text, text, text, values, st.booleans())
shares = st.floats(min_value=0, max_value=1)
parts = st.one_of(
    st.builds(Path, some(st.builds(Step, text, text, said))),
    st.builds(Facts, some(st.builds(Fact, text, said))),
    st.builds(Table, text, some(text), some(some(said))),
    st.builds(Bars, text, some(st.builds(Bar, text, shares, text))),
    st.builds(Quiet, said),
)
cards = st.builds(Card, said, said, some(parts), some(buttons))
notes = st.builds(Note, text, values)
numbers = st.integers(min_value=1, max_value=1_000_000)
rooms = st.builds(Room, numbers, text)
people = st.builds(Person, numbers, text)
posts = st.builds(Post, st.one_of(rooms, people, channels), text, text)
changes = st.builds(Changed, text)
messages = st.one_of(accounts, channels, rooms, commands, cards, notes, posts, changes)

CARD = to_json(Card("Title"))
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=5,
)


@given(messages)
def test_a_kept_message_comes_back_equal(message: object) -> None:
    back = from_json(to_json(message))
    assert back == message
    assert type(back) is type(message)


@given(posts)
def test_a_room_a_person_and_a_channel_are_never_taken_for_each_other(post: Post) -> None:
    back = from_json(to_json(post))
    assert isinstance(back, Post)
    assert type(back.to) is type(post.to)


@given(st.lists(said, min_size=1, max_size=3))
def test_typed_text_and_our_words_are_never_taken_for_each_other(texts: list[Text]) -> None:
    kept = Card(texts[0], parts=tuple(Quiet(one) for one in texts))
    back = from_json(to_json(kept))
    assert isinstance(back, Card)
    assert [type(part.text) for part in back.parts if isinstance(part, Quiet)] == [
        type(one) for one in texts
    ]


def test_a_newer_format_is_refused() -> None:
    newer = json.loads(CARD) | {"format": FORMAT + 1}
    with pytest.raises(ValueError, match="format"):
        from_json(json.dumps(newer))


@pytest.mark.parametrize(
    "kept",
    [
        "", "nonsense", "[]", "7", "null", "{}", '"Card"',
        '{"format": 1}',
        '{"format": 1, "is": "Person", "of": {"id": 1, "name": "Dana"}}',
        '{"format": 1, "is": "Card", "of": {}}',
        '{"format": 1, "is": "Card", "of": {"title": 7}}',
        '{"format": 1, "is": "Card", "of": {"title": "T", "parts": [{"part": "cake"}]}}',
        '{"format": 1, "is": "Card", "of": null}',
    ],
)  # fmt: skip
def test_what_is_no_message_is_refused(kept: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  a ValueError of any kind is the promise
        from_json(kept)


@pytest.mark.parametrize("kept", ['{"format": 1, "is": "Card"}', '{"format": 1, "is": []}'])
def test_a_message_without_its_kind_or_body_is_refused(kept: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  a ValueError of any kind is the promise
        from_json(kept)


@given(junk)
def test_junk_in_the_place_of_a_body_is_refused_or_read(body: object) -> None:
    try:
        back = from_json(json.dumps({"format": FORMAT, "is": "Note", "of": body}))
    except ValueError:
        return
    assert isinstance(back, Note)


def test_what_is_not_kept_cannot_be_kept() -> None:
    with pytest.raises(KeyError):
        to_json(datetime(2026, 11, 23, tzinfo=UTC))


def test_what_an_older_program_kept_is_still_read() -> None:
    older = json.loads(to_json(Card("One login"))) | {"format": 1}
    del older["of"]["key"]
    assert from_json(json.dumps(older)) == Card("One login")
