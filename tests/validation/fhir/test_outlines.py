"""Resources of one outline are judged alike: a screen that uses outlines tells what one without them tells."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest
from chance import examples
from fhir_export import Resource, patients
from fhir_strange import TEXTS, VALUES, strange_export
from hypothesis import given
from hypothesis import strategies as st

from harmonize.validation.fhir.batch import Screened, screen_batch
from harmonize.validation.fhir.outlines import Outlines

NAMES = st.sampled_from(("a", "value", "reference", "x1", "x2", "", ":", "a:", ",", "a b", "é", '"'))
HELD = st.dictionaries(
    NAMES,
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
        | st.sampled_from(("", ":", ":,", "a:", '":', ",", "x", "{", "[", "-1", "\\", "true")),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
        max_leaves=6,
    ),
    max_size=3,
)  # fmt: skip
NEAR = {"x1": "x2", "a": "a:", "value": "reference"}
FORMS = st.sampled_from(((",", ":"), (", ", ": "), (" , ", " : ")))


def screened(kind: str, texts: list[str]) -> Screened:
    return screen_batch((kind, False, True, [(number, text, False) for number, text in enumerate(texts)]))


def both(kind: str, texts: list[str]) -> tuple[Screened, Screened]:
    """What the screen tells with outlines, and without."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Outlines, "of", lambda _outlines, _text: "")
        plain = screened(kind, texts)
    return screened(kind, texts), plain


@examples(60)
@given(lines=st.lists(strange_export(), min_size=2, max_size=3))
def test_strange_exports_are_judged_the_same(lines: list[list[str]]) -> None:
    by_type: dict[str, list[str]] = {}
    for line in (one for export in lines for one in export):
        try:
            resource = orjson.loads(line)
        except orjson.JSONDecodeError:
            continue
        if isinstance(resource, dict) and resource.get("resourceType") in ("Patient", "Observation", "Encounter"):
            by_type.setdefault(resource["resourceType"], []).append(line)
    for kind, texts in by_type.items():
        with_outlines, without = both(kind, texts)
        assert with_outlines == without


@examples(150)
@given(held=st.lists(st.tuples(HELD, FORMS), min_size=2, max_size=6), more=st.tuples(VALUES, TEXTS))
def test_what_looks_like_another_is_judged_by_itself(
    held: list[tuple[dict[str, Any], tuple[str, str]]], more: tuple[Any, str]
) -> None:
    value, text = more
    texts = []
    for one, separators in held:
        near = {NEAR.get(name, name): part for name, part in one.items()}
        for resource in (one, near, {**one, "value": value}, {**one, "value": text}):
            whole = {"resourceType": "Patient", **resource}
            texts.append(json.dumps(whole, separators=separators, ensure_ascii=False))
    with_outlines, without = both("Patient", texts)
    assert with_outlines == without


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ('{"a":"x","b":1}', '{"a":"other","b":-2.5e3}', True),
        ('{"a": "x", "b": [1]}', '{"a": "", "b": [1]}', True),
        ('{"a":"b\\"c"}', '{"a":"b"}', False),
        ('{"x1":"a"}', '{"x2":"a"}', False),
        ('{"a":[":","b"],"c":"d"}', '{"a":[":","b"],"c":"e"}', False),
        ('{"":"a"}', '{"":"b"}', False),
        ('{"a":["x:","y"],"b":1}', '{"a":["x:","y"],"b":2}', True),
        ('{"a":true}', '{"a":"true"}', False),
        ('{"a":"x","a":"y"}', '{"a":"x"}', False),
    ],
)
def test_an_outline_is_used_where_it_tells_the_elements(one: str, other: str, *, alike: bool) -> None:
    outlines = Outlines()
    outlines.note(outlines.of(one), [], sound=True)
    assert (outlines.find(outlines.of(other)) is not None) is alike


def test_outlines_that_are_all_different_are_soon_left_aside() -> None:
    outlines = Outlines()
    for number in range(300):
        outline = outlines.of(json.dumps({"a": [str(number)]}))
        outlines.find(outline)
        outlines.note(outline, [], sound=True)
    assert outlines.of('{"a":"x"}') == ""
    assert len(outlines.known) == 200


def test_a_repeated_element_is_found_in_each_resource_of_an_outline() -> None:
    patient: Resource = patients(1)[0]
    text = json.dumps({**patient, "gender": "male"})
    texts = [text.replace('"male"', f'"male", "birthDate": "19{year}-01-01"') for year in (50, 60, 70)]
    _, found, elements, _, _ = screened("Patient", texts)
    told = [(key, [(one.rule, one.path) for one in problems]) for key, problems in found]
    assert told == [(number, [("fhir_repeated_element", ("birthDate",))]) for number in range(3)]
    assert list(elements.values()) == [[0, 1, 2]]
