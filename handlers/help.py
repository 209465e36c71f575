"""What you can ask: three examples each, never a wall."""

from bot.messages import Button, Card, Command
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
WORDS = {
    "ask": "projects", "project": "projects", "tool": "projects", "tools": "projects",
    "priority": "priorities", "capability": "priorities", "capabilities": "priorities",
    "goals": "priorities", "order": "priorities",
    "person": "people", "owner": "people", "own": "people", "who": "people",
    "spend": "money", "cost": "money", "budget": "money",
    "changed": "news", "late": "news", "decide": "news", "decisions": "news",
}  # fmt: skip


def show(command: Command, session: Session) -> Card:
    """`help`, or `help` and a word."""
    asked = command.text.strip().strip("?.!").lower()
    topic = WORDS.get(asked, asked)
    if topic in TOPICS:
        about, tries = TOPICS[topic]
        return card("help/topic", topic=topic, about=about, buttons=_to_try(session, tries))
    starters = tuple(TOPICS[topic][1][0] for topic in ("projects", "priorities", "people"))
    return card(
        "help/help",
        unknown=asked,
        topics=list(TOPICS),
        buttons=(
            *_to_try(session, starters),
            *(Button(topic.capitalize(), "help", topic) for topic in TOPICS),
        ),
    )


def _to_try(session: Session, tries: tuple[str, ...]) -> tuple[Button, ...]:
    return tuple(Button(line, "ask", line) for line in examples.filled(session, tries))
