"""Places in several chats that are one room: a code joins them, and all hear what one says."""

import re
from dataclasses import replace

import pytest
from sqlmodel import col, select

from bot.messages import Account, Channel
from handlers.decide import may_see
from storage import channels, rooms
from storage.initiatives import Initiative
from storage.outbox import Message
from tests.chat import Chat


def code_for(chat: Chat, who: str = "lee", name: str = "Steering", at: str = "general") -> str:
    chat.types(who, f"room {name}", at=at)
    (code,) = re.findall(r"`room join (\w+)`", chat.text(who))
    return str(code)


def told_private(chat: Chat, **places: bool) -> None:
    with chat.changing() as session:
        for name, is_private in places.items():
            channels.told_private(
                session, channels.place(session, "chat", "acme", name, name), is_private
            )


def seen_at(chat: Chat) -> list[str]:
    """The places in which the first decision may be shown."""
    with chat.looking() as session:
        return [
            name
            for name in ("general", "elsewhere", "outside")
            if may_see("decision/1", Channel("chat", "acme", name), session)
        ]


def posted(chat: Chat) -> list[tuple[str, str]]:
    """What is to be said, and in which channel."""
    with chat.looking() as session:
        said = (
            select(Message.key, channels.Channel.name)
            .join(channels.Channel, col(channels.Channel.id) == col(Message.channel_id))
            .where(~col(Message.key).startswith("room/"))
        )
        return sorted((key, name) for key, name in session.exec(said).all())


def test_a_decision_in_one_place_of_a_room_is_posted_in_all_of_them(chat: Chat) -> None:
    code = code_for(chat)
    chat.types("lee", f"room join {code}", at="elsewhere")
    chat.sees("lee", "elsewhere belongs to Steering now", "general (Chat)", "elsewhere (Chat)")
    chat.types("dana", "decide buy the CRM @dana")
    assert posted(chat) == [("decision/1", "elsewhere"), ("decision/1", "general")]
    chat.types("dana", "decide hire Ana", at="elsewhere")
    assert posted(chat)[2:] == [("decision/2", "elsewhere"), ("decision/2", "general")]


def test_a_place_outside_the_room_hears_nothing_of_it(chat: Chat) -> None:
    chat.types("lee", f"room join {code_for(chat)}", at="elsewhere")
    chat.types("dana", "decide buy the CRM @dana", at="outside")
    assert posted(chat) == [("decision/1", "outside")]


def test_the_code_is_typed_in_the_other_chat_by_whoever_keeps_the_map_there(chat: Chat) -> None:
    chat.accounts["ln"] = Account("other", "acme", "29:ln", "Lee Novak")
    chat.types("lee", "this is me")
    (me,) = re.findall(r"`this is me (\w+)`", chat.text("lee"))
    chat.types("ln", f"this is me {me}").clicks("ln", "Yes, I am Lee Novak")
    code = code_for(chat)
    typed = chat.command("ln", "room join", code)
    there = Channel("other", "acme", "19:x", "Board chat")
    assert chat.answer(replace(typed, at=there)).refusal is None
    chat.types("lee", "room")
    chat.sees("lee", "This is Steering", "general (Chat)", "Board chat (Other)")


def test_a_place_says_that_it_belongs_to_no_room_and_how_it_would(chat: Chat) -> None:
    chat.types("ana", "room").sees("ana", "This place belongs to no room", "`room Steering`")
    chat.sees("ana", f"Time zone: {chat.organisation.zone}")


def test_making_a_room_says_who_will_read_and_gives_a_code(chat: Chat) -> None:
    chat.types("lee", 'room "Steering"').sees("lee", "general belongs to Steering now")
    chat.sees("lee", "general (Chat)", "`room join ", "for ten minutes")


def test_a_room_is_the_same_in_any_case_and_any_quotes(chat: Chat) -> None:
    told_private(chat, general=False)
    chat.types("lee", "room Steering").types("lee", "room “steering”", at="elsewhere")
    chat.sees("lee", "elsewhere belongs to Steering now", "general (Chat)")


def test_a_room_is_as_private_as_its_stricter_part(chat: Chat) -> None:
    told_private(chat, general=False, elsewhere=True)
    code = code_for(chat)
    chat.sees("lee", "Open:").sees_no("lee", "Private:")
    chat.types("lee", f"room join {code}", at="elsewhere").sees("lee", "Private:")
    chat.types("lee", "room").sees("lee", "Private:").sees_no("lee", "Open:")


def test_what_is_said_in_an_open_place_of_a_private_room_stays_in_the_room(chat: Chat) -> None:
    told_private(chat, general=False, elsewhere=True, outside=False)
    chat.types("dana", "decide buy the CRM @dana")
    assert seen_at(chat) == ["general", "elsewhere", "outside"]
    chat.types("lee", f"room join {code_for(chat)}", at="elsewhere")
    assert seen_at(chat) == ["general", "elsewhere"]
    chat.types("lee", "room leave")
    assert seen_at(chat) == ["general", "elsewhere", "outside"]


