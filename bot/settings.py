"""What an operator can set, read from the environment once, at start."""

from typing import Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.web.front import is_loopback

TOKENS = {"slack_bot_token": "xoxb-", "slack_app_token": "xapp-"}  # how each begins


class Settings(BaseSettings):
    """Each field is an environment variable of the same name in capitals, or a line in `.env`."""

    model_config = SettingsConfigDict(
        env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True
    )

    host: str = Field("127.0.0.1", description="the address to listen on")
    port: int = Field(8700, ge=0, le=65535, description="the port to listen on")
    database_url: str = Field(
        "sqlite:///throughline.db",
        description="sqlite:///FILE, or postgresql://USER:PASSWORD@HOST/NAME",
    )
    organisation: str = Field("", description="the company's name, used at the first start")
    tz: str = Field("", description="the company's time zone, used at the first start")
    public_url: str = Field("", description="where browsers find the pages, for links in chats")
    metrics_token: SecretStr = Field(
        SecretStr(""), description="what whoever reads /metrics must send"
    )
    throughline_key: SecretStr = Field(
        SecretStr(""), description="encrypts what chats let us in with; several by commas"
    )
    slack_bot_token: SecretStr = Field(
        SecretStr(""), description="of the Slack app in its one workspace: xoxb-…"
    )
    slack_signing_secret: SecretStr = Field(
        SecretStr(""), description="proves what Slack sends to /slack/events"
    )
    slack_app_token: SecretStr = Field(
        SecretStr(""), description="for Socket Mode, without an address on the internet: xapp-…"
    )
    slack_api_url: str = Field(
        "https://slack.com/api/", description="another address of Slack's Web API"
    )
    slack_emoji: str = Field("memo", description="the reaction that offers to log a message")
    throughline_sandbox: bool = Field(
        False, description="the sandbox beside a chat; on a loopback address only"
    )
    slack_client_id: str = Field("", description="of the Slack app, where many workspaces join")
    slack_client_secret: SecretStr = Field(SecretStr(""), description="goes with the client id")

    @field_validator("tz")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name or "UTC")
        except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
            raise ValueError(
                f'I don\'t know the time zone "{name}". Use a name like Europe/Berlin or UTC.'
            ) from unknown
        return name

    @field_validator("metrics_token")
    @classmethod
    def _is_hard_to_guess(cls, token: SecretStr) -> SecretStr:
        if 0 < len(token.get_secret_value()) < 16:
            raise ValueError("Make it 16 characters or longer.")
        return token

    @field_validator("public_url")
    @classmethod
    def _is_an_address(cls, address: str) -> str:
        parts = urlsplit(address)
        if address and not (parts.scheme in ("http", "https") and parts.hostname):
            raise ValueError(f'"{address}" is no address. Write it like https://chat.example.com')
        return address.rstrip("/")

    @field_validator("slack_bot_token", "slack_app_token")
    @classmethod
    def _is_a_token(cls, token: SecretStr, of: ValidationInfo) -> SecretStr:
        begins = TOKENS[of.field_name or ""]
        if token.get_secret_value() and not token.get_secret_value().startswith(begins):
            raise ValueError(f"It begins with {begins}, and this does not. Is it another token?")
        return token

    @field_validator("slack_api_url")
    @classmethod
    def _ends_in_a_slash(cls, address: str) -> str:
        return f"{cls._is_an_address(address)}/"

    @field_validator("slack_emoji")
    @classmethod
    def _is_a_name(cls, emoji: str) -> str:
        return emoji.strip(" :")

    @property
    def has_slack(self) -> bool:
        """Whether a workspace can be connected."""
        return bool(self.slack_bot_token.get_secret_value() or self.slack_client_id)

    @property
    def has_sandbox(self) -> bool:
        """Once a chat is connected only where somebody wants it beside the chat."""
        return is_loopback(self.host) and (self.throughline_sandbox or not self.has_slack)

    @model_validator(mode="after")
    def _hears_slack(self) -> Self:
        hears = bool(
            self.slack_signing_secret.get_secret_value() or self.slack_app_token.get_secret_value()
        )
        if self.has_slack and not hears:
            raise ValueError(
                "Slack would not be heard: set SLACK_SIGNING_SECRET, where Slack reaches me at "
                "/slack/events, or SLACK_APP_TOKEN, where it does not."
            )
        if hears and not self.has_slack:
            raise ValueError(
                "Slack would be heard and not answered: set SLACK_BOT_TOKEN for one workspace, or "
                "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET for many."
            )
        return self

    @model_validator(mode="after")
    def _keeps_the_sandbox_in(self) -> Self:
        if self.throughline_sandbox and not is_loopback(self.host):
            raise ValueError(
                "THROUGHLINE_SANDBOX: the sandbox exists on this machine only. Set HOST to "
                "127.0.0.1, or leave the sandbox away."
            )
        return self

    @model_validator(mode="after")
    def _let_workspaces_in(self) -> Self:
        if bool(self.slack_client_id) != bool(self.slack_client_secret.get_secret_value()):
            raise ValueError(
                "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET go together. Set both, or neither."
            )
        if self.slack_client_id and not self.public_url:
            raise ValueError(
                "PUBLIC_URL: with SLACK_CLIENT_ID, Slack sends browsers back to me. Say where they "
                "find me, for example https://chat.example.com"
            )
        return self


class Unset(Exception):  # noqa: N818  it is told to the operator in words
    """A setting cannot be used; the text says which, and what to do."""


def read(**given: object) -> Settings:
    """The settings, `given` ones before the environment's. Raises `Unset` with one line each."""
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as wrong:
        raise Unset(
            "\n".join(
                _where(error["loc"]) + error["msg"].removeprefix("Value error, ")
                for error in wrong.errors()
            )
        ) from wrong


def _where(place: tuple[int | str, ...]) -> str:
    """What is wrong with several together names them itself."""
    return f"{'.'.join(map(str, place)).upper()}: " if place else ""
