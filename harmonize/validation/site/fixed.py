"""A copy of a delivery with the safe fixes applied (`harmonize validate --fixed DIR`), and a log of each.

Safe is what leaves no doubt: blanks around a value, and a value of a list in wrong case or by a known synonym
(sql/validation/lists/synonym.tsv). In a text file everything else stays byte for byte: encoding, line ends, quotes,
other cells.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

from harmonize.engine.errors import InputError, InternalError
from harmonize.engine.paths import sql
from harmonize.engine.sql_text import literal, literals, quote
from harmonize.engine.work_folder import work_folder
from harmonize.intake.table.dialect import Quoting, scan, scan_quotes, sniff, text_start, to_utf8
from harmonize.validation.rules import rule_texts, synonyms
from harmonize.validation.table.choose import class_header_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.intake.source_file import SourceFile
    from harmonize.intake.table.header import HeaderRows
    from harmonize.intake.table.staged import Staged
    from harmonize.schema.model import ClassDef, Slot

_TEXT_FORMATS = frozenset({"csv", "tsv"})
_BLANKS = "' ' || chr(9) || chr(10) || chr(13) || chr(160)"  # as rule surrounding_blanks has them
_AT_ONCE = 10_000


@dataclass
class Fixed:
    """What was written: the folder, the log, the number of cells, and sentences on what was left as it was."""

    folder: Path
    log: Path
    cells: int = 0
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Fix:
    line: int
    position: int  # of the column, from 1
    before: str
    after: str


def check_folder(folder: Path, paths: Sequence[Path]) -> None:
    """Refuse a folder that is not empty or that lies in the delivery: a copy never overwrites."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder} is not an empty folder.", "Give --fixed a folder that does not exist yet.")
    for path in paths:
        if path.is_dir() and folder.resolve().is_relative_to(path.resolve()):
            raise InputError(f"{folder} lies in the delivery {path}.", "Give --fixed a folder outside of it.")


def write_fixed(
    con: DuckDBPyConnection,
    files: Sequence[SourceFile],
    shown: Sequence[str],
    checked: Sequence[tuple[Staged, ClassDef]],
    folder: Path,
) -> Fixed:
    """Copy the delivery into `folder` with the safe fixes applied and log them beside it, in `<folder>_fixes.csv`.

    `files` are those of the delivery, numbered from 1 as their findings are, `shown` their names as people see them.
    Only cells with a finding are fixed, none in which privacy found something. Archives come out unpacked. Worksheets
    and Parquet files are written anew; a workbook with formulas, or a large one, is copied as it is.
    """
    con.execute(sql("validation/fix_tables"))
    headers = {}
    for staged, cls in checked:
        _collect(con, staged, cls)
        headers[staged.file_id] = class_header_rows(cls)
    result = Fixed(folder, folder.with_name(folder.name + "_fixes.csv"))
    folder.mkdir(parents=True, exist_ok=True)
    targets: dict[Path, Path] = {}
    for number, file in enumerate(files, start=1):
        row = con.execute("SELECT count(*) FROM fix WHERE file_id = ?", [number]).fetchone()
        count = int(row[0]) if row else 0
        if file.path not in targets:
            targets[file.path] = _target(folder, file, targets.values())
        if count and _mended(con, number, file, targets[file.path], headers.get(number)):
            result.cells += count
            continue
        if not targets[file.path].exists():  # another sheet of the workbook may have been mended
            shutil.copyfile(file.path, targets[file.path])
        con.execute("DELETE FROM fix WHERE file_id = ?", [number])
        if count:
            result.notes.append(
                f"{shown[number - 1]}: {count:,} cells could be mended in a text file; it was copied as it is."
            )
    _log(con, shown, result.log)
    return result


def _mended(
    con: DuckDBPyConnection, number: int, file: SourceFile, target: Path, header_rows: HeaderRows | None
) -> bool:
    """Write a file with its fixes; whether its format allows that."""
    from harmonize.validation.site.fixed_binary import mend_parquet, mend_sheet

    if file.format in _TEXT_FORMATS:
        _rewrite(con, number, file, target, header_rows)
        return True
    if file.format == "parquet":
        return mend_parquet(con, number, file.path, target)
    if file.format == "xlsx":
        if not target.exists():
            shutil.copyfile(file.path, target)
        return mend_sheet(target, file.sheet, ((f.line, f.position, f.before, f.after) for f in _fixes(con, number)))
    return False


def _collect(con: DuckDBPyConnection, staged: Staged, cls: ClassDef) -> None:
    for position, name in enumerate(staged.names, start=1):
        slot = cls.slots.get(name)
        if slot is None:
            continue
        cell = f"t.{quote(name)}"
        if slot.permissible_values is None:
            after, more = f"trim({cell}, {_BLANKS})", ""
            where = (rule_texts()["surrounding_blanks"].where or "").replace("{raw}", cell)
        else:
            spellings = _spellings(slot.permissible_values)
            con.execute(sql("validation/spelling"))
            con.execute(
                "INSERT INTO spelling SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
                [list(spellings), list(spellings.values())],
            )
            after, more = "s.value", f"JOIN spelling s ON s.text = lower(trim({cell}, {_BLANKS}))"
            where = f"{cell} NOT IN ({literals(slot.permissible_values)})"
        hidden = slot.annotations.get("phi", "").lower() == "true"
        told = f"{cell}, {after}, {hidden}, {literal(_rule(slot))}"
        place = f"file_id = {staged.file_id} AND column_id = {position}"
        con.execute(
            f"INSERT INTO fix SELECT {staged.file_id}, t.line_, {position}, {told} FROM {staged.table} t {more}"
            f" WHERE ({where}) AND t.line_ IN (SELECT line FROM harmonize.finding WHERE {place})"
            f" AND t.line_ NOT IN (SELECT line FROM phi_cell WHERE {place})"
        )