def test_what_is_shared_may_be_seen_outside_its_room_and_nothing_else(chat: Chat) -> None:
    told_private(chat, general=True, elsewhere=True, outside=False)
    chat.types("dana", "decide buy the CRM @dana")
    assert seen_at(chat) == ["general"]
    chat.types("dana", "share D-1", at="outside")
    assert seen_at(chat) == ["general", "elsewhere", "outside"]


def test_a_place_of_which_nobody_told_is_held_to_be_private(chat: Chat) -> None:
    told_private(chat, general=False)
    chat.types("lee", f"room join {code_for(chat)}", at="elsewhere")
    chat.sees("lee", "Private until somebody tells me")
    with chat.looking() as session:
        room = rooms.called(session, "steering")
        assert room is not None
        assert rooms.is_private(session, room.id)
        assert not rooms.is_private(session, room.id + 1)


def test_a_wrong_code_is_an_answer_and_counted(chat: Chat) -> None:
    code = code_for(chat)
    for _ in range(5):
        chat.types("lee", "room join 222222", at="elsewhere")
        chat.sees("lee", "I did not give that code")
    chat.types("lee", f"room join {code}", at="elsewhere").sees("lee", "five wrong codes")
    chat.types("lee", "room", at="elsewhere").sees("lee", "belongs to no room")


def test_a_code_works_once(chat: Chat) -> None:
    code = code_for(chat)
    chat.types("lee", f"room join {code}", at="elsewhere").sees("lee", "belongs to Steering now")
    chat.types("lee", f"room join {code}", at="third").sees("lee", "That code is over")
    chat.types("lee", "room", at="third").sees("lee", "belongs to no room")


def test_a_code_is_over_after_ten_minutes(chat: Chat) -> None:
    code = code_for(chat)
    chat.clock.wind(minutes=10)
    chat.types("lee", f"room join {code}", at="elsewhere").sees("lee", "That code is over")


def test_a_code_typed_where_it_was_given_is_not_lost(chat: Chat) -> None:
    code = code_for(chat)
    chat.types("lee", f"room join {code}").sees("lee", "belongs to Steering already", code)
    chat.types("lee", f"room join {code[:3].lower()} {code[3:]}", at="elsewhere")
    chat.sees("lee", "elsewhere belongs to Steering now")


def test_a_code_of_another_purpose_joins_no_place(chat: Chat) -> None:
    chat.types("lee", "this is me")
    (code,) = re.findall(r"`this is me (\w+)`", chat.text("lee"))
    chat.types("lee", f"room join {code}").sees("lee", "I did not give that code")


def test_joining_without_a_code_says_what_is_wanted(chat: Chat) -> None:
    chat.types("lee", "room join").refused("lee", "Say the code")


def test_a_place_is_taken_out_and_put_back(chat: Chat) -> None:
    chat.types("lee", f"room join {code_for(chat)}", at="elsewhere")
    chat.types("lee", "room leave", at="elsewhere")
    chat.sees("lee", "elsewhere belongs to no room now", "general (Chat)")
    chat.sees_no("lee", "elsewhere (Chat)")
    chat.types("dana", "decide buy the CRM @dana")
    assert posted(chat) == [("decision/1", "general")]
    chat.clicks("lee", "Put it back", at="elsewhere").sees("lee", "elsewhere (Chat)")
    chat.types("lee", "room leave", at="outside").refused("lee", "belongs to no room")


def test_a_place_that_moves_says_where_it_was(chat: Chat) -> None:
    chat.types("lee", "room Board", at="elsewhere")
    chat.types("lee", f"room join {code_for(chat)}", at="elsewhere")
    chat.sees("lee", "and no longer to Board")
    chat.clicks("lee", "Back to Board", at="elsewhere").sees("lee", "and no longer to Steering")
    chat.types("lee", "room").sees_no("lee", "elsewhere")


def test_leaving_takes_no_name_lest_another_place_be_meant(chat: Chat) -> None:
    chat.types("lee", "room Steering").types("lee", "room leave elsewhere")
    chat.refused("lee", "type it there, alone")
    chat.types("lee", "room").sees("lee", "This is Steering")


def test_a_start_takes_no_place_back_that_people_moved(chat: Chat) -> None:
    places = [Channel("chat", "acme", name, name) for name in ("general", "elsewhere")]
    chat.store.open_room("Panes", places)
    chat.types("lee", "room").sees("lee", "This is Panes", "elsewhere (Chat)")
    chat.types("lee", "room rename Board").types("lee", "room leave", at="elsewhere")
    chat.store.open_room("Panes", places)
    chat.types("lee", "room").sees("lee", "This is Board").sees_no("lee", "elsewhere")
    chat.types("lee", "room", at="elsewhere").sees("lee", "belongs to no room")


