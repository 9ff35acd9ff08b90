"""What the people who answer for a vault do with it: show a person's values, its state, purge, backup and restore."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from harmonize.audit.log import case_mark, has_table, read_entries, write_entry
from harmonize.audit.rules import rules_of
from harmonize.engine.errors import InputError, RefusedError
from harmonize.engine.files import replacing, sha256_of
from harmonize.engine.paths import root
from harmonize.engine.shown import Shown
from harmonize.pipeline.vault.files import refuse_beside
from harmonize.pipeline.vault.keep import pseudonym, store_key, store_mark
from harmonize.pipeline.vault.vault import opened_vault
from harmonize.release.words import checked_name, checked_reason, name_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from duckdb import DuckDBPyConnection

    from harmonize.engine.store import Store
    from harmonize.pipeline.vault.files import VaultFiles
    from harmonize.pipeline.vault.vault import Vault

_TELLING = 4
"""A value of fewer letters may stand in a reason by chance."""
_NOTE = 40
"""A value of more words is a note, whose words say nothing of whose it is."""


@dataclass(repr=False)
class VaultStatus(Shown):
    """What a vault holds, in numbers: by delivery, those that a purge would take, and whether the key fits."""

    vault: Path
    key: str
    deliveries: list[dict[str, Any]]

    def to_json(self) -> dict[str, Any]:
        """The object that `harmonize vault status --json` prints."""
        return {**asdict(self), "vault": str(self.vault)}

    def summary_lines(self) -> list[str]:
        """The result in sentences."""
        lines = [f"{self.vault}: {sum(one['values'] for one in self.deliveries):,} values; {self.key}"]
        for one in self.deliveries:
            due = f"; {one['due']}, the next purge takes it" if one["due"] else ""
            lines.append(
                f"  submission {one['submission']} of {one['project']}, kept since {one['kept_at'][:10]}: "
                f"{one['values']:,} values of {one['persons']:,} persons{due}"
            )
        return lines


@dataclass(repr=False)
class Purged(Shown):
    """What a purge took out of a vault."""

    values: int
    deliveries: int
    persons: int
    notes: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The object that `harmonize vault purge --json` prints."""
        return asdict(self)

    def summary_lines(self) -> list[str]:
        """The result in sentences."""
        told = f"Purged from the vault: {self.values:,} values; {self.deliveries:,} deliveries went whole."
        return [told, *self.notes]


