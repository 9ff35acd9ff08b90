"""Content is what a resource says: its form does not count, its numbers do as they are written."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import orjson
import pytest
from chance import examples
from hypothesis import example, given
from hypothesis import strategies as st

from harmonize.intake.discover import discover
from harmonize.intake.fhir.content import content_hash, note_other_contents
from harmonize.intake.fhir.stage import stage_fhir

_O1 = (
    '{"resourceType": "Observation", "id": "o1", "valueQuantity": {"value": 1.50, "unit": "mg"}, '
    '"note": [{"text": "a"}, {"text": "b"}]}'
)
_BUNDLE = '{"resourceType": "Bundle", "total": 4, "type": "collection", "entry": [%s]}'
_NOTED = '"meta": {"versionId": "7", "lastUpdated": "2024-01-01T00:00:00Z"}, "text": {"div": "<div/>"}, "id"'
_SAME = {
    "bundle": _BUNDLE % f'{{"resource": {_O1}}}',
    "blanks": _O1.replace(" ", "\n  "),
    "order_of_keys": '{"valueQuantity": {"unit": "mg", "value": 1.50}, "note": [{"text": "a"}, {"text": "\\u0062"}], '
    '"id": "o1", "resourceType": "Observation"}',
    "version_and_narrative": _O1.replace('"id"', _NOTED),
}
_OTHER = {
    "security": _O1.replace('"id"', '"meta": {"security": [{"code": "R"}]}, "id"'),
    "digits": _O1.replace("1.50", "1.5"),
    "more_digits": _O1.replace("1.50", "1.500"),
    "exponent": _O1.replace("1.50", "15e-1"),
    "text": _O1.replace("1.50", '"1.50"'),
    "order_of_lists": _O1.replace('{"text": "a"}, {"text": "b"}', '{"text": "b"}, {"text": "a"}'),
    "text_of_a_section": _O1.replace('"note"', '"section": [{"text": {"div": "<div>b</div>"}}], "note"'),
}


def _hashes(folder: Path, **texts: str) -> list[str]:
    for name, text in texts.items():
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    with duckdb.connect() as con:
        stage_fhir(con, discover([folder]))
        note_other_contents(con)
        rows = con.execute(
            "SELECT hash FROM fhir_content_hash JOIN fhir_resource r ON r.rowid = resource"
            " WHERE resource_type <> 'Bundle' ORDER BY file_id"
        ).fetchall()
    return [told for (told,) in rows]


@pytest.mark.parametrize("name", [*_SAME, *_OTHER])
def test_content_is_what_is_said(tmp_path: Path, name: str) -> None:
    """White space, the order of keys, what a server notes of a version and its narrative are no content."""
    one, two = _hashes(tmp_path, a=_O1, b=(_SAME | _OTHER)[name])
    assert (one == two) == (name in _SAME)


def test_large_numbers_stay_apart(tmp_path: Path) -> None:
    """Numbers that no DOUBLE tells apart are two contents, singly and in a Bundle."""
    numbers = ["12345678901234567890.123", "12345678901234567890.124", "123456789012345678901", "123456789012345678902"]
    single = [_O1.replace("1.50", number).replace('"o1"', f'"o{i}"') for i, number in enumerate(numbers)]
    entries = ", ".join(f'{{"resource": {text}}}' for text in single)
    found = _hashes(tmp_path, **{f"a{i}": text for i, text in enumerate(single)}, b=_BUNDLE % entries)
    assert len(set(found[:4])) == 4
    assert found[:4] == found[4:]


_NUMBER = st.from_regex(r"-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?", fullmatch=True)


@examples(200)
@given(_NUMBER)
@example("1.0")
@example("0.0000001")
@example("9007199254740993")
@example("100000000000000000.0")
def test_a_number_that_is_not_flagged_is_printed_as_it_is_written(number: str) -> None:
    """What fhir_inexact lets pass is told apart by the fast parse, too: two such numbers that look different are."""
    text = f'{{"a": {number}}}'
    row = _CON.execute("SELECT fhir_staging.fhir_inexact(?), json(?)::VARCHAR", [text, number]).fetchone()
    assert row is not None
    inexact, printed = row
    if not inexact:
        assert printed == number
        assert float(orjson.dumps(orjson.loads(number))) == float(number)
    slow = content_hash(orjson.loads(text), text, inexact=True)
    assert slow == content_hash(orjson.loads(text), text.replace(" ", "\n"), inexact=True)


@examples(200)
@given(st.lists(st.one_of(_NUMBER, st.text(max_size=8).map(json.dumps)), max_size=6))
@example(['"a 1.50, \\" 2"', "1.50", '"\\\\"', "-2e3"])
def test_numbers_are_kept_through_a_parse(values: list[str]) -> None:
    """Numbers that are hidden from a parse come back as they were, and no text changes."""
    text = '{"total": 7, "entry": [' + ", ".join(values) + "]}"
    row = _CON.execute("SELECT fhir_numbers_back(fhir_numbers_kept(?))", [text]).fetchone()
    assert row == (text,)


def _connected() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    stage_fhir(con, [])
    return con


_CON = _connected()
