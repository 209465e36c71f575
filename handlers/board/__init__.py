"""Pages: what people do in a browser that a chat is too narrow for. This is the list of them."""

from pathlib import Path

from bot.web.pages import View
from handlers.board import deciding, recording
from handlers.board.entering import Entering as Entering
from handlers.board.importing import IMPORTING as IMPORTING
from storage.database import Session

TEMPLATES = Path(__file__).parent.parent  # a page's template is named from here: board/choose

VIEWS: tuple[View[Session], ...] = (
    View("/record", recording.show, takes_long=True),
    View("/decisions", deciding.list_them),
    View("/decisions/{number}", deciding.show, takes_long=True),
)
