"""What somebody might type who wants to call everybody, or to break what they stand in."""

from random import Random

TOKENS = (
    "<!channel>", "<!here>", "<!everyone>", "<!here|x>", "<!subteam^S123|@all>", "<@U00001>",
    "<@W999>", "<#C123|general>", "<https://evil.example|our page>", "<mailto:a@b.example|b>",
    "<!date^1^{date}|now>", "@channel", "@here", "＜!channel＞",
    "<\u200b!channel>", "<!chan\u200bnel>",
    "&lt;!channel&gt;", "&amp;", "&amp;lt;!here&gt;", "&", "<", ">", "|", "R&D", "a > b",
    "> quoted",
    "*bold*", "_quiet_", "~gone~", "`code`", "```", "*", "**", "__", "snake_case", "2*3", "~",
    ":tada:", "\\", "#", "- ", "[x](https://evil.example)",
    "<script>alert(1)</script>",
    "\"onmouseover='x'", "{{ x }}", "{% x %}", "\n", "\r\n", "\t", "\u2028",
    "\x1b[2J", "\u202e", "\ue000",
    '\ue000["person", 1, "Dana"]\ue001', "\ue001", "👩‍👩‍👧‍👦", "🇩🇪", "e\u0301\u0301\u0301",
    "\u200d", "\ufe0f",
    "中文", "ش", " ", "  ", "Grow revenue", "one", "word " * 40, "x" * 90, "😀" * 50, "&" * 30,
)  # fmt: skip


def text(random: Random) -> str:
    """A few of them, seldom very many."""
    many = random.choice((1, 1, 2, 3, 5)) if random.random() < 0.995 else 60
    return "".join(random.choice(TOKENS) for _ in range(many))
