"""What an operator can set, read from the environment once, at start."""

from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator
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


class Unset(Exception):  # noqa: N818  it is told to the operator in words
    """A setting cannot be used; the text says which, and what to do."""


def read(**given: object) -> Settings:
    """The settings, `given` ones before the environment's. Raises `Unset` with one line each."""
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as wrong:
        raise Unset(
            "\n".join(
                f"{'.'.join(map(str, error['loc'])).upper()}: "
                f"{error['msg'].removeprefix('Value error, ')}"
                for error in wrong.errors()
            )
        ) from wrong
