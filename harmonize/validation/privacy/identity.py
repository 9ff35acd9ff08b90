"""What patients and those around them are called, as their own elements and columns tell: with it the texts of the same
delivery and of later ones are looked over, those that no list of names knows included.

Only hashes of it are kept, by a key of the store (harmonize.identity_token). Words that are common in English or in
medicine are none of it, nor are those of fewer than four letters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.paths import root, sql
from harmonize.engine.sql_text import literal, quote
from harmonize.engine.store_key import use_store_key
from harmonize.validation.coded import header_holds
from harmonize.validation.privacy.names import names
from harmonize.validation.privacy.texts import named_like_identifiers

if TYPE_CHECKING:
    from collections.abc import Collection

    from duckdb import DuckDBPyConnection

    from harmonize.intake.table.staged import Staged
    from harmonize.schema.model import ClassDef
    from harmonize.validation.class_reads import ClassReads

KINDS = {
    "name": "phi_name", "word": "phi_name", "pair": "phi_name", "number": "phi_mrn", "code": "phi_mrn",
    "address": "phi_address",
}  # fmt: skip
"""The kinds of tokens, and the rule that a text breaks which holds one."""
NAMES = ("name", "word", "pair")
"""The kinds that are of names."""
NUMBERS = ("number", "code")
"""The kinds that are of numbers, with letters or without."""
_FINDERS = {
    "name": "identity_words",
    "word": "identity_mixed",
    "number": "identity_numbers",
    "code": "identity_codes",
    "address": "identity_addresses",
    "pair": "identity_parts",
}


def begin(con: DuckDBPyConnection, *, shared: bool = False) -> None:
    """Make the tables identity_said (what was met, as written) and identity_known (the hashes that are looked for),
    both empty: temporary, or with `shared` such that other connections see, in a database that is thrown away."""
    con.execute(sql("validation/identity/tables").format(kind="" if shared else "TEMP "))


def read_columns(con: DuckDBPyConnection, staged: Staged, cls: ClassDef | None, reads: ClassReads) -> None:
    """Note what the columns of a table tell that are named like what identifies people and that no mapping reads."""
    headers = {h: n for n, h in zip(staged.names, staged.headers, strict=True) if n not in reads.columns}
    keys = {slot.name for slot in cls.slots.values() if slot.identifier} if cls else set()
    told = [header for header in named_like_identifiers(headers) if headers[header] not in keys]
    for header in told:
        con.execute(
            f"INSERT INTO identity_said SELECT DISTINCT {literal(_kind(header))}, {quote(headers[header])} "
            f"FROM {staged.table} WHERE {quote(headers[header])} IS NOT NULL"
        )
    if whole := ", ".join(quote(headers[header]) for header in told if _kind(header) == "name"):
        con.execute(f"INSERT INTO identity_said SELECT DISTINCT 'whole', concat_ws(' ', {whole}) FROM {staged.table}")


def _kind(name: str) -> str:
    """What a column of this name tells."""
    lowered = f"{name} {header_holds(name) or ''}".lower()
    return "name" if "name" in lowered else "address" if "address" in lowered or "street" in lowered else "number"


def know(con: DuckDBPyConnection, project: str | None, store: str | None = "", *, shared: bool = False) -> bool:
    """Fill identity_known from what was met and from what the store has of the project; whether there is anything.

    `store` is the prefix of the database that has harmonize.identity_token, None where there is none. What was met is
    kept there with `keep`. With `shared` other connections of the database find, too.
    """
    met = con.execute("SELECT 1 FROM identity_said LIMIT 1").fetchone() is not None
    held = store is not None and _holds(con, store, project)
    if not met and not held:
        return False
    use_store_key(con, store or None, shared=shared)
    if met:
        words = literal(str(root("sql") / "validation" / "lists" / "common_word.tsv"))
        statement = sql("validation/identity/met").format(words=words)
        con.execute(statement, {"names": sorted(names().words)})
        con.execute("DELETE FROM identity_said")
    if held:
        con.execute(sql("validation/identity/not_new").format(store=store), {"project": project})
        con.execute(sql("validation/identity/held").format(store=store), {"project": project})
    return con.execute("SELECT 1 FROM identity_known LIMIT 1").fetchone() is not None


def _holds(con: DuckDBPyConnection, store: str, project: str | None) -> bool:
    database = f"'{store.rstrip('.')}'" if store else "current_database()"
    made = con.execute(
        "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'harmonize' AND table_name = 'identity_token' "
        f"AND database_name = {database}"
    ).fetchone()
    if made is None:
        return False
    asked = f"SELECT 1 FROM {store}harmonize.identity_token WHERE ? IS NULL OR project_id = ? LIMIT 1"
    return con.execute(asked, [project, project]).fetchone() is not None


def keep(con: DuckDBPyConnection, project: str) -> None:
    """Keep the hashes of what is new in the store."""
    if con.execute("SELECT 1 FROM identity_known WHERE is_new LIMIT 1").fetchone() is None:
        return
    con.execute(sql("store/tables/identity_token"))
    con.execute(sql("validation/identity/keep"), {"project": project})


def begin_tokens(con: DuckDBPyConnection) -> None:
    """Make the temp table identity_hit, empty; `find_tokens` adds to it."""
    con.execute(sql("validation/identity/hit_table"))


def find_tokens(
    con: DuckDBPyConnection, texts: str, columns: Collection[int], kinds: Collection[str] = tuple(KINDS)
) -> None:
    """Add to privacy_hit the texts of these columns in the relation `texts` (column_id, value) that hold a token of one
    of the kinds, and note which word it is in identity_hit(column_id, value, said)."""
    numbers = ", ".join(map(str, sorted(columns))) or "NULL"
    own = f"(SELECT column_id, value FROM {texts} WHERE column_id IN ({numbers}) AND value IS NOT NULL)"
    known = {kind for (kind,) in con.execute("SELECT DISTINCT kind FROM identity_known").fetchall()}
    for kind, finder in ((kind, finder) for kind, finder in _FINDERS.items() if kind in known & set(kinds)):
        alone = "part" if kind == "pair" else kind
        con.execute(sql("validation/identity/said").format(kind=alone, finder=finder, texts=own))
        if con.execute("SELECT 1 FROM identity_word LIMIT 1").fetchone():
            statement = sql("validation/identity/pair" if kind == "pair" else "validation/identity/hit")
            con.execute(statement.format(kind=kind, finder=finder, texts=own, rule=KINDS[kind]))
