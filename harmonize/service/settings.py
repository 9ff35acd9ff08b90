"""The settings of the service: from the command line, the environment (HARMONIZE_SERVE_...) and DIR/service.toml."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, StringConstraints, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from harmonize.engine.errors import InputError
from harmonize.engine.memory import budget

FILE = "service.toml"
PREFIX = "HARMONIZE_SERVE_"
Count = Annotated[int, Field(ge=1)]
Rate = Annotated[str, StringConstraints(pattern=r"^\d+/(second|minute|hour|day)$")]


class Settings(BaseSettings):
    """What may be set, each with its default. Keys that are unknown are refused by name."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    data: Path
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    database_url: SecretStr | None = None
    public_url: str | None = None
    """As users' browsers see it, where a proxy stands before the service: https makes cookies secure."""
    proxies: tuple[str, ...] = ("127.0.0.1",)
    """Whose X-Forwarded-For and X-Forwarded-Proto are believed."""
    allowed_hosts: tuple[str, ...] = ()

    max_file_bytes: Count = 64 * 1024**3
    max_submission_bytes: Count = 256 * 1024**3
    max_files: Count = 10_000
    piece_seconds: Annotated[float, Field(gt=0)] = 30.0
    """How long an upload may send nothing."""

    contributors_load: bool = False
    """Whether contributors may load what they submitted; else a steward does."""
    limited_data_set: bool = False
    """Whether analysts are given real dates (45 CFR 164.514(e))."""

    measure_quality: bool = True
    """Whether the quality of the published data is measured after each load."""

    jobs_at_once: Count = 2
    job_attempts: Count = 3
    memory: str | None = None
    """The peak of a job, as `--memory` has it."""

    queries_at_once: Count = 2
    query_seconds: Annotated[float, Field(gt=0, le=3600)] = 60.0
    query_memory: str = "1GB"
    query_wait_seconds: Annotated[float, Field(ge=0, le=600)] = 20.0
    shown_rows: Count = 500
    download_rows: Count = 1_000_000

    session_hours: Annotated[float, Field(gt=0, le=720)] = 12.0
    token_days: Count = 90
    login_rate: Rate = "10/minute"
    request_rate: Rate = "600/minute"
    metrics: bool = True

    terms_version: str = "1"
    terms_file: Path | None = None
    contact: str = "the operator of this service"

    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    oidc_name: str = "your institution"

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The command line first, then the environment, then the file in the data folder."""
        given = init_settings()
        file = Path(given["data"]) / FILE if "data" in given else None
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls, file))

    @field_validator("memory", "query_memory")
    @classmethod
    def _is_memory(cls, value: str | None) -> str | None:
        try:
            budget(value)
        except InputError as problem:
            raise ValueError(problem.message) from problem
        return value

    @field_validator("terms_file")
    @classmethod
    def _is_there(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError(f"{value} does not exist")
        return value

    @model_validator(mode="after")
    def _is_whole(self) -> Settings:
        if bool(self.oidc_issuer) != bool(self.oidc_client_id):
            raise ValueError("oidc_issuer and oidc_client_id belong together")
        if self.public_url and not self.public_url.startswith(("http://", "https://")):
            raise ValueError("public_url begins with https:// (or http://)")
        return self

    @property
    def url(self) -> str:
        """Of the service's own tables."""
        given = self.database_url.get_secret_value() if self.database_url else ""
        return given or f"sqlite:///{self.data.resolve() / 'service.db'}"

    @property
    def secure(self) -> bool:
        """Whether cookies go over https alone."""
        return bool(self.public_url and self.public_url.startswith("https://"))

    @property
    def hosts(self) -> list[str]:
        """Under which names the service answers."""
        own = ["127.0.0.1", "localhost", "[::1]", self.host]
        if self.public_url:
            own.append(self.public_url.split("://")[1].split("/")[0].rsplit(":", 1)[0])
        return list(dict.fromkeys([*own, *self.allowed_hosts]))

    @property
    def session(self) -> timedelta:
        """How long a login holds."""
        return timedelta(hours=self.session_hours)

    @property
    def store(self) -> Path:
        """The store, which jobs alone open."""
        return self.data / "store.duckdb"

    @property
    def published(self) -> Path:
        """The file that analysts' questions go to."""
        return self.data / "published.duckdb"

    @property
    def reading(self) -> Path:
        """The copy of the store that lineage is read from while a load has the store."""
        return self.data / "reading.duckdb"

    @property
    def reviews(self) -> Path:
        """Where decisions on mappings stand."""
        return self.data / "reviews"

    @property
    def releases(self) -> Path:
        """Releases that may be downloaded, a folder each."""
        return self.data / "releases"

    @property
    def quality(self) -> Path:
        """What the quality of the published data was, after each load."""
        return self.data / "quality"

    @property
    def key_file(self) -> Path:
        """The key of published ids."""
        return self.data / "store.duckdb.key"

    def terms(self) -> str:
        """What users attest before data are shown."""
        return self.terms_file.read_text(encoding="utf-8") if self.terms_file else TERMS

    def shown(self) -> dict[str, Any]:
        """All settings for people: secrets as stars, the password of a database too."""
        told = self.model_dump(mode="json")
        if self.database_url is not None:
            from sqlalchemy import make_url

            told["database_url"] = make_url(self.url).render_as_string(hide_password=True)
        return told


TERMS = """I use the data for research and education that is not commercial.
I do not try to find out who a person is, and do not link the data with other data for that.
I give neither data nor my password or tokens to others.
What I publish shows no count below 11 and no single person.
If I notice that a person can be recognised, I tell the operator at once and nobody else.
"""


def read_settings(data: Path, **given: Any) -> Settings:
    """The settings of a data folder; what is None was not given. Raises InputError with the key that is wrong."""
    try:
        return Settings(data=data, **{name: value for name, value in given.items() if value is not None})
    except ValidationError as problem:
        first = problem.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "The settings"
        said = first["msg"].removeprefix("Value error, ").rstrip(".")
        raise InputError(f"{key}: {said}.", f"Set it in {data / FILE}, or as {PREFIX}{key.upper()}.") from problem
    except ValueError as problem:  # TOML that is none
        raise InputError(f"{data / FILE} is no TOML: {problem}.") from problem
