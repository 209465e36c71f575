"""Encrypts the chats' tokens before they are kept. The keys are the operator's, and kept nowhere.

Several keys, separated by commas, let one take the place of another: the first encrypts, each of
them decrypts.
"""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

HOW = (
    "Make one, and keep it beside the backups: "
    'python3 -c "import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())"'
)
MISSING = f"THROUGHLINE_KEY: I need a key, to encrypt what chats let me in with. {HOW}"
UNUSABLE = f"THROUGHLINE_KEY: that is not a key, or not only keys separated by commas. {HOW}"
WRONG = (
    "THROUGHLINE_KEY: what is kept here was encrypted with another key. Set that one, or both, "
    "the new one first, with a comma between them. If it is lost, connect each chat again."
)


class NoKey(ValueError):  # noqa: N818  it is told to the operator in words
    """There is none, or it is none; the text is for the operator."""


class WrongKey(ValueError):  # noqa: N818  it is told to the operator in words
    """What is kept was encrypted with another one; the text is for the operator."""


class Sealing:
    """Raises `NoKey` for a setting that holds none."""

    def __init__(self, keys: str) -> None:
        given = [one.strip() for one in keys.split(",") if one.strip()]
        if not given:
            raise NoKey(MISSING)
        try:
            self._newest, *_ = every = [Fernet(one) for one in given]
        except ValueError as wrong:
            raise NoKey(UNUSABLE) from wrong
        self._all = MultiFernet(every)

    def seal(self, text: str) -> str:
        """What may be kept."""
        return self._all.encrypt(text.encode()).decode() if text else ""

    def unseal(self, sealed: str) -> str:
        """What it was. Raises `WrongKey`."""
        if not sealed:
            return ""
        try:
            return self._all.decrypt(sealed.encode()).decode()
        except InvalidToken as wrong:
            raise WrongKey(WRONG) from wrong

    def renewed(self, sealed: str) -> str:
        """The same under the newest key; itself where it is already. Raises `WrongKey`."""
        try:
            self._newest.decrypt(sealed.encode())
        except InvalidToken:
            return self.seal(self.unseal(sealed))
        return sealed
