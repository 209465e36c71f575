"""The ways people type a name: each form is `form(name, random)`, None where a name has none."""

import re
from collections.abc import Callable
from random import Random

Form = Callable[[str, Random], str | None]

SMALL = {"the", "a", "an", "of", "and", "for", "to", "in", "on", "at", "by", "with", "und", "der",
         "die", "das", "für", "de", "la", "le", "les", "du", "des", "et", "&", "-"}  # fmt: skip
KINDS = {"programme", "program", "project", "initiative", "tool", "system", "projekt", "projet"}
NEIGHBOURS = {
    letter: near
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    for at, letter in enumerate(row)
    for near in [row[max(0, at - 1) : at] + row[at + 1 : at + 2]]
}  # fmt: skip
BRACKET = re.compile(r"\s*[(\[]([^)\]]*)[)\]]")


def as_stored(name: str, random: Random) -> str | None:
    return name


def case(name: str, random: Random) -> str | None:
    return random.choice([name.lower(), name.upper(), name.title()])


def marks(name: str, random: Random) -> str | None:
    """What questions leave around a name."""
    wrapped = random.choice(
        ["the {}", "{}?", '"{}"', "“{}”", "{}'s", "the {} project", " {} .", "{} tool"]
    )
    return wrapped.format(name)


def missing_word(name: str, random: Random) -> str | None:
    words = name.split()
    places = [i for i, w in enumerate(words) if _plain(w) and not _numbered(w)]
    if len(_content(words)) < 3 or not places:
        return None
    del words[random.choice(places)]
    return " ".join(words)


def missing_words(name: str, random: Random) -> str | None:
    """Two of four or more content words, in their order, numbers kept."""
    words = name.split()
    places = [i for i in _content(words) if not _numbered(words[i])]
    if len(places) < 4:
        return None
    gone = set(random.sample(places, 2))
    return " ".join(w for i, w in enumerate(words) if i not in gone)


def half(name: str, random: Random) -> str | None:
    """One word of a name that has two."""
    words = name.split()
    places = _content(words)
    if len(places) != 2 or any(_numbered(w) for w in words):
        return None
    return words[random.choice(places)]


def order(name: str, random: Random) -> str | None:
    words = name.split()
    if len(words) < 2:
        return None
    if any(_numbered(w) for w in words):
        turn = next(i for i, w in enumerate(words) if _numbered(w))
        return " ".join([*words[turn:], *words[:turn]]) if turn else None
    shuffled = words[:]
    while shuffled == words and len(set(words)) > 1:
        random.shuffle(shuffled)
    return " ".join(shuffled)


def initials(name: str, random: Random) -> str | None:
    words = re.findall(r"[^\W_]+", BRACKET.sub("", name))
    if random.random() < 0.7:
        words = [w for w in words if w.lower() not in SMALL]
    if len(words) < 3 or any(_numbered(w) for w in words):
        return None
    letters = "".join(w[0] for w in words)
    return random.choice([letters.upper(), letters.lower()])


def bracket_acronym(name: str, random: Random) -> str | None:
    found = BRACKET.search(name)
    if not found or not re.fullmatch(r"[A-Z][A-Za-z]{1,6}", found[1]) or found[1].istitle():
        return None
    rest = name[found.end() :].strip()
    acronym = random.choice([found[1], found[1].lower()])
    return f"{acronym} {rest}" if _numbered(rest) else acronym


def bracket_dropped(name: str, random: Random) -> str | None:
    return BRACKET.sub("", name).strip() if BRACKET.search(name) else None


def one_typo(name: str, random: Random) -> str | None:
    return _with_typos(name, 1, random)


def two_typos(name: str, random: Random) -> str | None:
    """In two words where there are two, else both in one long one."""
    return _with_typos(name, 2, random)


def joined(name: str, random: Random) -> str | None:
    words = name.split()
    places = [i for i in range(len(words) - 1) if words[i].isalnum() and words[i + 1].isalnum()]
    if not places:
        return None
    i = random.choice(places)
    return " ".join([*words[:i], words[i] + words[i + 1], *words[i + 2 :]])


def split(name: str, random: Random) -> str | None:
    words = name.split()
    places = [i for i, w in enumerate(words) if len(w) >= 6 and w.isalpha()]
    if not places:
        return None
    i = random.choice(places)
    at = random.randint(3, len(words[i]) - 3)
    words[i : i + 1] = [words[i][:at], words[i][at:]]
    return " ".join(words)


def kind_dropped(name: str, random: Random) -> str | None:
    words = name.split()
    kept = [w for w in words if w.lower() not in KINDS]
    return " ".join(kept) if kept and len(kept) < len(words) else None


def kind_swapped(name: str, random: Random) -> str | None:
    words = name.split()
    if not any(w.lower() in KINDS for w in words) or all(w.lower() in KINDS for w in words):
        return None
    return " ".join(
        random.choice(["project", "programme", "initiative"]) if w.lower() in KINDS else w
        for w in words
    )


def missing_and_typo(name: str, random: Random) -> str | None:
    less = missing_word(name, random)
    return one_typo(less, random) if less else None


FORMS: list[Form] = [
    as_stored, case, marks, missing_word, missing_words, half, order, initials, bracket_acronym,
    bracket_dropped, one_typo, two_typos, joined, split, kind_dropped, kind_swapped,
    missing_and_typo,
]  # fmt: skip


def _with_typos(name: str, count: int, random: Random) -> str | None:
    words = name.split()
    places = [i for i, w in enumerate(words) if len(w) >= 4 and w.isalpha()]
    if not places:
        return None
    chosen = random.sample(places, min(count, len(places)))
    if len(chosen) < count:
        if len(words[chosen[0]]) < 8:
            return None
        chosen = chosen * count
    for i in chosen:
        words[i] = _slip(words[i], random)
    return " ".join(words)


def _slip(word: str, random: Random) -> str:
    at = (
        random.randrange(len(word) - 1)
        if random.random() < 0.2
        else random.randrange(1, len(word) - 1)
    )
    letter = word[at]
    slip = random.choice(["swap", "drop", "double", "neighbour", "replace"])
    if slip == "swap":
        return word[:at] + word[at + 1] + letter + word[at + 2 :]
    if slip == "drop":
        return word[:at] + word[at + 1 :]
    if slip == "double":
        return word[:at] + letter + word[at:]
    near = NEIGHBOURS.get(letter.lower(), "e") if slip == "neighbour" else "abcdefghiklmnoprstuvw"
    return word[:at] + random.choice(near) + word[at + 1 :]


def _plain(word: str) -> bool:
    return word.strip("(),:-&").isalpha()


def _numbered(word: str) -> bool:
    return any(c.isdigit() for c in word) or (len(word.strip("(),:")) == 1 and word.isalpha())


def _content(words: list[str]) -> list[int]:
    return [i for i, w in enumerate(words) if w.lower() not in SMALL | KINDS and "(" not in w]
