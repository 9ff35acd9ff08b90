"""The tables of the service: what migrations make is what the models say, on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from postgres import server

from harmonize.engine.errors import InputError, StoreError
from harmonize.service.accounts import create_user
from harmonize.service.database import Database
from harmonize.service.models import Base, User


def differences(db: Database) -> list[Any]:
    db.migrate()
    db.migrate()  # what is up to date stays as it is
    with db.engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))


def kept(db: Database) -> datetime | None:
    """A time with another zone, written and read."""
    with db.session() as session:
        user = create_user(session, "mara", "analyst", password=None)
        user.terms_at = datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=5)))
    with db.session() as session:
        return session.query(User).one().terms_at


def test_sqlite_has_what_the_models_say(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'service.db'}")
    assert differences(db) == []
    assert kept(db) == datetime(2026, 1, 1, 7, tzinfo=UTC)
    with db.session() as session, pytest.raises(InputError, match="There is a user MARA already"):
        create_user(session, "MARA", "analyst", password=None)


def test_postgresql_has_what_the_models_say() -> None:
    with server() as url:
        db = Database(url.replace("postgresql://", "postgresql+psycopg://"))
        assert differences(db) == []
        assert kept(db) == datetime(2026, 1, 1, 7, tzinfo=UTC)
        db.close()


def test_a_database_that_is_none_is_told() -> None:
    with pytest.raises(InputError, match="no URL of a database"):
        Database("not a url")
    with pytest.raises(StoreError, match="cannot be used"):
        Database("sqlite:////nowhere/at/all/service.db").migrate()
