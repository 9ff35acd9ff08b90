"""What becomes of single texts: days of the calendar, ages over 89, UIDs, pseudonyms."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from harmonize.engine.paths import sql
from harmonize.export.allow_list import Published
from harmonize.export.becoming import MADE, Becoming, StoredTable
from harmonize.export.key import Key

KEY = Key(bytes(range(32)), Path("x.key"))


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        for name, pad in zip(("publish_inner", "publish_outer"), KEY.pads, strict=True):
            con.execute(f"SET VARIABLE {name} = ?", [pad])
        con.execute(sql("export/publish/macros"))
        yield con


def _one(con: duckdb.DuckDBPyConnection, query: str, *values: Any) -> Any:
    return (con.execute(f"SELECT {query}", list(values)).fetchone() or (None,))[0]


DAYS = ["2020-03-02", "2020-03", "2020/3/2", "3/14/2020", "3/14/20", "03-14-2020", "14.3.2020", "2020-03-02T10:00:00Z",
        "3 March 2020", "Mar. 3rd, 2020", "march 2020", "05-MAY-2020", "1st of may 2020"]  # fmt: skip
NO_DAYS = ["2020", "1/2", "2019-8", "140.2", "I48.91", "v2.20.1", "10/20", "840539006", "in 3 days", "may 2 tablets"]


@pytest.mark.parametrize("day", DAYS)
def test_a_day_in_a_text_is_hidden(con: duckdb.DuckDBPyConnection, day: str) -> None:
    for macro in ("dateless", "dateless_term"):
        assert _one(con, f"{macro}(?)", f"seen {day}, well") == "seen [date], well"
        assert _one(con, f"{macro}(?)", day) == "[date]"


@pytest.mark.parametrize("text", NO_DAYS)
def test_what_is_no_day_stays(con: duckdb.DuckDBPyConnection, text: str) -> None:
    assert _one(con, "dateless(?)", text) == _one(con, "dateless_term(?)", text) == text


def test_eight_digits_are_a_day_but_among_codes(con: duckdb.DuckDBPyConnection) -> None:
    assert _one(con, "dateless('CT 20200304')") == "CT [date]"
    assert _one(con, "dateless_term('20200304')") == "20200304"
    assert _one(con, "dateless('20201345')") == "20201345"


@pytest.mark.parametrize(("text", "moved", "told"), [
    ("61.5", True, "61.5"), ("95", True, "90+"), ("095Y", False, "90+"), ("95 days", True, "95 days"),
    ("012M", True, "012M"), ("18-59", True, "18-59"), ("gt89", True, "gt89"), ("1950-05-06", True, None),
    ("1950", True, None),
    ("1950-05-06", False, "1950-05-06"), (None, True, None),
])  # fmt: skip
def test_ages(con: duckdb.DuckDBPyConnection, text: str | None, moved: bool, told: str | None) -> None:
    assert _one(con, "age_text_of(?, ?)", text, moved) == told


@pytest.mark.parametrize(("text", "is_uid"), [
    ("1.2.840.113619.2.55", True), ("2.25.12345.1", True), ("1.3.6.1." + "1" * 56, True),
    ("1.3.6.1." + "1" * 57, False), ("3.2.840.1", False), ("1.02.840.1", False), ("12345", False),
    ("1.2.3", False), ("MRN-1", False),
])  # fmt: skip
def test_what_is_written_like_a_uid(con: duckdb.DuckDBPyConnection, text: str, is_uid: bool) -> None:
    assert _one(con, "is_uid(?)", text) is is_uid


@pytest.mark.parametrize("key", ["MRN-1", "", "ä" * 100, "a\x1fb", "1.2.840.113619.2.55"])
def test_keys_are_hidden_by_hmac_sha256(con: duckdb.DuckDBPyConnection, key: str) -> None:
    def keyed(*parts: str) -> str:
        return hmac.new(KEY.derived("pseudonyms"), "\x1f".join(parts).encode(), hashlib.sha256).hexdigest()

    assert _one(con, "pseudonym_of('case', 'P', ?)", key) == f"case-{keyed('case', 'P', key)[:20]}"
    assert _one(con, "uid_of(?)", key) == f"2.25.{int(keyed('uid', key)[:32], 16)}"
    assert _one(con, "pseudonym_of('case', 'P', NULL)") is None


@pytest.mark.parametrize(("age", "published"), [(0, 0), (89, 89), (89.9, 89.9), (90, None), (90.1, None), (None, None)])
def test_a_number_of_ninety_years_is_not_published(
    con: duckdb.DuckDBPyConnection, age: float | None, published: float | None
) -> None:
    table = StoredTable("midrc", "case", {"age": "DOUBLE"}, frozenset(), None, {}, 1, frozenset({"age"}))
    cell = MADE["age"](Becoming(table), Published("midrc", "case", "age", "age", "", ""), "x")
    assert _one(con, f"{cell} FROM (SELECT ?::DOUBLE AS x)", age) == published


def test_the_words_that_keys_are_looked_for_in(con: duckdb.DuckDBPyConnection) -> None:
    """Words of four signs and more; a cell of up to a thousand is one as a whole, too."""
    texts = ["abc", "abcd", "AB-1", "a.b", "see P-17_x.2, 12.3", " Padded key ", "x" * 1000, "y" * 1001]
    con.execute("CREATE OR REPLACE TEMP TABLE publish_cell AS SELECT 1 AS column_number, unnest(?) AS value", [texts])
    con.execute(sql("export/publish/token"))
    found = con.execute("SELECT token FROM publish_token WHERE is_cell ORDER BY 1").fetchall()
    assert {token for (token,) in found} == {text.strip().lower() for text in texts[:-1]}
    found = con.execute("SELECT token FROM publish_token WHERE NOT is_cell ORDER BY 1").fetchall()
    assert {token for (token,) in found} == {"abcd", "ab-1", "p-17_x.2", "12.3", "padded", "x" * 1000, "y" * 1001}
