"""What Slack takes at most; characters are counted as Slack's clients do, in UTF-16 units.

From https://docs.slack.dev/reference/block-kit, and what was measured where that is silent.
"""

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100  # a modal, and a home
MESSAGE_TEXT = 10_000  # of all blocks of one message: near 12,000 it is refused
FALLBACK = 3900  # `text` beside the blocks: `chat.update` takes 4,000

SECTION = 3000
FIELD, FIELDS = 2000, 10
HEADER = 150
CONTEXT = 2000

ACTIONS = 25  # elements of one block
BUTTON, BUTTON_VALUE = 75, 2000
ID = 255  # action_id, block_id, callback_id

TABLE_ROWS, TABLE_CELLS = 100, 20  # one table in a message

OPTION, OPTION_VALUE = 75, 150
OPTIONS, GROUPS = 100, 100
RADIO = 10

VIEW_TITLE = VIEW_SUBMIT = 24
LABEL = 2000
TYPED = 3000  # what one field of a form holds
METADATA = 3000
VIEW_BYTES = 250_000


def size(text: str) -> int:
    """How long Slack finds this."""
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
