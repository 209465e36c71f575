"""Whose digest it is, through which lens a place reads it, and what people think of it."""

from bot.messages import Button, Card, Command, Refusal, Reply, Typed
from digests.asks import LENSES
from handlers import rights, whom
from handlers.digest import here
from handlers.saying import card, mention
from storage import channels, editions, schedules
from storage.database import Session
from storage.people import Person

LABELS = {"business": "the business", "it": "IT"}


def lens(command: Command, session: Session) -> Card:
    """`digest lens it`: through whose eyes this place reads digests."""
    rights.demand(session, "schedule")
    said = command.text.strip(" .!").lower()
    if said not in LENSES:
        raise Refusal(
            "Say for whom: digest lens business, or digest lens it",
            buttons=tuple(
                Button(f"For {label}", "digest lens", one) for one, label in LABELS.items()
            ),
        )
    place = channels.here(session, command.at)
    before, place.lens = place.lens or LENSES[0], said
    session.flush()
    other = next(one for one in LENSES if one != said)
    return card(
        "digest/lens",
        place=place.name or place.external_id,
        lens=LABELS[said],
        is_same=before == said,
        buttons=(
            Button("Preview", "digest preview"),
            Button(f"For {LABELS[other]} instead", "digest lens", other),
        ),
    )


def quiet(command: Command, session: Session) -> Card:
    """`digest quiet silent`, or `digest quiet line`: what comes where nothing changed."""
    rights.demand(session, "schedule")
    said = command.text.strip(" .!").lower()
    if said not in ("silent", "line", "a line"):
        raise Refusal(
            "Say what comes where nothing changed: digest quiet silent, or digest quiet line",
            buttons=(
                Button("Nothing", "digest quiet", "silent"),
                Button("A line", "digest quiet", "line"),
            ),
        )
    one = here.must(command, session)
    one.is_silent = said == "silent"
    session.flush()
    other = "line" if one.is_silent else "silent"
    label = "Say it in a line" if one.is_silent else "Stay silent"
    return card(
        "digest/quiet",
        is_silent=one.is_silent,
        log=Typed("digest log"),
        buttons=(Button(label, "digest quiet", other),),
    )


def own(command: Command, session: Session) -> Reply:
    """`digest owner @dana`: who hears of trouble with it."""
    rights.demand(session, "schedule")
    one = here.must(command, session)
    named = whom.named(command, session, command.text.strip())
    if not isinstance(named, Person):
        return named
    one.owner_id = named.id
    session.flush()
    return card(
        "digest/owner",
        room=here.called(here.home(one, session), session),
        rhythm=schedules.said(one),
        owner=mention(named),
    )


def useful(command: Command, session: Session) -> Reply:
    """[Useful]"""
    rights.demand(session, "read")
    return _think(command, session, is_useful=True)


def not_for_me(command: Command, session: Session) -> Reply:
    """[Not for me]"""
    rights.demand(session, "read")
    return _think(command, session, is_useful=False)


def _think(command: Command, session: Session, is_useful: bool) -> Reply:
    edition = editions.of(session, command.text)
    if edition is None:
        raise Refusal("That digest is none of mine.")
    editions.think(session, edition.key, session.me.id, is_useful)
    other = Button("Useful", "digest useful", edition.key)
    if is_useful:
        other = Button("Not for me", "digest not for me", edition.key)
    across = Button("For the other side", "digest more", edition.key, _other(session))
    buttons = (other,) if is_useful else (across, other)
    return card("digest/thanks", is_useful=is_useful, buttons=buttons)


def _other(session: Session) -> dict[str, str]:
    return {"lens": "business" if session.me.side == "it" else "it"}
