"""What is done with a file that somebody brought, and what they are told where it goes wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import pytest

from bot.messages import Refusal
from bot.web.desk import Desk, Work
from bot.web.html import Html
from bot.web.pages import Intake, Page, SignedOut, Tell, Visit, Visitor


@dataclass
class Notebook:
    """A memory of lines; what is written is kept only where nothing goes wrong."""

    lines: list[str] = field(default_factory=list)
    is_signed_out: bool = False

    @contextmanager
    def reading(self) -> Iterator[list[str]]:
        yield list(self.lines)

    @contextmanager
    def writing(self) -> Iterator[list[str]]:
        if self.is_signed_out:
            raise SignedOut
        draft = list(self.lines)
        yield draft
        self.lines = draft


def over(said: str) -> Page:
    return Page("over", {"kind": "refused", "said": said, "name": ""})


def read(content: bytes, name: str, tell: Tell) -> str:
    tell(1, 2)
    if not content:
        raise Refusal(f"{name} is empty.")
    return content.decode()


def look(visit: Visit[str], session: list[str]) -> Page:
    return over(f"looked at {visit.brought}")


def bring(visit: Visit[str], session: list[str]) -> Page:
    session.append(visit.brought)
    visit.tell(1, 1)
    match visit.brought:
        case "refused":
            raise Refusal("Not this one.")
        case "broken":
            raise ZeroDivisionError
        case "unsayable":
            return Page("no such template")
    return over("brought")


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


@pytest.fixture
def work() -> Work[str, list[str]]:
    intake = Intake(lambda _: over("first"), read, look, bring, 100)
    return Work(intake, Html(ZoneInfo("UTC")))


def opened(work: Work[str, list[str]], notebook: Notebook, content: bytes) -> Desk[str, list[str]]:
    me = Visitor("me", "token", notebook.reading, notebook.writing, "Dana")
    desk: Desk[str, list[str]] = Desk("list.csv", me)
    work.read(desk, content)
    return desk


def test_a_file_is_read_looked_at_and_brought(
    work: Work[str, list[str]], notebook: Notebook
) -> None:
    desk = opened(work, notebook, b"fine")
    assert (desk.step, "looked at fine" in desk.html, notebook.lines) == ("ready", True, [])
    work.bring(desk, {})
    assert (desk.step, desk.brought, notebook.lines) == ("done", None, ["fine"])


def test_what_cannot_be_read_is_said_in_the_readers_words(
    work: Work[str, list[str]], notebook: Notebook
) -> None:
    desk = opened(work, notebook, b"")
    assert desk.step == "over"
    assert "list.csv is empty." in desk.html
    assert "Nothing was changed." in desk.html


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"refused", "Not this one."),
        (b"broken", "Something went wrong here"),
        (b"unsayable", "Something went wrong here"),
    ],
)
def test_nothing_is_kept_of_what_goes_wrong_and_that_is_said(
    work: Work[str, list[str]], notebook: Notebook, content: bytes, said: str
) -> None:
    desk = opened(work, notebook, content)
    work.bring(desk, {})
    assert (desk.step, notebook.lines) == ("over", [])
    assert said in desk.html
    assert "Nothing was changed." in desk.html


def test_whoever_signed_out_in_the_middle_brings_nothing(
    work: Work[str, list[str]], notebook: Notebook
) -> None:
    desk = opened(work, notebook, b"fine")
    notebook.is_signed_out = True
    work.bring(desk, {})
    assert (desk.step, notebook.lines) == ("over", [])
    assert "You are not signed in any more" in desk.html


def test_what_is_stopped_in_the_middle_is_undone(
    work: Work[str, list[str]], notebook: Notebook
) -> None:
    desk = opened(work, notebook, b"fine")
    desk.is_stopped.set()
    work.bring(desk, {})
    assert (desk.step, notebook.lines) == ("over", [])
    assert "Stopped" in desk.html


def test_nobody_sees_what_an_earlier_step_showed_while_the_next_one_runs(
    work: Work[str, list[str]], notebook: Notebook
) -> None:
    desk = opened(work, notebook, b"fine")
    desk.begin("saving")
    assert desk.state()["html"] == ""
    assert desk.state()["step"] == "saving"
