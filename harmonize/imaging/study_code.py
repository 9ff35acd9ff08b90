"""The LOINC code of studies: an imported table first, then the parser; written beside the rows of a file."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from harmonize.imaging.loinc_codes import LoincCode, codes
from harmonize.imaging.study_loinc import propose
from harmonize.imaging.study_parts import normal_description, normal_modality
from harmonize.imaging.study_table import StudyKey, TableRow, column_of, read_delimited

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class StudyCode:
    """What is said of a study: the code, LOINC's parts of it, who said so (table, parser or none) and how sure."""

    loinc_code: str | None
    loinc_long_common_name: str | None
    loinc_method: str | None
    loinc_system: str | None
    loinc_contrast: str | None
    loinc_source: str | None
    reason: str
    confidence: float


def study_code(modality: str | None, description: str | None, table: dict[StudyKey, TableRow]) -> StudyCode:
    """The code of one modality and description: the table's where it has the key, else the parser's proposal."""
    row = table.get((normal_modality(modality), normal_description(description)))
    if row is not None:
        code = codes().get(row.loinc_code)
        name = row.long_common_name or (code.long_common_name if code else None)
        return _of(code, row.loinc_code, name, "table", "listed in the imported table", 1.0)
    proposal = propose(modality, description)
    if proposal.code is None:
        return _of(None, None, None, None, proposal.reason, 0.0)
    found = proposal.code
    return _of(found, found.code, found.long_common_name, "parser", proposal.reason, proposal.confidence)


def code_file(path: Path, table: dict[StudyKey, TableRow]) -> list[dict[str, object]]:
    """The rows of a CSV or TSV file with columns Modality and StudyDescription, and the code beside each.

    Raises InputError (unreadable, a missing column, a column that would be written twice).
    """
    header, rows = read_delimited(path)
    modality, description = column_of(path, header, "modality"), column_of(path, header, "description")
    coded: dict[tuple[str, str], dict[str, object]] = {}
    result = []
    for row in rows:
        key = row[modality or ""], row[description or ""]
        if key not in coded:
            coded[key] = asdict(study_code(*key, table))
        result.append(
            {**{f"{name}_sent" if name in coded[key] else name: cell for name, cell in row.items()}, **coded[key]}
        )
    return result


def _of(
    code: LoincCode | None, number: str | None, name: str | None, source: str | None, reason: str, confidence: float
) -> StudyCode:
    method, system, contrast = (code.method, code.system, code.contrast) if code else (None, None, None)
    return StudyCode(number, name, method, system, contrast, source, reason, confidence)
