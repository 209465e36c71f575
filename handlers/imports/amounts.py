"""Reads numbers and amounts of money as people in different countries type them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from handlers.imports.problems import Unclear

# Without the codes that are English words and rarely money: ALL, BAM, CUP, LAK, MOP, SOS, TOP.
_CODES = """
AED AMD ANG AOA ARS AUD AZN BDT BGN BHD BIF BND BOB BRL BWP BYN CAD CHF CLP CNY COP CRC CZK DJF
DKK DOP DZD EGP ETB EUR FJD GBP GEL GHS GNF GTQ HKD HNL HRK HUF IDR ILS INR IQD ISK JMD JOD JPY
KES KGS KHR KMF KRW KWD KZT LBP LKR LYD MAD MDL MGA MKD MMK MUR MXN MYR MZN NAD NGN NIO NOK NPR
NZD OMR PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SEK SGD THB TND TRY TTD TWD TZS UAH UGX
USD UYU UZS VND XAF XOF XPF ZAR ZMW
"""
_WITHOUT_CENTS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND XAF XOF XPF"
_WITH_MILLS = "BHD IQD JOD KWD LYD OMR TND"
CODES = frozenset(_CODES.split())
MINOR = dict.fromkeys(_WITHOUT_CENTS.split(), 0) | dict.fromkeys(_WITH_MILLS.split(), 3)

# What a sign may stand for; the first one unless the company counts in another of them. A crown
# without its country ("") is nobody's.
SIGNS = {
    "€": ("EUR",),
    "£": ("GBP", "EGP"),
    "$": ("USD", "AUD", "CAD", "HKD", "MXN", "NZD", "SGD", "TWD"),
    "¥": ("JPY", "CNY"),
    "₹": ("INR",),
    "zł": ("PLN",),
    "kr": ("", "DKK", "ISK", "NOK", "SEK"),
    "euro": ("EUR",),
    "euros": ("EUR",),
    "pounds": ("GBP", "EGP"),
    "dollars": ("USD", "AUD", "CAD", "HKD", "NZD", "SGD"),
    "franken": ("CHF",),
    "sfr": ("CHF",),
    "yen": ("JPY",),
}
LETTERS = {"k": 10**3, "t": 10**3, "m": 10**6}  # scales that may be anything else
SCALES = LETTERS | {
    **dict.fromkeys(
        ("000", "1000", "1.000", "1,000", "tsd", "thousand", "thousands", "milliers"), 10**3
    ),
    **dict.fromkeys(("mm", "mn", "mio", "million", "millions", "millionen"), 10**6),
    **dict.fromkeys(("b", "bn", "billion", "billions", "mrd", "milliard", "milliards"), 10**9),
    "milliarden": 10**9,
    "lakh": 10**5,
    "crore": 10**7,
}
NUMBER = r"(?:[0-9][0-9.,' ]*[0-9]|[0-9]|[.,][0-9]+)"
AMOUNT = re.compile(rf"(?P<before>[^0-9.,]*)(?P<number>{NUMBER})(?P<after>[^0-9]*)")
UNIT = re.compile(r"(?<![0-9.,])(?:1[.,]?)?0{3}(?![.,]?[0-9])|[^\W\d_]+|[€£$¥₹]")
BRACKETS = re.compile(r"[(\[]([^)\]]*)[)\]]")
SPELLING = str.maketrans(
    {
        "Ł": "£",  # what Latin-1's pound becomes when its byte is read as Latin-2
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{MINUS SIGN}": "-",
        "\N{EN DASH}": "-",
        **dict.fromkeys("\u00a0\u2007\u2009\u202f\t", " "),
    }
)


@dataclass(frozen=True, slots=True)
class Units:
    scale: int | None = None
    code: str = ""


def money(text: str, header: str = "", currency: str = "") -> tuple[int, str] | None:
    """Minor units and ISO code; None if nothing is said. The cell's own units win over those of
    its header ("(£m)"), and both over the company's `currency`."""
    if not text.strip():
        return None
    number, cell = _parts(text, currency, "not an amount of money")
    column = _of_header(header, currency)
    if column is None:
        if not (cell.code and cell.scale):
            raise Unclear("the header names more than one unit")
        column = Units()
    if cell.scale is None and column.scale and cell.code and column.code not in ("", cell.code):
        raise Unclear(f"{cell.code} in a column of {column.code}")
    scale = cell.scale or column.scale or 1
    code = cell.code or column.code or currency.upper()
    if not code:
        raise Unclear("no currency")
    digits = MINOR.get(code, 2)
    amount = _decimal(number, dot_groups=scale == 1 and digits < 3) * scale * 10**digits
    if abs(amount) >= 2**63:
        raise Unclear("too large for an amount of money")
    return int(amount.to_integral_value(ROUND_HALF_UP)), code


def number(text: str) -> float:
    """As told: "25%" is 25, "1.2m" is 1,200,000, and what it is counted in is left out."""
    said, units = _parts(text.strip().removesuffix("%"), "EUR", "not a number")
    value = float(_decimal(said, dot_groups=False) * (units.scale or 1))
    if abs(value) > 1e300:
        raise Unclear("not a number")
    return value


