"""What is said where a backup cannot be taken or brought back."""


class Unusable(Exception):  # noqa: N818  it is told to the operator in words
    """Nothing was changed; the text says why, and what to do."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text
