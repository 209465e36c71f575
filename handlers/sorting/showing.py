"""The cards of sorting: a project with its buttons, and what came of it so far."""

from dataclasses import replace

from bot.messages import Bar, Bars, Button, Card, Fact, Facts, Part, Quiet, Typed
from handlers import rights, saying
from handlers.saying import card, mention, writer
from storage import people, priorities, sorting
from storage.database import Session
from storage.initiatives import Initiative
from storage.priorities import Priority
from storage.sorting import Whose

PACE = 8  # seconds that people take for one
MOST = 8  # buttons with a priority; where more of them live, the others are typed
EXAMPLE = Typed('priority "Grow revenue" owner @dana')
LABELS = {"none": "None", "unknown": "Don't know"}


def next_card(session: Session, whose: Whose, *told: Quiet) -> Card:
    """The next project to sort, or what came of it all."""
    one, left = sorting.next_for(session, whose)
    return asking(one, left, whose, session, *told) if one else rest(session, whose, *told)


def asking(one: Initiative, left: int, whose: Whose, session: Session, *told: Quiet) -> Card:
    """One project, and a button for whatever it may serve."""
    live = priorities.live(session)
    if not live:
        return card("sort/no_priorities", example=EXAMPLE)
    done = sum(sorting.done_by(session, whose).values())
    of = done + left
    bar = Bar("Project", done / of, f"{done + 1:,} of {of:,}")
    return card(
        "sort/project",
        name=one.name,
        plain=saying.short(one.plain, 240),
        link=Typed(f'link "{one.name}" to "…"') if len(live) > MOST else None,
        parts=(*told, _facts(one, session), Bars("How far you are", (bar,))),
        buttons=tuple(_buttons(one, live[:MOST], whose, session)),
    )


def _facts(one: Initiative, session: Session) -> Part:
    owner = people.who(session, one.owner_id) if one.owner_id else None
    unclear = one.unclear.get("cost", "")
    cost = f"not known; the list says “{saying.short(unclear)}”" if unclear else "not known"
    rows = [
        Fact("Owner", writer().write("ask/owner_line", owner=mention(owner)).text),
        Fact("Cost", saying.cost(one) or cost),
    ]
    if one.area:
        rows.append(Fact("Department", one.area))
    return Facts(tuple(rows))


def _buttons(one: Initiative, live: list[Priority], whose: Whose, session: Session) -> list[Button]:
    answers = [(goal.name, str(goal.id)) for goal in live]
    answers += [(label, answer) for answer, label in LABELS.items()]
    buttons = [
        _button(label, "sort it", whose, initiative=str(one.id), answer=said)
        for label, said in answers
    ]
    last = sorting.last_of(session, whose)
    if last and last.initiative_id != one.id:
        buttons.append(_button("Back", "sort back", whose, initiative=str(last.initiative_id)))
    return [*buttons, _button("Leave it here", "sort", whose, leave="yes")]


def _button(label: str, sends: str, whose: Whose, **values: str) -> Button:
    """It keeps to the same projects."""
    if whose.again:
        values["again"] = whose.again.isoformat()
    return Button(label, sends, typed(whose), values)


def typed(whose: Whose) -> str:
    """What stands after `sort` for the same projects."""
    return "mine" if whose.is_mine else ""


def rest(session: Session, whose: Whose, *told: Quiet) -> Card:
    """What was sorted, what is left, and how much money serves a priority now."""
    _, left = sorting.next_for(session, whose)
    again = replace(whose, again=session.now)
    _, with_unknown = sorting.next_for(session, again)
    unknown = with_unknown - left
    buttons = []
    if left:
        buttons.append(replace(_button("Go on", "sort", whose), is_main=True))
    if unknown:
        buttons.append(_button(f"Look again at what I did not know ({unknown:,})", "sort", again))
    if with_unknown and rights.can(session.me, "ask owners"):
        buttons.append(Button("Send each owner only theirs", "sort each"))
    done = sorting.done_by(session, whose)
    return card(
        "sort/rest",
        serves=done["serves"],
        nothing=done["none"],
        left=left,
        unknown=unknown,
        others=sorting.count_open(session) - with_unknown,
        is_mine=whose.is_mine,
        money=[
            {"serves": saying.amount(some, currency), "of": saying.amount(all_of_it, currency)}
            for currency, some, all_of_it in sorting.money(session)
        ],
        go_on=Typed(f"sort {typed(whose)}".strip()),
        parts=told,
        buttons=tuple(buttons),
    )


def offer(session: Session) -> Card | None:
    """After a list was brought onto the map: what names no priority, and two ways to sort it."""
    count = sorting.count_open(session)
    if not count:
        return None
    if not priorities.live(session):
        return card("sort/offer", count=count, sort=None, example=EXAMPLE)
    return card(
        "sort/offer",
        count=count,
        sort=Typed("sort"),
        example=EXAMPLE,
        buttons=(
            Button(f"Sort them now, {takes(count)}", "sort", is_main=True),
            Button("Send each owner only theirs", "sort each"),
        ),
    )


def takes(count: int) -> str:
    """ "about 4 minutes"."""
    minutes = max(1, round(count * PACE / 60))
    return f"about {minutes} {'minute' if minutes == 1 else 'minutes'}"
