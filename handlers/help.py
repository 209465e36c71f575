"""What you can ask: three examples each, never a wall."""

from bot.messages import Button, Card, Command, Typed
from handlers import examples
from handlers.saying import card
from storage.database import Session

TOPICS: dict[str, tuple[str, tuple[str, ...]]] = {
    "projects": (
        "What a project or tool is for, by whose word, and what hangs on it.",
        (
            "which priority does {project} support?",
            "who owns {project}?",
            "what breaks if we drop {project}?",
        ),
    ),
    "priorities": (
        "What the business wants, in what order, and what works on it.",
        ("what are our priorities?", "in what order?", "what supports {priority}?"),
    ),
    "people": (
        "Who owns what.",
        ("what does @{person} own?", "what do I own?", "what waits for me?"),
    ),
    "money": (
        "What technology is spent on.",
        ("what do we spend?", "what do we spend on {priority}?", "how much does {project} cost?"),
    ),
    "news": (
        "What moved.",
        ("what changed this week?", "what's late?", "what did we decide about {project}?"),
    ),
}
ALSO = {
    "projects": ('project "One login" owner @lee for "Grow revenue"', 'tool "Asana" renews 15 Jan'),
    "priorities": (
        'priority "Grow revenue" owner @dana category growth',
        'capability "Plan work" for "Grow revenue" workaround',
        'rank "Grow revenue" 1',
    ),
    "people": ("people", "people @dana"),
}  # commands that a topic of questions has too
# what is typed and not asked: shown as it is typed, and never run by a press
COMMANDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "decisions": (
        "What was decided, and by whom. Logged in one line, while you talk.",
        (
            "decide buy the CRM @dana fri",
            'needs "Choose payroll vendor" from @omar by Fri',
            "decisions open",
            "undo",
        ),
    ),
    "answering": (
        "Who is asked to own a decision answers; who owns it says when it is done or wrong.",
        ("accept D-7", 'not me D-7 @lee "he runs it"', "done D-7", 'reverse D-7 "too dear"'),
    ),
    "adding": (
        "What else there is to say of a decision.",
        (
            'because D-7 "we lose leads every day"',
            'D-7 for "Cut cost"',
            'D-7 blocks "CRM connector"',
            "share D-7",
        ),
    ),
    "map": (
        "What is on the map, and what serves what. Whoever owns the other end confirms a link.",
        (
            "map",
            "import",
            "sort",
            'link "One login" to "Grow revenue"',
            'unlink "One login" from "Grow revenue"',
            'rename "Phenix" to "One login"',
            'retire "Grow revenue"',
        ),
    ),
    "objections": (
        "An answer that is not right, and links that wait for your word.",
        ('not right "One login" to "Grow revenue"', "confirm"),
    ),
    "progress": (
        "Where a project stands, and what a number is today.",
        (
            'number "Days to onboard" 6.5',
            "One login is late",
            'move One login to 14 Dec "supplier late"',
        ),
    ),
    "colleagues": (
        "Who is who, who may do what, and what happens to the things of those who leave.",
        ("people", "side @dana business", "role @dana facilitator", "gone @dana"),
    ),
    "rooms": (
        "Places in several chats that belong together: what is decided in one is posted in all.",
        (
            "room",
            "room Steering",
            "room join 7KQ2XY",
            'room rename "Board"',
            "room leave",
            "zone Europe/Berlin",
        ),
    ),
    "digests": (
        "What waits, what moved and what is next, in this room, in two minutes, when you want it.",
        (
            "digest every Mon 9:00",
            "digest preview",
            "digest now",
            "digest skip next",
            "digest pause until 2 Jan",
            "digest resume",
            "digest log",
            "digest lens it",
            "digest quiet silent",
            "digest owner @dana",
            "digest words off",
            "digest end",
            "country DE",
            "holiday 24 Dec",
        ),
    ),
    "workspaces": (
        "Which workspaces belong to the company, and who its first admin is.",
        ("join link", "claim 7KQ2XYR4MN8P"),
    ),
    "exports": (
        "The map and the decisions as a file: Excel, CSV, or YAML that can be brought back.",
        ("export", "export decisions since 1 Jan", "export as yaml"),
    ),
    "records": (
        "What was decided and changed, kept so that nobody can alter it unseen; to be printed.",
        ("record", "record D-7", "export decisions since 1 Jan"),
    ),
    "yourself": (
        "Your accounts, your absences, and how often I write to you.",
        ("this is me", "away until Wed", "back", "stop", "why me?"),
    ),
}
WORDS = {
    "ask": "projects", "project": "projects", "tool": "projects", "tools": "projects",
    "priority": "priorities", "capability": "priorities", "capabilities": "priorities",
    "goals": "priorities", "order": "priorities",
    "person": "people", "owner": "people", "own": "people", "who": "people",
    "spend": "money", "cost": "money", "budget": "money",
    "changed": "news", "late": "news", "decide": "decisions",
    "decision": "decisions", "needs": "decisions", "undo": "decisions",
    "accept": "answering", "not me": "answering", "done": "answering", "reverse": "answering",
    "because": "adding", "share": "adding", "why": "adding", "blocks": "adding",
    "map": "map", "link": "map", "unlink": "map", "rename": "map", "retire": "map", "import": "map",
    "sort": "map",
    "not right": "objections", "wrong": "objections", "confirm": "objections",
    "number": "progress", "numbers": "progress", "move": "progress", "status": "progress",
    "rank": "priorities",
    "side": "colleagues", "role": "colleagues", "gone": "colleagues", "colleague": "colleagues",
    "room": "rooms", "room join": "rooms", "room leave": "rooms", "room rename": "rooms",
    "join": "rooms", "zone": "rooms", "time zone": "rooms", "channel": "rooms",
    "away": "yourself", "back": "yourself", "stop": "yourself", "why me": "yourself",
    "this is me": "yourself", "me": "yourself",
    "join link": "workspaces", "claim": "workspaces", "workspace": "workspaces",
    "admin": "workspaces",
    "digest": "digests", "digest preview": "digests", "digest log": "digests",
    "digest every": "digests", "digest now": "digests", "digest skip": "digests",
    "digest pause": "digests", "digest resume": "digests", "digest end": "digests",
    "digest lens": "digests", "digest quiet": "digests", "digest owner": "digests",
    "digest words": "digests", "schedule": "digests", "weekly": "digests",
    "country": "digests", "holiday": "digests", "holidays": "digests",
    "export": "exports", "download": "exports", "excel": "exports", "csv": "exports",
    "yaml": "exports", "record": "records", "print": "records", "audit": "records",
    "verify": "records",
}  # fmt: skip


def show(command: Command, session: Session) -> Card:
    """`help`, or `help` and a word."""
    asked = command.text.strip().strip("?.!").lower()
    topic = WORDS.get(asked, asked)
    if topic in TOPICS:
        about, tries = TOPICS[topic]
        also = [Typed(one) for one in ALSO.get(topic, ())]
        return card(
            "help/topic", topic=topic, about=about, also=also, buttons=_to_try(session, tries)
        )
    if topic in COMMANDS:
        about, typed = COMMANDS[topic]
        return card("help/commands", topic=topic, about=about, typed=[Typed(one) for one in typed])
    starters = tuple(TOPICS[topic][1][0] for topic in ("projects", "priorities", "people"))
    return card(
        "help/help",
        unknown=asked,
        example=Typed("help decisions"),
        buttons=(
            *_to_try(session, starters),
            *(Button(topic.capitalize(), "help", topic) for topic in (*TOPICS, *COMMANDS)),
        ),
    )


def _to_try(session: Session, tries: tuple[str, ...]) -> tuple[Button, ...]:
    return tuple(Button(line, "ask", line) for line in examples.filled(session, tries))
