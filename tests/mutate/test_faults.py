"""The faults of `make mutate` are small, keep the form of what they change, and are counted under the right area."""

from __future__ import annotations

import ast
import random
import re
from pathlib import Path

import duckdb
import pytest
from faults import python_faults, sql_faults, value_set_faults
from mutate import INVALID, Planted, all_faults, chosen

from harmonize.engine.paths import root

JOINED = "SELECT 1 FROM a JOIN b USING (x)"
LEFT = "FROM a LEFT JOIN b ON a.x < b.x"
UNION = "SELECT max(v) FROM a UNION ALL FROM b"
DATES = "SELECT a.start_date, a.end_date FROM a"


@pytest.mark.parametrize(
    ("text", "planted"),
    [
        (JOINED, [JOINED.replace("1", "2"), JOINED.replace("JOIN", "LEFT JOIN")]),
        (LEFT, [LEFT.replace("LEFT ", ""), LEFT.replace("<", "<=")]),
        ("FROM a WHERE x IS NOT NULL", ["FROM a WHERE x IS  NULL"]),
        ("FROM a WHERE x IS NULL", ["FROM a WHERE x IS NOT NULL"]),
        ("FROM a WHERE d BETWEEN x AND y", []),
        ("FROM a WHERE d BETWEEN x AND y OR z", ["FROM a WHERE d BETWEEN x AND y AND z"]),
        (UNION, [UNION.replace("max", "min"), UNION.replace("ALL", "")]),
        (DATES, [DATES.replace("start", "end"), DATES.replace("end", "start")]),
        ("SELECT x->>'$.id' FROM a", []),
        ("SELECT -x FROM a", []),
        ("SELECT 'left' FROM a LIMIT 1", ["SELECT 'left_' FROM a LIMIT 1"]),
        ("-- min(a) < b\nFROM a", []),
        ("CREATE TABLE a (x INTEGER DEFAULT 1)", []),
        ("CREATE OR REPLACE TEMP TABLE a AS SELECT x FROM b", []),
    ],
)
def test_what_is_changed_in_sql(text: str, planted: list[str]) -> None:
    assert [fault.planted(text) for fault in sql_faults(text)] == planted


def test_what_is_changed_in_python() -> None:
    text = 'from a import b\n"""min 1 < 2"""\n\n\ndef f(x: int = 3) -> bool:\n    return x < 4 and not x == 5\n'
    changed = [fault.planted(text).splitlines()[-2:] for fault in python_faults(text)]
    assert ["def f(x: int = 4) -> bool:", "    return x < 4 and not x == 5"] in changed
    assert ["def f(x: int = 3) -> bool:", "    return x <= 4 and not x == 5"] in changed
    assert ["def f(x: int = 3) -> bool:", "    return x < 4 or not x == 5"] in changed
    assert ["def f(x: int = 3) -> bool:", "    return x < 4 and  x == 5"] in changed
    assert len(changed) == 7


def test_neighbours_of_a_value_set_get_each_others_concept() -> None:
    text = "subject_id\tobject_id\nmild\tA:1\nmoderate\tA:2\nsevere\tA:2\n"
    assert [fault.planted(text) for fault in value_set_faults(text)] == [
        "subject_id\tobject_id\nmild\tA:2\nmoderate\tA:1\nsevere\tA:2\n"
    ]
    assert value_set_faults("a\tb\n1\t2\n") == []


def test_a_faulty_statement_is_still_a_statement() -> None:
    """Of those without placeholders, which are filled in before they are read."""
    every = [one for one in all_faults() if one.file.startswith("sql/")]
    assert len(every) > 5_000
    texts = {one.file: (root("sql").parent / one.file).read_text(encoding="utf-8") for one in every}
    whole = [one for one in every if not re.search(r"\{\w*\}", texts[one.file])]
    with duckdb.connect() as con:
        broken = []
        for one in random.Random(1).sample(whole, 400):
            try:
                con.extract_statements(one.fault.planted(texts[one.file]))
            except duckdb.ParserException:
                broken.append(one)
    assert len(broken) <= 8, broken


def test_a_faulty_module_is_still_a_module() -> None:
    every = [one for one in all_faults() if one.file.endswith(".py")]
    package = root("sql").parent
    for one in random.Random(1).sample(every, 200):
        text = (package / one.file).read_text(encoding="utf-8")
        changed = one.fault.planted(text)
        assert changed != text
        ast.parse(changed)


def test_a_sample_is_the_same_each_time_and_takes_of_every_file_first() -> None:
    every = [one for one in all_faults() if one.file.startswith("sql/linked/")]
    one, other = (list(chosen(every, [], 9, 3)) for _ in range(2))
    assert [p.key for p in one] == [p.key for p in other]
    assert len({p.file for p in one}) == min(9, len({p.file for p in every}))
    assert {p.area for p in one} == {"sql/linked"}


@pytest.mark.parametrize(
    ("file", "area"),
    [
        ("sql/steps/eras/era_span.sql", "sql/steps/eras"),
        ("sql/functions.sql", "sql"),
        ("mappings/ehr/site_302028/value_sets/lab.tsv", "mappings/ehr/site_302028"),
        ("harmonize/export/forms/folder.py", "harmonize/export"),
    ],
)
def test_areas(file: str, area: str) -> None:
    assert Planted(file, sql_faults("SELECT 1")[0], "").area == area


def test_what_the_database_does_not_take_counts_for_nothing() -> None:
    assert INVALID.search("E   _duckdb.BinderException: Binder Error: x")
    assert not INVALID.search("E   AssertionError: assert 1 == 2")


def test_the_faults_are_of_this_checkout() -> None:
    assert (Path(__file__).resolve().parents[2] / "sql").samefile(root("sql"))
