"""Options that several commands share, so that they read and behave the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from harmonize.intake.sources import SOURCES

if TYPE_CHECKING:
    _Source = str
else:
    _Source = Literal[tuple(SOURCES)]

SourceKind = Annotated[_Source, typer.Option("--source", help="The kind of the source.")]
Db = Annotated[Path, typer.Option("--db", envvar="HARMONIZE_DB", help="The store, a DuckDB file.")]
AnyDb = Annotated[Path, typer.Option("--db", envvar="HARMONIZE_DB", help="A store or a published file.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
Wait = Annotated[float, typer.Option("--wait", min=0, help="Seconds to wait for a locked store.")]
Columns = Annotated[
    Path | None,
    typer.Option("--columns", help="A TSV of class, column, header: the site's own headers of a profile's columns."),
]
Without = Annotated[
    list[str] | None,
    typer.Option("--without", help="A lookup file of the mapping that is left out on purpose (repeatable)."),
]
Memory = Annotated[
    str | None,
    typer.Option("--memory", help="Peak memory, e.g. 4GB (default: 60 % of the machine's)."),
]
Internal = Annotated[
    bool,
    typer.Option(
        "--internal", help="Read what is embargoed, rejected or sequestered, too; the audit log says who did."
    ),
]
Who = Annotated[
    str | None, typer.Option("--who", help="Who does it, for the audit log (default: the user of the system).")
]
Why = Annotated[str | None, typer.Option("--why", help="Why it is done, for the audit log; nothing of a patient.")]
NoBackup = Annotated[
    bool, typer.Option("--no-backup", help="Keep no copy of a store of an older version that is brought up to date.")
]
Vault = Annotated[Path | None, typer.Option("--vault", envvar="HARMONIZE_VAULT", help="The vault (default: DB.vault).")]
VaultKey = Annotated[
    Path | None,
    typer.Option("--vault-key", envvar="HARMONIZE_VAULT_KEY_FILE", help="The file of its key, kept elsewhere."),
]
