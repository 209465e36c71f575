"""The company's own words for its digests; and the one field in which an owner says a number."""

from dataclasses import replace

from bot import own
from bot.messages import Button, Card, Command, Form, Input, Refusal, Reply
from bot.own import Wrong
from handlers import rights
from handlers.mapping import numbers
from handlers.saying import card
from storage import editions
from storage.database import Session
from storage.metrics import Metric

OFF = ("off", "none", "yours", "ours", "default")


def say(command: Command, session: Session) -> Reply:
    """`digest words {{ title }} …`: tried first; `digest words off` goes back to mine."""
    rights.demand(session, "schedule")
    text = command.values.get("text", command.text).strip()
    if not text:
        raise Refusal(
            "Say the words, as a template. digest words off goes back to mine.",
            buttons=(Button("Write them", "digest wording"),),
        )
    if text.lower() in OFF:
        editions.set_template(session, "")
        return card("digest/words", is_ours=True, buttons=_buttons())
    try:
        own.check(text)
    except Wrong as wrong:
        raise Refusal(f"I can't use that: {wrong}.", field="text") from wrong
    editions.set_template(session, text)
    return card("digest/words", is_ours=False, buttons=_buttons())


def _buttons() -> tuple[Button, ...]:
    return (Button("Preview", "digest preview", is_main=True), Button("Change", "digest wording"))


def ask(_command: Command, session: Session) -> Form:
    """[Write them]"""
    rights.demand(session, "read")
    kept = editions.own_template(session)
    return Form(
        "Your own words for digests",
        "digest words",
        (Input("text", "Template", "lines", kept.text if kept else OURS),),
        text=f"You can use: {', '.join(own.NAMES)}. asks and news are lists.",
    )


OURS = """{% for ask in asks %}
{{ loop.index }}. {{ ask }}
{% endfor %}
{{ numbers }}
{{ money }}
{{ moved }}"""


def ask_number(command: Command, session: Session) -> Form | Card:
    """[Say what it is]: one field."""
    rights.demand(session, "read")
    one = _number(command, session)
    label = f"{one.name}, in {one.unit}" if one.unit else one.name
    return Form(f"What is {one.name} today?", "number is", (Input("value", label),),
                values={"metric": str(one.id)})  # fmt: skip


def tell_number(command: Command, session: Session) -> Reply:
    """What the owner says it is."""
    rights.demand(session, "change the map")
    one = _number(replace(command, text=command.values["metric"]), session)
    text = f'"{one.name}" {command.values["value"].strip()}'
    return numbers.say(replace(command, text=text, values={}), session)


def _number(command: Command, session: Session) -> Metric:
    one = session.get(Metric, int(command.text)) if command.text.isdigit() else None
    if one is None:
        raise Refusal("That number is no longer on the map.")
    return one
