"""What gives way: asked of everything new, never in the way, and its answer is a decision."""

from sqlmodel import select

from storage.decisions import Decision
from storage.initiatives import Initiative
from storage.people import Person
from storage.priorities import live
from tests.chat import Chat

NEW = 'project "Web shop" owner @ana for "Grow revenue" cost 200k EUR'


def status(chat: Chat, name: str) -> str | None:
    with chat.looking() as session:
        return session.exec(select(Initiative.status).where(Initiative.name == name)).one()


def titles(chat: Chat) -> list[str]:
    with chat.looking() as session:
        return list(session.exec(select(Decision.title).order_by(Decision.number)))  # type: ignore[arg-type]  # a column


def decision(chat: Chat, number: int) -> str:
    chat.types("sam", f"why D-{number}")
    return chat.text("sam")


def test_a_new_project_asks_what_gives_way_and_names_the_least_tied(chat: Chat) -> None:
    with chat.changing() as session:
        lake = session.exec(select(Initiative).where(Initiative.name == "Data lake")).one()
        lake.cost, lake.currency = 600_000_00, "EUR"
    chat.types("ana", NEW)
    assert chat.title("ana") == "Web shop"
    chat.sees(
        "ana", "New on the map.",
        "What gives way? Least tied to a priority: Data lake (€600k), Audit trail (cost not "
        "known), CRM replacement (€500k).",
    )  # fmt: skip
    assert chat.labels("ana")[:4] == [
        "Stop Data lake", "Stop Audit trail", "Stop CRM replacement", "Nothing: we have room",
    ]  # fmt: skip


def test_who_may_stop_it_stops_it_and_owns_the_decision(chat: Chat) -> None:
    chat.types("lee", NEW).clicks("lee", "Stop Data lake")
    chat.sees("lee", "Data lake gives way to Web shop", "Data lake is stopped, and D-1 says why.")
    assert status(chat, "Data lake") == "stopped"
    assert titles(chat) == ["To start Web shop we stop Data lake"]
    told = decision(chat, 1)
    assert "Owner: Lee Novak, accepted" in told
    assert "For Grow revenue." in told
    chat.types("sam", "what changed today").sees("sam", "Data lake changed by Lee Novak")


def test_undo_takes_back_the_stop_and_the_decision_that_says_why(chat: Chat) -> None:
    chat.types("lee", NEW)
    chat.clock.wind(minutes=1)
    chat.clicks("lee", "Stop Data lake").types("lee", "undo")
    chat.sees("lee", "Data lake, Status: stopped → nothing.")
    assert "Taken back by Lee Novak." in decision(chat, 1)
    assert status(chat, "Data lake") is None


def test_who_may_not_stop_it_asks_its_owner_and_nothing_is_lost(chat: Chat) -> None:
    chat.types("ana", NEW).clicks("ana", "Stop Data lake")
    chat.sees(
        "ana", "D-1 is logged: Data lake is to give way to Web shop",
        "I asked Lee Novak, who owns Data lake.", "Until then Data lake goes on.",
        "Only Lee, who keeps the map, can retire what is on the map.",
    )  # fmt: skip
    assert status(chat, "Data lake") is None
    assert "Owner: Lee Novak, asked" in decision(chat, 1)
    chat.types("lee", "accept D-1")
    assert "Owner: Lee Novak, accepted" in decision(chat, 1)


def test_what_was_only_asked_for_is_taken_back_too(chat: Chat) -> None:
    chat.types("ana", NEW)
    chat.clock.wind(minutes=1)
    stop = chat.button("ana", "Stop Data lake")
    chat.clicks("ana", "Stop Data lake").types("ana", "undo")
    chat.sees("ana", "Taken back with it: what you said of D-1.")
    assert "Taken back by Ana Sousa." in decision(chat, 1)
    assert not chat.answer(chat.command("ana", stop.sends, stop.text, dict(stop.values))).refusal
    assert len(titles(chat)) == 2


def test_who_owns_it_and_may_not_stop_it_has_accepted(chat: Chat) -> None:
    chat.types("lee", 'retire "Data lake"').types("lee", 'retire "Audit trail"')
    chat.types("dana", NEW).clicks("dana", "Stop CRM replacement")
    chat.sees("dana", "CRM replacement is yours, so you have accepted it.")
    assert "Owner: Dana Brandt, accepted" in decision(chat, 1)


