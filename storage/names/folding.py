"""Writes a name the one way we compare it: no case, no accents, no marks, numbers as numbers."""

import re
import unicodedata
from collections.abc import Sequence

from storage.names.vocabulary import INSTALMENTS

# Letters that do not fall apart into a letter and an accent.
_PLAIN = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th"})
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ`´′", "'"))
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
_AFTER_INSTALMENT = _ROMAN | {
    "i": "1", "v": "5", "x": "10", "one": "1", "two": "2", "three": "3", "four": "4",
    "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10",
}  # fmt: skip

_ELISION = re.compile(r"\b[dl]'(?=\w)")  # l'intranet, d'accueil
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?")  # E.S.N.
_WORD = re.compile(r"v?\d+(?:\.\d+)+|[^\W_]+")
_VERSION = re.compile(r"v(?=\d)")
_POINT_ZERO = re.compile(r"(?:\.0)+$")


def fold(text: str) -> tuple[str, ...]:
    """The words of a name, ü as u."""
    return _words(_plain(text))


def fold_written_out(text: str) -> tuple[str, ...]:
    """The same words, one for one, with ü as ue, as keyboards without umlauts have it."""
    composed = unicodedata.normalize("NFKC", text).casefold()
    words, plain = _words(_plain(composed.translate(_WRITTEN_OUT))), fold(text)
    return words if len(words) == len(plain) else plain  # Ü.B. is dotted initials, UE.B. is not


def run_together(words: Sequence[str]) -> str:
    """Words as one, but "2 & 3" is not 23: between two numbers a space stays."""
    if not any(word[0].isdigit() for word in words[1:]):
        return "".join(words)
    joined = words[0]
    for word in words[1:]:
        joined += f" {word}" if joined[-1].isdigit() and word[0].isdigit() else word
    return joined


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", text).casefold()
    text = text.translate(_APOSTROPHES).translate(_PLAIN)
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _words(text: str) -> tuple[str, ...]:
    if "'" in text or "`" in text:
        text = _ELISION.sub("", text.replace("`", "'")).replace("'", "")
    if "." in text:
        text = _DOTTED.sub(lambda dotted: dotted[0].replace(".", ""), text)
    text = _THOUSANDS.sub("", text.replace("&", " and "))
    words: list[str] = []
    for word in _WORD.findall(text):
        if words and word in _ROMAN:
            word = _ROMAN[word]
        elif words and words[-1] in INSTALMENTS:
            word = _AFTER_INSTALMENT.get(word, word)
        if word[-1].isdigit():
            word = _POINT_ZERO.sub("", _VERSION.sub("", word, count=1) if word[0] == "v" else word)
        words.append(word)
    return tuple(words)
