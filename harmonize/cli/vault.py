"""`harmonize vault`: the identifying values of deliveries with retained PHI, for the people who answer for them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harmonize.cli import console
from harmonize.cli.load import show as show_result
from harmonize.cli.options import Db, Json, Vault, VaultKey, Wait, Who
from harmonize.cli.stores import opened

app = typer.Typer(
    help="The vault of identifying values: its key, what it holds, purge, backup, restore.", no_args_is_help=True
)
Replace = Annotated[
    bool, typer.Option("--replace", help="A vault that is there is kept as VAULT.replaced, and gives way.")
]


@app.command()
def key(
    db: Db,
    to: Annotated[Path, typer.Option("--to", help="The file of the new key, in no folder of the store or vault.")],
    vault: Vault = None,
) -> None:
    """Make a new random key for a vault, in a file for its owner alone."""
    from harmonize.pipeline.vault.files import make_key

    made = make_key(to, db, vault)
    console.echo(f"{made}: a new key. Keep a copy of it elsewhere: without it nobody can read the vault.")


@app.command()
def show(
    db: Db,
    person: Annotated[int, typer.Option("--person", metavar="P", help="The person_id in the store.")],
    who: Annotated[str, typer.Option("--who", help="Who asks.")],
    second: Annotated[str, typer.Option("--second", help="Who else has looked at the reason, and agrees.")],
    why: Annotated[str, typer.Option("--why", help="Why, for the audit log; nothing of a patient.")],
    vault: Vault = None,
    vault_key: VaultKey = None,
    json: Json = False,
    wait: Wait = 10.0,
) -> None:
    """Show the identifying values of a person: two named persons and a reason, which the audit log keeps.

    Exit code 1: the two names are one person's.
    """
    from harmonize.pipeline.vault.files import vault_files
    from harmonize.release.vault import show_person

    with opened(db, wait=wait) as store:
        found = show_person(store, vault_files(db, vault, vault_key), person, who=who, second=second, why=why)
    console.print_found(found, json, f"The vault holds nothing of person {person}.")


@app.command()
def status(
    db: Db,
    vault: Vault = None,
    vault_key: VaultKey = None,
    json: Json = False,
    wait: Wait = 10.0,
) -> None:
    """What the vault holds, in numbers, what a purge would take, and whether the key fits."""
    from harmonize.pipeline.vault.files import vault_files
    from harmonize.release.step import today
    from harmonize.release.vault import status as run

    with opened(db, read_only=True, wait=wait) as store:
        result = run(store, vault_files(db, vault, vault_key), today())
    show_result(result, json)


@app.command()
def purge(db: Db, vault: Vault = None, who: Who = None, json: Json = False, wait: Wait = 10.0) -> None:
    """Take out what was withdrawn, what was kept as long as its project says, and what no load of the store is of."""
    from harmonize.pipeline.vault.files import vault_files
    from harmonize.release.step import today
    from harmonize.release.vault import purge as run

    with opened(db, wait=wait) as store:
        result = run(store, vault_files(db, vault), today(), who=who)
    show_result(result, json)


@app.command()
def backup(
    db: Db,
    to: Annotated[Path, typer.Option("--to", help="The file of the backup; one that is there is replaced.")],
    vault: Vault = None,
    who: Who = None,
    json: Json = False,
    wait: Wait = 10.0,
) -> None:
    """Copy the vault into one file, as sealed as it is, with its sha256 beside it."""
    from harmonize.pipeline.vault.files import vault_files
    from harmonize.release.vault import backup as run

    with opened(db, wait=wait) as store:
        result = run(store, vault_files(db, vault), to, who=who)
    show_result(result, json)


@app.command()
def restore(
    db: Db,
    file: Annotated[Path, typer.Argument(help="A backup of the vault.")],
    vault: Vault = None,
    replace: Replace = False,
    who: Who = None,
    json: Json = False,
    wait: Wait = 10.0,
) -> None:
    """Put a backup in the place of the vault, compared with its sha256; what was withdrawn since is purged from it."""
    from harmonize.pipeline.vault.files import vault_files
    from harmonize.release.step import today
    from harmonize.release.vault import restore as run

    with opened(db, wait=wait) as store:
        result = run(store, vault_files(db, vault), file, today(), replace=replace, who=who)
    show_result(result, json)
