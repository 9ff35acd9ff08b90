"""Writing the files of a form, and the report of what is not in them beside the folder."""

from __future__ import annotations

import csv
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError, InternalError
from harmonize.engine.files import replacing, replacing_folder
from harmonize.engine.sql_text import literal
from harmonize.export.consortia.check import check_file
from harmonize.export.consortia.rows import CHOSEN, REASONS, Selection

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from harmonize.export.consortia.form import Form
    from harmonize.export.consortia.source import Source

REPORT = ".left_out.tsv"
"""What follows the folder's name in the name of the report, which lies beside it and is not sent."""


@dataclass
class ConsortiumExport:
    """What was written: the folder and the report beside it, rows by file, and what is not in them, by table, column,
    reason and action (left out, blanked). `kind` is that of the rows: de-identified, limited data set, internal."""

    form: str
    folder: Path
    report: Path
    kind: str
    files: dict[str, int] = field(default_factory=dict)
    lost: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    warnings: list[str] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """Rows left out and cells blanked because the form's rules refuse them, not by its choice of rows."""
        return sum(count for (_, _, reason, _), count in self.lost.items() if reason not in CHOSEN)

    def to_json(self) -> dict[str, Any]:
        """The object that the command prints with --json."""
        lost = [
            {"table": table, "column": column, "reason": reason, "meaning": REASONS[reason], "action": action,
             "count": count}
            for (table, column, reason, action), count in sorted(self.lost.items())
        ]  # fmt: skip
        return {
            "form": self.form, "folder": str(self.folder), "report": str(self.report), "kind": self.kind,
            "files": self.files, "rows": sum(self.files.values()), "lost": lost, "refused": self.refused,
            "warnings": self.warnings,
        }  # fmt: skip


@contextmanager
def exporting(source: Source, form: Form, to: Path) -> Iterator[tuple[ConsortiumExport, Path]]:
    """Write the files of the form, checked, to a folder beside `to`, and give it for what is to be added; it takes the
    place of `to`, and the report its own, when the block ends well.

    Raises InputError where `to` holds anything but an earlier export, InternalError where the file check finds fault.
    """
    if not to.parent.is_dir():
        raise InputError(f"The folder {to.parent} does not exist.", f"Make it with: mkdir -p {to.parent}")
    _require_own(form, to)
    report = to.with_name(to.name + REPORT)
    result = ConsortiumExport(form.name, to, report, source.kind, warnings=list(source.warnings))
    with replacing(report) as told, replacing_folder(to, form.place("person")) as folder:
        folder.mkdir()
        selection = Selection(source.con, form, source.cdm_schema)
        for table in form.tables:
            path = folder / form.place(table.name)
            path.parent.mkdir(exist_ok=True)
            if not table.is_filled:
                write_rows(path, form, [form.header(table)])
                result.files[form.place(table.name)] = 0
                continue
            query = selection.check(table)
            result.files[form.place(table.name)] = _copy(source, query, path, form)
        _require_sound(source, form, folder)
        for row in source.con.execute(
            "SELECT table_name, coalesce(column_name, ''), reason, action, count(*) FROM form_loss GROUP BY ALL"
        ).fetchall():
            result.lost[row[0], row[1], row[2], row[3]] = row[4]
        source.con.execute(
            f'COPY (SELECT table_name AS "table", id, column_name AS "column", reason, action FROM form_loss '
            f"ORDER BY ALL) TO {literal(str(told))} (HEADER, DELIMITER '\t', QUOTE '')"
        )
        yield result, folder


def _require_own(form: Form, to: Path) -> None:
    """Raise InputError where the folder holds anything that is not a file of the form."""
    own = {form.place(table.name) for table in form.tables} | {*form.others}
    held = (path.relative_to(to).as_posix() for path in to.rglob("*") if not path.is_dir()) if to.is_dir() else ()
    if strange := sorted(set(held) - own):
        raise InputError(
            f"{to} holds files that are none of this export, such as {strange[0]}.",
            "Give a new folder, or an empty one.",
        )


def write_rows(path: Path, form: Form, rows: list[list[str]]) -> None:
    """A small file of the form's shape: every cell in quotes."""
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, delimiter=form.delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)


def _copy(source: Source, query: str, path: Path, form: Form) -> int:
    """Write the rows of the query, every cell in quotes; returns how many."""
    row = source.con.execute(
        f"COPY ({query}) TO {literal(str(path))} (FORMAT csv, HEADER, DELIMITER {literal(form.delimiter)}, "
        "FORCE_QUOTE *)"
    ).fetchone()
    return int(row[0]) if row else 0


def _require_sound(source: Source, form: Form, folder: Path) -> None:
    """Raise InternalError where the consortium's file check would refuse a file."""
    problems = [
        problem for table in form.tables for problem in check_file(source.con, form, folder / form.place(table.name))
    ]
    if problems:
        more = f" and {len(problems) - 1:,} more" if len(problems) > 1 else ""
        raise InternalError(f"The file check refuses what was written: {problems[0]}{more}.")