def test_what_nobody_owns_is_a_wish(chat: Chat) -> None:
    with chat.changing() as session:
        session.exec(select(Initiative).where(Initiative.name == "Data lake")).one().owner_id = None
    chat.types("ana", NEW).clicks("ana", "Stop Data lake")
    chat.sees("ana", "Nobody owns Data lake, so it is a wish.")
    assert "A wish: nobody owns it yet." in decision(chat, 1)


def test_a_second_press_is_no_second_decision(chat: Chat) -> None:
    for who in ("lee", "ana"):
        chat.types(who, f'project "New of {who}" owner @{who}')
        button = next(one for one in chat.shown(who)[0].buttons if one.label.startswith("Stop"))
        for _ in range(2):
            chat.answer(chat.command(who, button.sends, button.text, dict(button.values)))
    assert len(titles(chat)) == 2


def test_what_was_stopped_meanwhile_gives_way_no_more(chat: Chat) -> None:
    chat.types("ana", NEW)
    chat.types("lee", 'retire "Data lake"')
    chat.clicks("ana", "Stop Data lake").refused("ana", "Data lake is stopped already.")
    assert titles(chat) == []


def test_room_is_kept_without_a_decision(chat: Chat) -> None:
    chat.types("ana", NEW).clicks("ana", "Nothing: we have room")
    chat.sees("ana", "Good: there is room for Web shop")
    assert titles(chat) == []
    chat.types("sam", "what changed today").sees("sam", "Web shop added by Ana Sousa")


def test_a_tool_asks_too_and_what_is_known_or_over_does_not(chat: Chat) -> None:
    chat.types("ana", 'tool "Miro" cost 84k EUR').sees("ana", "What gives way?")
    chat.types("ana", 'tool "Miro" cost 90k EUR').sees_no("ana", "What gives way?")
    chat.types("ana", 'project "Old web" status done').sees_no("ana", "What gives way?")
    chat.types("ana", 'capability "Plan work" missing').sees_no("ana", "What gives way?")


def test_a_guest_decides_nothing(chat: Chat) -> None:
    chat.types("sam", NEW.replace("Web shop", "Kiosk"))
    with chat.changing() as session:
        session.exec(select(Person).where(Person.name == "Sam Ode")).one().role = "guest"
    chat.clicks("sam", "Stop Data lake").refused("sam", "Guests can ask me")


# priorities


def crowd(chat: Chat) -> None:
    for name in ("Fourth", "Fifth"):
        chat.types("lee", f'priority "{name}" owner @dana').sees_no("lee", "What gives way?")
    chat.types("lee", 'rank "Fifth" 3').types("lee", 'link "Asana" to "Fifth"')
    chat.types("lee", 'priority "Sixth" owner @dana')


def test_a_sixth_priority_asks_which_one_gives_way(chat: Chat) -> None:
    crowd(chat)
    chat.sees(
        "lee", "What gives way? Fewest projects serve: Pass the audit (nothing serves it), "
        "Fourth (nothing serves it), Fifth (1 serves it).",
    )  # fmt: skip
    chat.clicks("lee", "Retire Fourth")
    chat.sees("lee", "Fourth gives way to Sixth", "Fourth is off the list, and D-1 says why.")
    assert titles(chat) == ["To take up Sixth we retire Fourth"]
    assert "For Sixth." in decision(chat, 1)
    with chat.looking() as session:
        assert "Fourth" not in [one.name for one in live(session)]


def test_where_there_is_room_it_is_not_asked_again_for_the_same(chat: Chat) -> None:
    crowd(chat)
    chat.clicks("lee", "Nothing: we have room")
    chat.types("lee", 'retire "Sixth"').types("lee", 'priority "Sixth" owner @dana')
    chat.sees("lee", "On the list again.", "keep in mind").sees_no("lee", "What gives way?")
    chat.types("lee", 'retire "Fifth"').types("lee", 'priority "Fifth" owner @dana')
    chat.sees("lee", "On the list again.", "What gives way?")
