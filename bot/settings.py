"""What the operator may set; the only reader of the environment and of ``.env``."""

import difflib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import SettingsError as SourceError

from musicrec.domain.errors import MusicRecError

LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]
LogFormat = Literal["auto", "text", "json"]

_PAGE = r"^https?://[^\s<>()\[\]]+$"
_A_PAGE = "an address such as https://example.org/privacy, or empty"
_AN_ORDER = "names of sources with commas between them, or empty"


class SettingsError(MusicRecError):
    """A setting is wrong or unknown; the message names it and says what is allowed."""


class Settings(BaseSettings):
    """Every setting, checked. A description completes the sentence "NAME must be …"."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    discord_token: SecretStr | None = Field(default=None, description="a bot token, or empty")
    database_url: SecretStr | None = Field(default=None, description="a database address, or empty")
    data_dir: Path = Field(default=Path("data"), description="a folder")
    worker_processes: int = Field(default=2, ge=1, le=16, description="a whole number from 1 to 16")
    workers: str | None = Field(
        default=None,
        pattern=r"^dask(\+tls)?://[^/\s]+:\d+$",
        description="a Dask scheduler's address such as dask://host:8786, or empty",
    )
    shards: int | None = Field(
        default=None, ge=1, le=10_000, description="a whole number from 1 to 10000, or empty"
    )
    shard_ids: str | None = Field(
        default=None,
        pattern=r"^\d{1,5}(-\d{1,5})?(\s*,\s*\d{1,5}(-\d{1,5})?)*$",
        description="numbers of shards such as 0-3 or 0,2, or empty",
    )
    contact: str = Field(
        default="", max_length=200, description="a web or mail address of yours, or empty"
    )
    privacy_url: str | None = Field(
        default=None, pattern=_PAGE, max_length=200, description=_A_PAGE
    )
    terms_url: str | None = Field(default=None, pattern=_PAGE, max_length=200, description=_A_PAGE)
    read_messages: bool = Field(default=False, description="true or false")
    spotify_client_id: str | None = Field(
        default=None, description="the id of an application on Spotify, or empty"
    )
    spotify_client_secret: SecretStr | None = Field(
        default=None, description="the secret of that application, or empty"
    )
    token_keys: SecretStr | None = Field(
        default=None,
        description="keys of `python -m bot new-key` with commas between them, or empty",
    )
    public_url: str | None = Field(
        default=None,
        pattern=r"^(https://[^/\s?#@]+|http://(127\.0\.0\.1|\[::1\])(:\d+)?)$",
        max_length=100,
        description="an address such as https://bot.example.org without a path, or empty",
    )
    web_host: str = Field(default="127.0.0.1", description="an address of this machine")
    web_port: int = Field(default=8711, ge=1, le=65535, description="a port from 1 to 65535")
    web_behind_proxy: bool = Field(default=False, description="true or false")
    health_host: str = Field(default="127.0.0.1", description="an address of this machine")
    health_port: int | None = Field(
        default=None, ge=1, le=65535, description="a port from 1 to 65535, or empty"
    )
    spotify_hints: bool = Field(default=False, description="true or false")
    spotify_audio_features: bool = Field(default=False, description="true or false")
    order_of_names: str | None = Field(default=None, description=_AN_ORDER)
    order_of_features: str | None = Field(default=None, description=_AN_ORDER)
    order_of_genres: str | None = Field(default=None, description=_AN_ORDER)
    order_of_country: str | None = Field(default=None, description=_AN_ORDER)
    order_of_popularity: str | None = Field(default=None, description=_AN_ORDER)
    local_port: int = Field(
        default=8710,
        ge=0,
        le=65535,
        description="a port from 1 to 65535, or 0 for any that is free",
    )
    log_level: LogLevel = Field(
        default="INFO", description=f"one of {', '.join(get_args(LogLevel))}"
    )
    log_format: LogFormat = Field(
        default="auto", description=f"one of {', '.join(get_args(LogFormat))}"
    )

    @property
    def database_address(self) -> str | None:
        """The database's address in the clear; None for SQLite in the data folder."""
        return self.database_url.get_secret_value() if self.database_url else None

    @property
    def secrets(self) -> tuple[str, ...]:
        """Everything in the clear that must never be shown; every key by itself, too."""
        held = (getattr(self, name) for name in type(self).model_fields)
        texts = [each.get_secret_value() for each in held if isinstance(each, SecretStr)]
        return (*texts, *(part for text in texts for part in text.split(",")))


def load_settings() -> Settings:
    """Read the environment and ``.env`` of the working directory; the environment wins.

    Raises:
        SettingsError: A value is not allowed, ``.env`` holds an unknown name or is no text file.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(_sentence(error.errors()[0])) from error
    except (OSError, UnicodeDecodeError, SourceError) as error:
        msg = f"The file .env cannot be read: {error}."
        raise SettingsError(msg) from error


def misspelt_variables() -> dict[str, str]:
    """Find environment variables that resemble a setting; return each with that setting."""
    return _near_misses(os.environ)


def _near_misses(names: Iterable[str]) -> dict[str, str]:
    known = [name.upper() for name in Settings.model_fields]
    others = sorted({name.upper() for name in names} - set(known))
    guesses = {name: difflib.get_close_matches(name, known, n=1, cutoff=0.85) for name in others}
    return {name: found[0] for name, found in guesses.items() if found}


def _sentence(problem: Any) -> str:
    name = str(problem["loc"][0])
    if problem["type"] == "extra_forbidden":
        return _unknown(name.upper())
    return f"{name.upper()} must be {Settings.model_fields[name].description}."


def _unknown(name: str) -> str:
    known = ", ".join(field.upper() for field in Settings.model_fields)
    guess = _near_misses([name]).get(name)
    hint = f"did you mean {guess}?" if guess else f"there are {known}."
    return f"There is no setting {name}, which .env names; {hint}"
