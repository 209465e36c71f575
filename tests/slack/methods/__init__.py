"""What each method of the Web API does in the fake Slack's world."""

from tests.slack.methods import messages, people, places, tokens, views
from tests.slack.methods.people import told_of_user
from tests.slack.methods.shared import ANSWERS, OURS, permalink, with_ids
from tests.slack.methods.tokens import grant

FILES = (messages, people, places, tokens, views)  # each answers its methods once it is imported

__all__ = ["ANSWERS", "FILES", "OURS", "grant", "permalink", "told_of_user", "with_ids"]
