"""Run by Alembic: on the connection that `Database.migrate` gives."""

from __future__ import annotations

from alembic import context

from harmonize.service.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite changes a table by making it anew
)
context.run_migrations()
