"""Says whether the record is whole: nothing in it was changed, dropped or put in unseen."""

import re
from collections.abc import Sequence

from bot.messages import Card, Refusal
from handlers.saying import card
from storage import recorded
from storage.chain import Fault
from storage.database import Database
from storage.recorded import Record

MOST = 12  # faults told one by one
_HEAD = re.compile(r"(?:record\s*)?(\d{1,9})\s*[·:.\s]\s*([0-9a-f]{8,64})\s*", re.IGNORECASE)
_NOUNS = {
    "decisions": "a decision",
    "decision_events": "what was said of a decision",
    "events": "a change of the map",
}


def verify(database: Database, heads: Sequence[str]) -> tuple[list[Card], bool]:
    """A card for each organisation, and whether all of them are whole.

    `heads` are as they were printed: "record 214 · 7f3a91c2". They belong to one organisation,
    so in a database with several they count for any in which they are right.
    """
    printed = [head(one) for one in heads]
    found = list(recorded.verify(database, printed))
    if len(found) > 1:
        found = _by_whose(found)
    return [_card(one, len(printed)) for one in found], not any(one.faults for one in found)


def head(typed: str) -> tuple[int, str]:
    """The number and the hash of a head as it was printed. Raises `Refusal` with how it looks."""
    said = _HEAD.fullmatch(typed.strip())
    if said is None:
        raise Refusal(
            f"I cannot read “{typed}” as a head. Write it as it was printed, for example: "
            '--head "record 214 · 7f3a91c2"'
        )
    return int(said[1]), said[2].lower()


def _by_whose(found: list[Record]) -> list[Record]:
    """A head that is right in one organisation is not missed in the others."""
    wrong = [
        {one.number for one in record.faults if one.what.startswith("printed")} for record in found
    ]
    nobodys = set.intersection(*wrong)
    return [
        Record(
            one.company,
            one.head,
            tuple(
                fault
                for fault in one.faults
                if not fault.what.startswith("printed") or fault.number in nobodys
            ),
        )
        for one in found
    ]


def _card(record: Record, printed: int) -> Card:
    return card(
        "record/verified",
        company=record.company,
        head=record.head.short if record.head else "",
        hash=record.head.hash if record.head else "",
        faults=[told(one) for one in record.faults[:MOST]],
        count=len(record.faults),
        printed=printed,
    )


def told(fault: Fault) -> str:
    """A fault, in a sentence."""
    noun = _NOUNS.get(fault.noun, fault.noun)
    match fault.what:
        case "missing":
            return f"Records from {fault.number} on are missing."
        case "gone":
            return f"Record {fault.number} covers {noun} that is gone (row {fault.row_id})."
        case "changed":
            return (
                f"Record {fault.number}: {noun}, or what comes before it, was changed after it "
                f"was recorded (row {fault.row_id})."
            )
        case "printed otherwise":
            return f"Record {fault.number} is not the one that was printed: it was written anew."
        case "printed and missing":
            return f"Record {fault.number} was printed, and is not there: the end was cut off."
        case "unrecorded":
            return f"There is {noun} that was never recorded: somebody put it in past me."
        case _:
            return "The end of the record is not the one I kept: something was cut off or put in."
