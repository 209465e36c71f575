"""Says to whoever has just let me in what to try first, and one thing to do next."""

from bot.messages import Card, Typed
from handlers import examples
from handlers.saying import card
from storage import initiatives, people
from storage.database import Session

NOUN = "welcome"


def compose(key: str, session: Session) -> Card | None:
    """Three commands, with names from the map where there are any; and one suggestion."""
    person = people.who(session, int(key.partition("/")[2]))
    if person is None:
        return None
    project = examples.project(session)
    return card(
        "home/welcome",
        name=person.name.partition(" ")[0],
        company="" if session.organisation.is_demo else session.organisation.name,
        tries=[
            Typed(f"which priority does {project or 'One login'} support?"),
            Typed("decide buy the CRM @owner fri"),
            Typed("what changed this week?"),
        ],
        list=None if initiatives.count(session) else Typed("import"),
        room=Typed("room Steering"),
    )
