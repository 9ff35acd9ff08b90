"""What the source says of a thing, in 50 characters: the text, else its code, else the beginning of the text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import duckdb
import pytest

from harmonize.engine.paths import sql

LONG = "SARS coronavirus 2 RNA [Presence] in Respiratory specimen by NAA"
CUT = f"{LONG[:41]}~{hashlib.sha256(LONG.encode()).hexdigest()[:8]}"


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute(sql("steps/reference/source_value"))
        yield con


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("CRP", "1988-5", "CRP"),
        (LONG[:50], "94500-6", LONG[:50]),
        (LONG, "94500-6", "94500-6"),
        (LONG, None, CUT),
        (LONG, "clinical.laboratory_test#sars", CUT),
        (LONG, "clinical.laboratory_test#sars coronaviru~0a1b2c3d", CUT),
        (LONG, "sars coronavirus 2 rna [presence] in resp~0a1b2c3d", CUT),
        (LONG, LONG, CUT),
        (LONG, "htn_v", "htn_v"),
        (None, "94500-6", "94500-6"),
        (None, "clinical.laboratory_test#crp", "clinical.laboratory_test#crp"),
        (None, LONG, CUT),
        (None, None, None),
    ],
)
def test_a_long_text_is_not_told_by_the_path_of_its_column(
    con: duckdb.DuckDBPyConnection, text: str | None, code: str | None, said: str | None
) -> None:
    assert con.execute("SELECT source_value($1, $2)", [text, code]).fetchone() == (said,)
