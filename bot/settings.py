"""What an operator can set, read from the environment once, at start."""

from typing import Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


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
