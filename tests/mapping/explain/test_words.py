"""Expressions in words: every function, and the corners where words could mislead."""

from __future__ import annotations

import ast

import pytest

from harmonize.mapping.compiler.compile import load_mapping, mapping_folder, mappings, spec_file
from harmonize.mapping.compiler.functions import FUNCTIONS
from harmonize.mapping.compiler.spec import read_spec
from harmonize.mapping.explain.describe import columns_of, hub_to_omop
from harmonize.mapping.explain.words import FUNCTIONS as SAID
from harmonize.mapping.explain.words import in_words, slot_in_words
from harmonize.schema.load import load_schema


def test_every_function_has_words():
    assert set(FUNCTIONS) - {"case"} == set(SAID)
    assert all("{0}" in text or "{all}" in text for text in SAID.values())


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("a == 'x'", "A (a) is “x”"),
        ("a != None", "A (a) is given"),
        ("a is None", "A (a) is blank"),
        ("not a == 'x'", "A (a) is not “x”"),
        ("not (a == None)", "A (a) is given"),
        ("not a in ['x', 'y']", "A (a) is not one of “x”, “y”"),
        ("a not in ('x',)", "A (a) is not one of “x”"),
        ("'-' in a", "A (a) contains “-”"),
        ("'-' not in a", "A (a) does not contain “-”"),
        ("a == 'x' and (b == 'y' or c < 3)", "A (a) is “x” and (b is “y” or c is less than 3)"),
        ("not (b == 'y' or c >= 3)", "not (b is “y” or c is at least 3)"),
        ("number(a) / 2 - 1", "the number in A (a) divided by 2 minus 1"),
        ("(b if a != None else c) + '!'", "(b if A (a) is given, else c) + “!”"),
        ("b if a == 'x' else None", "b, if A (a) is “x”"),
        ("None if a == 'x' else b", "b, unless A (a) is “x”"),
        ("case((a == 'x', 1), (True, -2))", "1 if A (a) is “x”; else −2"),
        ("to_date(a, '%Y', '%d.%m.%Y')", "the date in A (a), written “%Y”, “%d.%m.%Y”"),
        ("replace(a, 'x', 'y')", "A (a) with “y” for “x”"),
        ("join(';', [a, b])", "A (a), b joined by “;”"),
        ("part({a}, '/', 2)", "piece 2 of A (a), cut at “/”"),
        ("order.patient == True", "patient of order is true"),
        ("unheard(a, 'x')", "unheard of A (a), “x”"),
    ],
)
def test_in_words(expression, words):
    assert in_words(expression, {"a": "A (a)"}) == words


def test_all_shipped_expressions_are_said_without_code():
    for name in mappings():
        for derivation in read_spec(spec_file(mapping_folder(name))).classes:
            for slot in derivation.slots.values():
                words = slot_in_words(slot, {})
                assert words.strip()
                if slot.expr is not None and not isinstance(ast.parse(slot.expr.strip(), mode="eval").body, ast.Name):
                    assert "==" not in words
                    assert "!=" not in words


def test_the_way_to_omop_names_what_exists():
    hub, omop = load_schema("midrc").classes, load_schema("omop").classes
    reached = 0
    for (name, slot), (columns, note) in hub_to_omop().items():
        assert slot in hub[name].slots
        assert columns or note
        for column in filter(None, columns.split(" | ")):
            table, _, field = column.partition(".")
            assert field in omop[table].slots, column
            reached += 1
    assert reached > 250


def test_most_slots_of_mappings_reach_omop():
    """A slot that is not in the table stays in the hub; the slots that make events are there."""
    for name in mappings():
        for entry in load_mapping(name).entries:
            if {"coding", "codings"} & set(entry.columns) and entry.target != "fact_link":
                slot = "coding" if "coding" in entry.columns else "codings"
                assert hub_to_omop()[entry.target, slot][0], (name, entry.target)
    rows = columns_of("ehr/covid_19_ny_sbu")
    assert {row["target"] for row in rows if not row["omop"] and not row["note"]} <= {
        "case.covid19_positive", "case.icu_indicator", "case.ventilator_indicator", "visit.length_of_stay",
        "visit_detail.icu", "condition.condition_name", "condition.condition_code", "condition.condition_code_system",
        "procedure.procedure_name", "procedure.breathing_support_type", "medication.medication_name",
        "observation.observation_name", "observation.observation_answer",
        "measurement.test_name", "measurement.test_method", "measurement.test_result_text",
    } | {row["target"] for row in rows if row["target"].endswith("_")}  # fmt: skip
