"""Sessions on the tables of the service, and bringing those up to date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from harmonize.engine.errors import InputError, StoreError

_BUSY_SECONDS = 30.0
"""So long a process waits while another writes to SQLite."""


class Database:
    """The service's own tables, by an SQLAlchemy URL."""

    def __init__(self, url: str) -> None:
        try:
            self.engine = _engine(url)
        except (ArgumentError, NoSuchModuleError, ImportError) as problem:
            raise InputError(
                "database_url is no URL of a database that can be used.",
                "sqlite:///FILE, or postgresql+psycopg://USER@HOST/NAME with the extra postgres.",
            ) from problem
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session that is committed when its block ends well."""
        with self._sessions() as session, session.begin():
            yield session

    def migrate(self) -> None:
        """Bring the tables up to this release. Raises StoreError where the database cannot be reached."""
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
        try:
            with self.engine.begin() as connection:
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        except SQLAlchemyError as problem:
            raise StoreError(f"The tables of the service cannot be used: {type(problem).__name__}.") from problem

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS})
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    """What was committed is on the disk; readers and a writer do not wait for each other."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()
