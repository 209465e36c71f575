"""How days, amounts and numbers are written, and our templates: everywhere the same."""

from datetime import date, timedelta
from functools import cache
from pathlib import Path

from bot.words import Writer
from storage.initiatives import Initiative
from storage.metrics import Metric, Reading

SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$", "JPY": "¥", "INR": "₹"}
MINOR_DIGITS = {"JPY": 0, "KRW": 0, "CLP": 0, "KWD": 3, "BHD": 3, "JOD": 3, "OMR": 3, "TND": 3}


@cache
def writer() -> Writer:
    """The templates of digests."""
    return Writer(Path(__file__).parent / "templates")


def day(on: date, today: date) -> str:
    """ "12 Nov", and the year where it is not this one. The blank does not break."""
    return f"{on.day} {on:%b}" + ("" if on.year == today.year else f" {on.year}")


def amount(minor: int, currency: str) -> str:
    """ "€340k", "£32.6bn", "CHF 950": as many digits as people keep in mind."""
    units = minor / 10 ** MINOR_DIGITS.get(currency, 2)
    for limit, letter in ((1e9, "bn"), (1e6, "M"), (1e3, "k")):
        if round(abs(units)) >= limit * 0.9995:
            short = units / limit
            digits = f"{short:.1f}" if abs(short) < 99.95 else f"{short:,.0f}"
            said = digits.removesuffix(".0") + letter
            break
    else:
        said = f"{units:,.0f}"
    symbol = SYMBOLS.get(currency)
    return f"{symbol}{said}" if symbol else f"{currency} {said}"


def cost(initiative: Initiative) -> str:
    """What it costs, or nothing where that is unknown."""
    if initiative.cost is None or initiative.currency is None:
        return ""
    return amount(initiative.cost, initiative.currency)


def ordinal(number: int) -> str:
    """ "1st", "2nd", "13th"."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number % 100 in (11, 12, 13) else ending}"


def short(text: str, most: int = 80) -> str:
    """The beginning of a long text, cut where it shows."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def number(value: float) -> str:
    """ "11.5", "48,200": without false decimals."""
    return f"{value:,.10g}" if value != int(value) else f"{int(value):,}"


def measured(value: float, unit: str) -> str:
    """ "11 days", "3%"."""
    return number(value) + (unit if unit == "%" else f" {unit}" if unit else "")


def trend(metric: Metric, readings: list[Reading], today: date) -> str:
    """ "12 → 11 days, goal 8", or in words that nobody has said."""
    goal = f", goal {number(metric.target)}" if metric.target is not None else ""
    if not readings:
        return f"nobody has told me yet{goal}"
    first = metric.baseline if metric.baseline is not None else readings[0].value
    last = readings[-1]
    moved = f"{number(first)} → " if first != last.value else ""
    overdue = today > last.day + timedelta(days=metric.every_days)
    since = f", nobody has told me since {day(last.day, today)}" if overdue else ""
    return f"{moved}{measured(last.value, metric.unit)}{goal}{since}"


def many(count: int, noun: str) -> str:
    """ "1 day", "23 days"."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def brief(text: str, words: int = 7, most: int = 48) -> str:
    """The beginning of a name, for a line that must stay short: a few words, cut where it shows."""
    said = text.split()
    line = " ".join(said[:words])
    if len(line) <= most and len(said) <= words:
        return line
    return line[: most - 1].rstrip() + "…"
