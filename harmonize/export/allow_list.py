"""What of a store is published: sql/export/published.tsv, a line a column. What has no line stays behind."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from harmonize.engine.errors import InternalError
from harmonize.engine.paths import root

WHOLE = "*"
"""In place of a column: every column of the table."""

BECOMES = frozenset(
    {
        "as_is", "text", "term", "note", "answer", "age", "birth_year", "date", "place", "zip3", "pseudonym", "id",
        "uid", "public", "anchorless", "described", "known_name", "settled_uids", "numbered", "drop", "day", "offset",
        "age_low", "age_high",
    }
)  # fmt: skip
"""The words that `becomes` may begin with; docs/publishing.md says what each means."""


@dataclass(frozen=True)
class Published:
    """One line of the list: a column, what becomes of it (`id:person` is `id` with the argument `person`), and why."""

    schema: str
    table: str
    column: str
    becomes: str
    argument: str
    reason: str


@cache
def published() -> dict[tuple[str, str], dict[str, Published]]:
    """(schema, table) → column → its line. Raises InternalError for a word that no column can become."""
    lines: dict[tuple[str, str], dict[str, Published]] = {}
    with (root("sql") / "export" / "published.tsv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE):
            word, _, argument = row["becomes"].partition(":")
            if word not in BECOMES or (row["column"] == WHOLE and word != "drop"):
                raise InternalError(f"published.tsv: {row['table']}.{row['column']} cannot become {row['becomes']!r}.")
            table = lines.setdefault((row["schema"], row["table"]), {})
            if row["column"] in table:
                raise InternalError(f"published.tsv names {row['table']}.{row['column']} twice.")
            table[row["column"]] = Published(row["schema"], row["table"], row["column"], word, argument, row["reason"])
    return lines


def is_listed(schema: str, table: str, column: str) -> bool:
    """Whether the list says what becomes of a column, be it that it stays behind."""
    lines = published().get((schema, table), {})
    return column in lines or WHOLE in lines


@cache
def id_numbers() -> dict[str, int]:
    """The number by which the permutation tells the ids of one table (or of nothing but references) from another's."""
    with (root("sql") / "export" / "id_number.tsv").open(encoding="utf-8", newline="") as stream:
        return {row["target"]: int(row["number"]) for row in csv.DictReader(stream, delimiter="\t")}
