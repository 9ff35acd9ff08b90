"""New ids: one to one, back with the key, the same in SQL and Python, and without the order of the old ones."""

from __future__ import annotations

import duckdb
import pytest
from chance import examples
from hypothesis import given
from hypothesis import strategies as st

from harmonize.engine.errors import InternalError
from harmonize.export.permutation import decrypt, encrypt, permuted, published_id, round_keys, store_id

AUTHORS_KEY = bytes.fromhex("1a19181211100a0908020100")
ROUNDS = round_keys(bytes(range(12)))


def test_the_vector_of_the_authors() -> None:
    """Beaulieu and others 2013, appendix C: SPECK48/96."""
    rounds = round_keys(AUTHORS_KEY)
    assert encrypt(rounds, 0x6D2073696874) == 0x735E10B6445D
    assert decrypt(rounds, 0x735E10B6445D) == 0x6D2073696874


@examples(100)
@given(key=st.binary(min_size=12, max_size=12), number=st.integers(0, 63), row=st.integers(0, (1 << 42) - 1))
def test_back_with_the_key_and_exact_in_a_double(key: bytes, number: int, row: int) -> None:
    rounds = round_keys(key)
    published = published_id(rounds, number, row)
    assert 0 <= published < 1 << 53
    assert store_id(rounds, published) == (number, row)


@examples(50)
@given(st.sets(st.tuples(st.integers(0, 63), st.integers(0, (1 << 42) - 1)), max_size=200))
def test_no_two_rows_meet(rows: set[tuple[int, int]]) -> None:
    assert len({published_id(ROUNDS, *row) for row in rows}) == len(rows)


def test_sql_gives_the_same_and_no_order() -> None:
    with duckdb.connect() as con:
        con.execute("SET VARIABLE rounds = ?", [ROUNDS])
        ids = (
            "SELECT CASE WHEN range % 2 = 0 THEN 'a' ELSE 'b' END AS omop_table, (1 + range % 2)::BIGINT AS number, "
            "range AS id FROM range(20000)"
        )
        query = permuted(ids, "getvariable('rounds')")
        found = con.execute(f"SELECT omop_table, id, published FROM ({query}) ORDER BY id").fetchall()
        order = con.execute(f"SELECT abs(corr(id, published)) FROM ({query})").fetchone()
    sample = found[::97]
    assert [published_id(ROUNDS, {"a": 1, "b": 2}[table], row) for table, row, _ in sample] == [p for *_, p in sample]
    assert len({published for *_, published in found}) == len(found)
    assert order is not None
    assert order[0] < 0.03


def test_what_is_no_id() -> None:
    assert store_id(ROUNDS, 1 << 48) is None
    assert store_id(ROUNDS, -1) is None
    with pytest.raises(InternalError, match="outside"):
        published_id(ROUNDS, 1, 1 << 42)
