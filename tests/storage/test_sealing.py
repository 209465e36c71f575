"""Tokens are kept encrypted, and keys can be changed."""

import base64
import os

import pytest

from storage.sealing import NoKey, Sealing, WrongKey


def key() -> str:
    """Made as the sentence says that tells how to make one."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


def test_what_is_sealed_is_read_again_with_the_same_key_and_with_no_other() -> None:
    mine = key()
    sealed = Sealing(mine).seal("xoxb-1")
    assert "xoxb" not in sealed
    assert Sealing(mine).unseal(sealed) == "xoxb-1"
    with pytest.raises(WrongKey, match="encrypted with another key"):
        Sealing(key()).unseal(sealed)


def test_nothing_stays_nothing() -> None:
    assert Sealing(key()).seal("") == ""
    assert Sealing(key()).unseal("") == ""


def test_a_new_key_takes_the_place_of_an_old_one() -> None:
    old, new = key(), key()
    before = Sealing(old).seal("xoxb-1")
    both = Sealing(f"{new}, {old}")
    renewed = both.renewed(before)
    assert both.unseal(before) == "xoxb-1"
    assert Sealing(new).unseal(renewed) == "xoxb-1"
    assert both.renewed(renewed) == renewed


@pytest.mark.parametrize(
    "keys",
    ["", " , ", "short", f"{key()},short", key()[:-4]],
    ids=["nothing", "a comma", "too short", "a good one and a bad one", "cut off"],
)
def test_what_is_no_key_is_refused_and_it_is_said_how_to_make_one(keys: str) -> None:
    with pytest.raises(NoKey, match=r"^THROUGHLINE_KEY: .*python3 -c") as told:
        Sealing(keys)
    assert not keys.strip(" ,") or keys not in str(told.value)
