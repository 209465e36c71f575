"""Writes an export as YAML that people can read and compare: the same map gives the same bytes.

What would be read as something else (yes, 1e3, a date) is in quotes, long texts stand in blocks of
their own, and nothing is wrapped, so that a small change of the map is a small change here.
"""

import re
from datetime import date, datetime

import yaml

from handlers.exports.entries import Entry
from handlers.exports.shape import MAP, Fields, Many, Money, Spec, moment, money, number

TAG = "tag:yaml.org,2002:"
LONG = 80  # characters; from there on a text stands in a block of its own
_ODD = re.compile(r"[^\n\x20-\x7e\xa0-\u2027\u202a-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_RAGGED = re.compile(r"^[ \n]|[ \n]$|\n | \n")  # blanks that a block could lose
HEAD = "# A company's map, written by Throughline. `throughline import` brings it back.\n"


def written(map: Entry) -> str:
    """The whole file."""
    told: str = yaml.serialize(
        _node(map, MAP), Dumper=yaml.SafeDumper, allow_unicode=True, width=1_000_000
    )
    return HEAD + told


def _node(value: object, spec: Spec | None, on_one_line: bool = False) -> yaml.Node:
    match value:
        case dict():
            fields = spec.of if isinstance(spec, Fields) else {}
            is_short = isinstance(spec, Fields) and spec.is_short
            pairs = [
                (_text(name), _node(one, fields.get(name), is_short)) for name, one in value.items()
            ]
            return yaml.MappingNode(TAG + "map", pairs, flow_style=is_short)
        case list():
            of = spec.of if isinstance(spec, Many) else None
            return yaml.SequenceNode(TAG + "seq", [_node(o, of) for o in value], flow_style=False)
        case Money():
            return _text(money(value))
        case bool():
            return yaml.ScalarNode(TAG + "bool", "true" if value else "false")
        case int():
            return yaml.ScalarNode(TAG + "int", str(value))
        case float():
            return _number(value)
        case datetime() if on_one_line:  # where a colon may only stand in quotes
            return _text(moment(value))
        case datetime():
            return yaml.ScalarNode(TAG + "timestamp", moment(value))
        case date():
            return yaml.ScalarNode(TAG + "timestamp", value.isoformat())
        case str():
            return _text(value, on_one_line)
    raise TypeError(f"nobody has thought about writing {type(value).__name__}")


def _text(value: str, on_one_line: bool = False) -> yaml.ScalarNode:
    return yaml.ScalarNode(TAG + "str", value, style=_style(value, on_one_line))


def _style(text: str, on_one_line: bool) -> str | None:
    """How a text stands there: as it is, in a block, or in double quotes.

    Single quotes, which the library would choose for some, lose what breaks a line without being
    a plain line break (U+0085, U+2028), and blanks beside one.
    """
    if _ODD.search(text):
        return '"'
    if "\n" not in text and (on_one_line or len(text) <= LONG):
        return None
    return '"' if on_one_line or _RAGGED.search(text) else "|"


def _number(value: float) -> yaml.ScalarNode:
    said = number(value)
    if said.lstrip("-").isdigit():
        return yaml.ScalarNode(TAG + "int", said)
    mantissa, e, exponent = said.partition("e")
    said = f"{mantissa}.0e{exponent}" if e and "." not in mantissa else said
    return yaml.ScalarNode(TAG + "float", said)