@dataclass(repr=False)
class VaultCopy(Shown):
    """A backup of a vault that was written or taken back."""

    to: Path
    bytes: int
    sha256: str
    notes: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The object that `harmonize vault backup --json` and `vault restore --json` print."""
        return {**asdict(self), "to": str(self.to)}

    def summary_lines(self) -> list[str]:
        """The result in sentences."""
        return [f"{self.to}: {self.bytes:,} bytes, sha256 {self.sha256}", *self.notes]


def show_person(
    store: Store, files: VaultFiles, person: int, *, who: str, second: str, why: str
) -> list[dict[str, Any]]:
    """The identifying values of a person, after the audit log says who asked, who agreed, and why.

    Raises InputError for a person that the store does not have, a reason that tells of a patient, a lost or wrong key;
    RefusedError where both names are one person's.
    """
    asks, agrees, reason = checked_name(who), checked_name(second), checked_reason(why)
    if _plain(asks) == _plain(agrees):
        raise RefusedError(
            "Two different persons are needed to see identifying values; --who and --second name one.",
            "The second is who has looked at the reason and agrees.",
        )
    key = files.read_key()
    with store.transaction() as con:
        cases = con.execute(
            "SELECT project_id, case_key FROM harmonize.person_case WHERE person_id = ? ORDER BY ALL", [person]
        ).fetchall()
        if not cases:
            raise InputError(
                f"The store has no person {person}.",
                "Of a published file: harmonize lineage person ID --published leads back to the store.",
            )
        own = store_key(con)
        with opened_vault(files.vault) as vault:
            vault.belongs_to(store_mark(con))
            found = vault.of_persons(vault.unlock(key), [pseudonym(own, *case) for case in cases])
        _refuse_told(reason, (str(one["value"]) for one in found))
        for case in cases:
            details = {"second": agrees, "why": reason, "values": len(found)}
            write_entry(con, "vault.shown", case_mark(con, *case), details, who=asks)
    return found


def status(store: Store, files: VaultFiles, on: date) -> VaultStatus:
    """What the vault holds, in numbers. A key that is named must fit: InputError where it is lost, wrong or beside."""
    with opened_vault(files.vault) as vault:
        told = "no key was named, so it was not tried."
        if files.key is not None:
            vault.unlock(files.read_key())
            told = "the key fits."
        due = _due(store.con, vault, on)
        kept = [{**one, "due": due.get(one["delivery"])} for one in vault.deliveries()]
    return VaultStatus(files.vault, told, kept)


def purge(store: Store, files: VaultFiles, on: date, *, who: str | None = None) -> Purged:
    """Take out what was withdrawn, what was kept as long as the rules of its project say, and what is of a load that
    the store does not have. No key is needed."""
    return _purged(store, files, who, lambda con, vault: list(_due(con, vault, on)))


def purge_withdrawn(store: Store, files: VaultFiles) -> list[str]:
    """After a withdrawal: what is to be said of the values that went with it. A store without a vault says nothing,
    but of a vault that it had and that is not there."""
    kept = _kept_by(store.con)
    if not kept:
        return []
    if not files.vault.exists():
        return [
            f"The vault {files.vault} is not there: purge it, and its backups, where it is (harmonize vault purge)."
        ]
    gone = _purged(store, files, None, lambda con, vault: list(_withdrawn(con, vault)))
    told = gone.summary_lines() if gone.values or gone.deliveries else []
    return [*told, *([f"Backups of the vault still hold them: {files.vault}"] if told else [])]


def backup(store: Store, files: VaultFiles, to: Path, *, who: str | None = None) -> VaultCopy:
    """Write a copy of the vault, with its sha256 beside it. It is as sealed as the vault: the key is not in it."""
    person = name_of(who)
    if to.exists() and files.vault.exists() and to.samefile(files.vault):
        raise InputError(f"{to} is the vault itself.", "Name another file.")
    if files.key is not None:
        refuse_beside(files.key, to)
    with opened_vault(files.vault) as vault, replacing(to) as partial:
        os.close(os.open(partial, os.O_WRONLY | os.O_CREAT, 0o600))
        vault.copy_to(partial)
        found = sha256_of(partial)
    _sum_path(to).write_text(f"{found}  {to.name}\n", encoding="utf-8")
    with store.transaction() as con:
        write_entry(con, "vault.backup", "vault", {"sha256": found}, who=person)
    note = (
        "The key is not in it: keep it apart. What is withdrawn later is purged from the vault, and not from this copy."
    )
    return VaultCopy(to, to.stat().st_size, found, [note])


def restore(
    store: Store, files: VaultFiles, file: Path, on: date, *, replace: bool = False, who: str | None = None
) -> VaultCopy:
    """Put a backup in the place of the vault, and purge from it what was withdrawn or ran out since."""
    person, found = name_of(who), _checked_copy(store, file)
    notes = [] if _sum_path(file).exists() else [f"No {_sum_path(file).name} lies beside it, so it was not compared."]
    if files.vault.exists() and not replace:
        raise InputError(
            f"{files.vault} is there already.", "Name another place, or add --replace: the old vault is kept."
        )
    with replacing(files.vault) as partial:
        with opened_vault(file) as vault:
            os.close(os.open(partial, os.O_WRONLY | os.O_CREAT, 0o600))
            vault.copy_to(partial)
        if files.vault.exists():
            aside = files.vault.with_name(files.vault.name + ".replaced")
            if aside.exists():
                raise InputError(f"{aside} is there from an earlier restore.", "Move or delete it first.")
            os.rename(files.vault, aside)
            notes.append(f"The vault that was there is now {aside}; delete it when this one is right.")
    with store.transaction() as con:
        write_entry(con, "vault.restored", "vault", {"sha256": found}, who=person)
    gone = purge(store, files, on, who=person)
    notes += gone.summary_lines() if gone.values or gone.deliveries else []
    return VaultCopy(files.vault, files.vault.stat().st_size, found, notes)


def _checked_copy(store: Store, file: Path) -> str:
    if not file.is_file():
        raise InputError(f"{file} does not exist or is no file.", "Name a file that harmonize vault backup wrote.")
    found = sha256_of(file)
    if _sum_path(file).exists():
        wanted = _sum_path(file).read_text(encoding="utf-8", errors="replace").split()
        if wanted[:1] != [found]:
            raise InputError(f"{file} is not what was backed up: its sha256 is {found}.", "Take another copy.")
    with opened_vault(file) as vault:
        vault.belongs_to(store_mark(store.con))
    return found


def _purged(store: Store, files: VaultFiles, who: str | None, choose: Any) -> Purged:
    with opened_vault(files.vault) as vault, store.transaction() as con:
        vault.belongs_to(store_mark(con))
        deliveries, persons = choose(con, vault), _withdrawn_persons(con)
        values = vault.forget(deliveries=deliveries, pseudonyms=persons)
        if values or deliveries:
            details = {"values": values, "deliveries": len(deliveries)}
            write_entry(con, "vault.purged", "vault", details, who=name_of(who))
        vault.commit()
    if values or deliveries:
        _shrink(files.vault)
    return Purged(values, len(deliveries), len(persons))


def _shrink(vault: Path) -> None:
    """Write the file anew, so that no page of it keeps what was taken out."""
    con = sqlite3.connect(vault)
    try:
        con.execute("VACUUM")
    finally:
        con.close()


def _kept_by(con: DuckDBPyConnection) -> dict[str, int]:
    """The deliveries in the vault that the store knows: name → submission."""
    kept = {}
    for entry in read_entries(con, act="submission.received"):
        told = orjson.loads(entry.details).get("vault")
        if told:
            kept[str(told["delivery"])] = int(entry.subject.removeprefix("submission "))
    return kept


def _withdrawn(con: DuckDBPyConnection, vault: Vault) -> dict[str, str]:
    """The deliveries of submissions that were withdrawn."""
    kept = _kept_by(con)
    rows = con.execute("SELECT submission_id FROM harmonize.submission WHERE state = 'withdrawn'").fetchall()
    gone = {row[0] for row in rows}
    found = (one["delivery"] for one in vault.deliveries())
    return {name: "its submission was withdrawn" for name in found if kept.get(name) in gone}


def _due(con: DuckDBPyConnection, vault: Vault, on: date) -> dict[str, str]:
    """The deliveries that a purge takes, and why."""
    kept, due = _kept_by(con), _withdrawn(con, vault)
    for one in vault.deliveries():
        days = rules_of(con, one["project"]).retained_days
        last = datetime.fromisoformat(one["kept_at"]).replace(tzinfo=UTC).date() + timedelta(days=days)
        if one["delivery"] not in kept:
            due.setdefault(one["delivery"], "no load of this store")
        elif days and last <= on:
            due.setdefault(one["delivery"], f"kept for {days:,} days")
    return due


def _withdrawn_persons(con: DuckDBPyConnection) -> list[str]:
    if not has_table(con, "withdrawn_case"):
        return []
    key = store_key(con)
    rows = con.execute("SELECT project_id, case_key FROM harmonize.withdrawn_case").fetchall()
    return [pseudonym(key, project, case) for project, case in rows]


def _refuse_told(reason: str, values: Iterable[str]) -> None:
    """Refuse a reason that holds what is to be shown: the log keeps it for good."""
    words = {word for word in _plain(reason).split() if len(word) >= _TELLING} - _common_words()
    for value in values:
        said = _plain(value).split()
        if len(said) <= _NOTE and words.intersection(said):
            raise InputError(
                "The reason holds an identifying value of this person; the audit log keeps it for good.",
                "Say it without names and numbers of the patient.",
            )


@cache
def _common_words() -> frozenset[str]:
    text = (root("sql") / "validation" / "lists" / "common_word.tsv").read_text(encoding="utf-8")
    return frozenset(line.split("\t")[0] for line in text.splitlines()[1:])


def _plain(text: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text.casefold()).split())


def _sum_path(file: Path) -> Path:
    return file.with_name(file.name + ".sha256")