def _rule(slot: Slot) -> str:
    if slot.permissible_values is None:
        return "surrounding_blanks"
    return "constant" if len(slot.permissible_values) == 1 and slot.required else "enum"


def _spellings(values: Sequence[str]) -> dict[str, str]:
    """What may stand for each value, in small letters; what could stand for two stands for none."""
    folded = Counter(value.lower() for value in values)
    found = {value.lower(): value for value in values if folded[value.lower()] == 1}
    known = {text: meant[0] for text, meant in synonyms().items() if len(meant) == 1 and text not in folded}
    return {**{text: value for text, value in known.items() if value in values}, **found}


def _target(folder: Path, file: SourceFile, taken: Collection[Path]) -> Path:
    """A path inside the folder for a file of the delivery, whatever an archive calls it."""
    name = file.name.removesuffix(f"#{file.sheet}") if file.sheet else file.name
    if name.lower().endswith(".gz"):
        name = name[:-3]
    parts = [part for part in PurePosixPath(name.replace("!", "/").replace("\\", "/")).parts if part not in ("..", "/")]
    path = folder.joinpath(*(part.replace(":", "_").replace("\0", "_") for part in parts or ("file",)))
    number = 1
    while path in taken:
        number += 1
        path = path.with_name(f"{number}_{path.name}")
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _rewrite(
    con: DuckDBPyConnection, number: int, file: SourceFile, target: Path, header_rows: HeaderRows | None
) -> None:
    """Copy a text, its fixes applied."""
    with work_folder("fixed") as work:
        path, encoding, _ = to_utf8(file.path, file.name, work)
        delimiter = sniff(text_start(_head(path)), file.name.rpartition(".")[2].lower(), header_rows).delimiter
        found = scan(path, file.name)
        quoting = scan_quotes(path, delimiter, found) if found.quotes else Quoting(False, False, False)
    if encoding == "utf-16":  # written with the mark, which is kept as a character here
        encoding = "utf-16-le" if _head(file.path)[:2] == b"\xff\xfe" else "utf-16-be"
    with (
        file.path.open(encoding=encoding, newline="") as stream,
        target.open("w", encoding=encoding, newline="") as out,
    ):
        _apply(stream, out, _fixes(con, number), delimiter, quoting.enclosing, file.name)


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(64 * 1024)


def _fixes(con: DuckDBPyConnection, number: int) -> Iterator[_Fix]:
    rows = con.execute(
        "SELECT line, position, before, after FROM fix WHERE file_id = ? ORDER BY line, position", [number]
    )
    while some := rows.fetchmany(_AT_ONCE):
        yield from (_Fix(*row) for row in some)


def _apply(stream: IO[str], out: IO[str], fixes: Iterator[_Fix], delimiter: str, enclosing: bool, name: str) -> None:
    """Copy line by line; the physical lines of a record with fixes are put together, divided and written anew."""
    fix = next(fixes, None)
    lines = enumerate(stream, start=1)
    for number, line in lines:
        if fix is None or fix.line != number:
            out.write(line)
            continue
        record = line
        while enclosing and record.count('"') % 2:
            record += next(lines)[1]
        body = record.rstrip("\r\n")
        cells = _divide(body, delimiter) if enclosing else body.split(delimiter)
        while fix is not None and fix.line == number:
            cells[fix.position - 1] = _replaced(cells[fix.position - 1], fix, delimiter, enclosing, name)
            fix = next(fixes, None)
        out.write(delimiter.join(cells) + record[len(body) :])
    if fix is not None:
        raise InternalError(f"{name}, line {fix.line}: a cell to be mended was not found again.")


def _divide(record: str, delimiter: str) -> list[str]:
    """The cells of a record as written, quotes included."""
    cells: list[str] = []
    start = 0
    while True:
        end = start
        if record.startswith('"', start):
            end = record.index('"', start + 1) + 1
            while record.startswith('"', end):
                end = record.index('"', end + 1) + 1
        stop = record.find(delimiter, end)
        if stop < 0:
            return [*cells, record[start:]]
        cells.append(record[start:stop])
        start = stop + 1


def _replaced(raw: str, fix: _Fix, delimiter: str, enclosing: bool, name: str) -> str:
    quoted = enclosing and raw.startswith('"')
    if (raw[1:-1].replace('""', '"') if quoted else raw) != fix.before:
        raise InternalError(f"{name}, line {fix.line}: a cell to be mended was not found again.")
    if quoted or (enclosing and any(sign in fix.after for sign in (delimiter, '"', "\n", "\r"))):
        return '"' + fix.after.replace('"', '""') + '"'
    return fix.after


def _log(con: DuckDBPyConnection, shown: Sequence[str], path: Path) -> None:
    con.execute(
        "INSERT INTO fix_file SELECT unnest(?::INTEGER[]), unnest(?::VARCHAR[])",
        [list(range(1, len(shown) + 1)), list(shown)],
    )
    con.execute(sql("validation/cell_text"))
    con.execute(f"COPY ({sql('validation/fix_log')}) TO {literal(str(path))} (FORMAT csv, HEADER true)")
