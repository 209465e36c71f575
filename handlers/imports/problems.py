"""What can stand in the way of reading somebody's list, said so that they know what to do."""


class Unreadable(Exception):  # noqa: N818  # says what the list is, as Refusal does
    """The file cannot be read as a list; `text` is a full sentence that says what to do next."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class Unmapped(Exception):  # noqa: N818  # says what the list is, as Refusal does
    """Which column means what is not settled; `text` is a full sentence that names the choices."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class Unclear(Exception):  # noqa: N818  # says what the list is, as Refusal does
    """One cell does not say what its column should; `reason` is short: "not a date"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
