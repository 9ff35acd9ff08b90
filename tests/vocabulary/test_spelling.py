"""Every sign that stands for another, and units as UCUM's codes are written."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from harmonize.engine.paths import sql

SIGNS = {
    "µμ": "uu", "2×3∗4": "2x3*4", "a·b⋅c": "a.b.c", "ºC": "°C", "ˆ": "^",
    "a\u00a0b\u202fc\u2009d": "a b c d", "¡\u200a": "¡\u200a",
    "&micro;&mu;&#181;&#956;": "uuuu", "&sup2;&sup3;&#178;&#179;": "²³²³", "&sup1;&#185;": "¹¹",
    "&deg;&#176;": "°°", "&times;": "x", "&middot;": ".", "℃": "°C", "℉": "°F",
}  # fmt: skip
UNITS = {
    " 10⁹/L ": "10*9/L", "10^9/l": "10*9/L", "10E9 / L": "10*9/L", "x10**9/L": "10*9/L", "X 10 e +9/L": "10*9/L",
    "10*-3": "10*-3", "10⁻³": "10*-3", "10³⁴⁵⁶⁷⁸": "10*345678", "10¹²⁰": "10*120", "m^2": "m2",
    "m**3": "m3", "mcg": "ug",
    "mcL": "uL", "mcl": "uL", "mcM": "uM", "mcmol/l": "umol/L", "mcIU": "uIU", "mcU": "uU", "mcx": "mcx", "ml": "mL",
    "ul": "uL", "nl": "nL", "pl": "pL", "fl": "fL", "dl": "dL", "kl": "kL", "hl": "hl", "mMol": "mmol", "uMol": "umol",
    "nMol": "nmol", "pMol": "pmol", "fMol": "fmol", "kMol": "kmol", "Mol": "mol", "dMol": "dMol", "°C": "Cel",
    "℉": "[degF]", "mg . d": "mg.d", "110 5": "110 5",
}  # fmt: skip


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(sql("vocabulary/spelling"))
        yield connection


@pytest.mark.parametrize(("macro", "told"), [("plain_signs", SIGNS), ("plain_unit", UNITS)])
def test_signs(con: duckdb.DuckDBPyConnection, macro: str, told: dict[str, str]) -> None:
    found = con.execute(f"SELECT x, {macro}(x) FROM (SELECT unnest($1::VARCHAR[]) AS x)", [list(told)]).fetchall()
    assert dict(found) == told
