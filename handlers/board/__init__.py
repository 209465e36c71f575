"""Pages: what people do in a browser that a chat is too narrow for."""

from pathlib import Path

from handlers.board.importing import IMPORTING as IMPORTING

TEMPLATES = Path(__file__).parent.parent  # a page's template is named from here: board/choose