def _parts(text: str, currency: str, otherwise: str) -> tuple[str, Units]:
    """The number with its sign, and the units around it, which have to be all there is."""
    said = text.translate(SPELLING).strip()
    said = re.sub(r"(?<=[0-9])[.,]--?$", "", said)  # "500.-", as the Swiss write it
    negative = "-" in said or bool(
        re.fullmatch(r"\([^()]*\)|[^0-9(]*\([0-9][^()]*\)[^0-9(]*", said)
    )
    if negative:
        said = re.sub(r"^([^0-9]*)-|-$", r"\1", said, count=1).replace("(", "").replace(")", "")
    found = AMOUNT.fullmatch(said.removeprefix("+").strip())
    if not found or len(found["number"]) > 40:
        raise Unclear(otherwise)
    around = f"{found['before']} {found['after']}"
    words = UNIT.findall(around)
    if re.sub(r"[\s.]", "", UNIT.sub("", around)):
        raise Unclear(otherwise)
    units = [unit for word in words for unit in _units(word, currency)]
    if len(units) < len(words) or not _once(units):
        raise Unclear(otherwise)
    return ("-" if negative else "") + found["number"], _together(units)


def _of_header(header: str, currency: str) -> Units | None:
    """Units stand in brackets, beside each other, at either end or after "in": "Cost of CAD
    licences, phase T" names none. None if they contradict each other."""
    said = header.translate(SPELLING)
    units = []
    for part, inside in [
        (BRACKETS.sub(" ", said), False),
        *((m, True) for m in BRACKETS.findall(said)),
    ]:
        words = UNIT.findall(part)
        known = [list(_units(word, currency, header=True)) for word in words]
        for place, (word, found) in enumerate(zip(words, known, strict=True)):
            beside = [*known[max(place - 1, 0) : place], *known[place + 1 : place + 2]]
            told = inside or any(beside) or (place and words[place - 1].casefold() == "in")
            at_an_end = place in (0, len(words) - 1) and word in CODES
            unmistakable = word in "€£$¥₹" or (len(word) > 2 and word.upper() not in CODES)
            if told or at_an_end or unmistakable:
                units += found
    return _together(units) if _once(units) else None


def _units(word: str, currency: str, header: bool = False) -> Iterator[Units]:
    """What one word means; "TEUR", "k€" and "US$" are two words in one."""
    said = word.casefold()
    if said in SCALES and not (header and said == "b"):  # "Plan B"
        yield Units(scale=SCALES[said])
    elif said in SIGNS:
        named = SIGNS[said]
        yield Units(code=currency.upper() if currency.upper() in named else named[0])
    elif (word if header else word.upper()) in CODES:
        yield Units(code=word.upper())
    elif said in ("us", "usd"):
        yield Units(code="USD")
    elif said[0] in LETTERS and said[1:] in ("chf", "eur", "gbp", "usd"):
        yield Units(LETTERS[said[0]], word[1:].upper())


def _once(units: Iterable[Units]) -> bool:
    scales = {unit.scale for unit in units if unit.scale}
    codes = {unit.code for unit in units if unit.code or not unit.scale}
    return len(scales) <= 1 and len(codes) <= 1 and "" not in codes


def _together(units: Iterable[Units]) -> Units:
    scale, code = None, ""
    for unit in units:
        scale, code = unit.scale or scale, unit.code or code
    return Units(scale, code)


def _decimal(said: str, dot_groups: bool) -> Decimal:
    """Of two marks the last is the decimal one; one that repeats, or a comma before exactly three
    digits, groups thousands. A dot before three digits does so only where `dot_groups` says."""
    digits = said.lstrip("-")
    sign = -1 if said.startswith("-") else 1
    marks = re.findall(r"[.,]", digits)
    decimal = marks[-1] if marks and marks.count(marks[-1]) == 1 else ""
    if len(marks) == 1 and re.fullmatch(r"[1-9][0-9]{0,2}[.,][0-9]{3}", digits):
        decimal = "" if digits[-4] == "," or dot_groups else decimal
    whole, fraction = digits, ""
    if decimal:
        whole, fraction = digits.rsplit(decimal, 1)
    groups = re.split(r"[.,' ]", whole)
    separators = set(re.findall(r"[.,' ]", whole))
    if len(separators) > 1 or (len(groups) > 1 and not _grouped(groups)):
        raise Unclear("not a number I can read for certain")
    if not re.fullmatch(r"[0-9]*", fraction):
        raise Unclear("not a number I can read for certain")
    return sign * Decimal(f"{''.join(groups) or '0'}.{fraction or '0'}")


def _grouped(groups: list[str]) -> bool:
    """Thousands, or lakhs and crores as India groups them."""
    inner = {len(group) for group in groups[1:-1]}
    return 1 <= len(groups[0]) <= 3 and len(groups[-1]) == 3 and inner in (set(), {3}, {2})