def test_a_room_is_renamed_but_never_to_the_name_of_another(chat: Chat) -> None:
    chat.types("lee", "room Steering").types("lee", 'room rename "Board"')
    chat.sees("lee", "This room is called Board now", "It was Steering before")
    chat.types("lee", "room").sees("lee", "This is Board")
    chat.types("lee", "room Other", at="elsewhere")
    chat.types("lee", "room rename BOARD", at="elsewhere").refused("lee", "a room Board already")
    chat.types("lee", "room rename board").sees("lee", "called board now")
    chat.types("lee", "room rename Board", at="outside").refused("lee", "belongs to no room")


@pytest.mark.parametrize(
    "typed", ["room Steering", "room join 222222", "room leave", "room rename X", "zone UTC"]
)
def test_only_who_keeps_the_map_changes_rooms_and_zones(chat: Chat, typed: str) -> None:
    chat.types("lee", "room First")
    chat.types("ana", typed).refused("ana", "Only Lee, who keeps the map, can say which places")
    chat.types("ana", "room").sees("ana", "This is First", chat.organisation.zone)


def test_a_name_that_is_none_or_too_long_is_refused(chat: Chat) -> None:
    chat.types("lee", 'room ""').refused("lee", "Name the room")
    chat.types("lee", f"room {'x' * 61}").refused("lee", "too long")


def test_a_project_that_begins_with_room_or_zone_is_still_found(chat: Chat) -> None:
    with chat.changing() as session:
        session.add(Initiative(name="Room booking", created_at=session.now))
        session.add(Initiative(name="Zone plan", created_at=session.now))
    chat.types("lee", "room booking").sees("lee", "Room booking")
    chat.types("ana", "zone plan").sees("ana", "Zone plan")
    chat.types("lee", "room for growth?").sees("lee", "I don't know a project")
    chat.types("lee", "room").sees("lee", "belongs to no room")


# zones


def test_a_zone_is_set_and_told_with_the_time_there(chat: Chat) -> None:
    chat.types("lee", "zone America/New_York")
    chat.sees("lee", "general is in America/New_York now, where it is Mon 04:00")
    chat.types("ana", "zone").sees("ana", "America/New_York: it is Mon 04:00", "this place")
    chat.types("ana", "zone", at="elsewhere").sees("ana", chat.organisation.zone, "the company's")
    chat.types("ana", "room").sees("ana", "Time zone: America/New_York")


def test_a_zone_is_known_however_it_is_typed(chat: Chat) -> None:
    chat.types("lee", "zone asia / ho chi minh").sees("lee", "Asia/Ho_Chi_Minh", "Mon 16:00")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("Berlin", "Europe/Berlin"), ("Europe/Berln", "Europe/Berlin"),
     ("new york", "America/New_York")],
)  # fmt: skip
def test_an_unknown_zone_is_refused_with_the_nearest(chat: Chat, typed: str, meant: str) -> None:
    chat.types("lee", "zone UTC").types("lee", f"zone {typed}")
    chat.refused("lee", f"I don't know a time zone “{typed}”", "Which one?")
    refusal = chat.answer(chat.command("lee", "set zone", f"zone {typed}")).refusal
    assert refusal is not None
    assert refusal.buttons[0].label == meant
    assert len(refusal.buttons) <= 3
    pressed = refusal.buttons[0]
    chat.answer(chat.command("lee", pressed.sends, pressed.text))
    chat.types("ana", "zone").sees("ana", meant)


def test_a_zone_that_resembles_none_gets_an_example(chat: Chat) -> None:
    chat.types("lee", "zone ../../etc/passwd").refused("lee", "Name it like Europe/Berlin")
    chat.types("ana", "zone").sees("ana", "the company's")


def test_the_zone_that_was_before_is_one_press_away(chat: Chat) -> None:
    chat.types("lee", "zone Asia/Tokyo").types("lee", "zone UTC").clicks(
        "lee", "Back to Asia/Tokyo"
    )
    chat.sees("lee", "general is in Asia/Tokyo now", "It was UTC before")


def test_a_code_for_the_other_chat_lives_beside_the_way_back(chat: Chat) -> None:
    code = code_for(chat, name="Board")
    chat.types("lee", "room leave")
    chat.clicks("lee", "Put it back").sees("lee", "general belongs to Board now")
    chat.types("lee", f"room join {code}", at="elsewhere")
    chat.sees("lee", "elsewhere belongs to Board now")


def test_a_private_room_is_joined_by_its_code_and_not_by_its_name(chat: Chat) -> None:
    chat.types("lee", "room Board").types("lee", "room board", at="elsewhere")
    chat.refused("lee", "There is a private room Board already", "room join CODE")
    chat.types("lee", "room", at="elsewhere").sees("lee", "belongs to no room")
    chat.types("lee", "room Board").sees("lee", "general belongs to Board now")  # it is in it


def test_a_room_that_nobody_is_in_any_more_is_joined_by_its_name(chat: Chat) -> None:
    chat.types("lee", "room Board").types("lee", "room leave")
    chat.types("lee", "room Board", at="elsewhere").sees("lee", "elsewhere belongs to Board now")
