"""Which columns a mapping reads as dates."""

from __future__ import annotations

import pytest

from harmonize.mapping.compiler.compile import load_mapping
from harmonize.validation.class_reads import _read_as_dates, class_reads


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("""CASE WHEN (s."a" IN ('2', 'x')) THEN to_date(s."b", '%Y-%m-%d') END""", {"b"}),
        ("""partial_date(coalesce(s."a", s."b"))""", {"a", "b"}),
        ("""coalesce(to_datetime(trim(s."a"), '%d)'), s."b")""", {"a"}),
        ("""to_date(s."a ""x"" )", '%Y') || s."b" """, {'a "x" )'}),
        ("""not_to_date(s."a")""", set()),
    ],
)
def test_only_what_is_read_as_a_date(text: str, names: set[str]) -> None:
    assert _read_as_dates(text) == names


def test_an_outcome_beside_its_date_is_no_date() -> None:
    dates = class_reads(load_mapping("cirr"))["patient"].dates
    assert "dsstdtc" in dates
    assert "dsterm" not in dates
