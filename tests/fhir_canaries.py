"""Known faults in reading and judging FHIR, see tests/canaries.py."""

from __future__ import annotations

from typing import Any

import pytest
from canary import canary, change_sql


@canary("validation/fhir/test_fhir_fuzz.py::test_strange_exports")
def a_short_broken_line(patch: pytest.MonkeyPatch) -> None:
    """A line that is no JSON and shorter than three characters stops the validation."""
    from harmonize.validation.fhir import screening as fhir_screening

    told = fhir_screening.where_broken
    patch.setattr(fhir_screening, "where_broken", lambda text: told(text) if text[2] else "")


@canary("validation/fhir/test_fhir_fuzz.py::test_any_bytes")
def an_empty_archive(patch: pytest.MonkeyPatch) -> None:
    """What is named like an archive and is none stops the validation."""
    from harmonize.intake import discover

    patch.setattr(discover, "InputError", RuntimeError)


@canary("validation/fhir/test_fhir_shapes.py::test_every_resource_is_under_its_own_paths")
def lists_have_no_shape(patch: pytest.MonkeyPatch) -> None:
    """Resources that differ in an element within a list are taken for alike."""
    from harmonize.validation.fhir import shapes as fhir_shapes

    fingerprint = fhir_shapes._fingerprint
    patch.setattr(
        fhir_shapes,
        "_fingerprint",
        lambda element: fingerprint({k: v[:1] if isinstance(v, list) else v for k, v in element.items()}),
    )


@canary("validation/fhir/test_fhir_places.py::test_places_are_those_of_a_walk")
def the_next_item(patch: pytest.MonkeyPatch) -> None:
    """A text in a list is looked for one item further."""
    from harmonize.validation.fhir import reads

    patch.setattr(reads, "_item", lambda value, path: f"{{'v': {value}, 'p': {path} || '[' || i || ']'}}")


@canary("validation/fhir/test_fhir_differential.py::test_any_damage")
def a_value_for_a_list(patch: pytest.MonkeyPatch) -> None:
    """The screen takes a single value where FHIR has a list."""
    from harmonize.validation.fhir import screen as fhir_screen

    problems = fhir_screen.problems
    patch.setattr(
        fhir_screen,
        "problems",
        lambda resource, name: (p for p in problems(resource, name) if p.expected != "a list"),
    )


@canary("pipeline/sources/test_fhir_promises.py::test_damaged_resources")
def unknown_elements_are_loaded(patch: pytest.MonkeyPatch) -> None:
    """An element that FHIR does not have is loaded all the same."""
    from harmonize.validation.fhir import privacy as fhir_privacy

    patch.setattr(fhir_privacy, "_REFUSED", tuple(r for r in fhir_privacy._REFUSED if r != "fhir_unknown_element"))


@canary("pipeline/sources/test_fhir_promises.py::test_damaged_resources")
def undated_resources_are_promised(patch: pytest.MonkeyPatch) -> None:
    """Validate does not see that a resource which nothing dates is quarantined."""
    from harmonize.pipeline.foresee_rows import Mapped

    patch.setattr(Mapped, "_asks_date", lambda self, entry: False)


@canary("pipeline/sources/test_fhir_load.py::test_garbage_is_accounted_for")
def broken_lines_are_lost(patch: pytest.MonkeyPatch) -> None:
    """A line that cannot be read is left out and counted nowhere."""
    from harmonize.intake.fhir import stage as fhir

    stage = fhir.stage_ndjson

    def lossy(con: Any, *args: Any) -> Any:
        found = stage(con, *args)
        con.execute("DELETE FROM fhir_staging.resource WHERE problem = 'broken_json'")
        return found

    patch.setattr(fhir, "stage_ndjson", lossy)


PROPERTIES = "pipeline/sources/test_fhir_properties.py"


@canary(f"{PROPERTIES}::test_order_of_lines_and_files_means_nothing")
def the_last_line_wins(patch: pytest.MonkeyPatch) -> None:
    """Of several versions of a resource the one that comes last is meant, whatever they say."""
    said = "TRY_CAST(if(i.is_delete, d.updated, json_extract_string(r.json, '$.meta.lastUpdated')) AS TIMESTAMPTZ)"
    change_sql(patch, "fhir/newer_version", said, "make_timestamp(i.record_id)::TIMESTAMPTZ")


@canary("mapping/views/test_pruned_views.py::test_strange_exports_give_the_same_rows")
def a_list_of_several_is_read_as_one(patch: pytest.MonkeyPatch) -> None:
    """Of a list of which some resource has several, a pruned view reads the first."""
    from harmonize.mapping.views.shape import Shape

    patch.setattr(Shape, "has_one", lambda shape, _name: shape.present is not None)


@canary("validation/fhir/test_outlines.py::test_what_looks_like_another_is_judged_by_itself")
def an_outline_leaves_out_names(patch: pytest.MonkeyPatch) -> None:
    """An outline leaves out the digits of names, too."""
    from harmonize.validation.fhir.outlines import Outlines

    outline = Outlines.of
    digits = {ord(digit): None for digit in "0123456789"}
    patch.setattr(Outlines, "of", lambda outlines, text: outline(outlines, text).translate(digits))


@canary("validation/fhir/test_outlines.py::test_strange_exports_are_judged_the_same")
def what_is_true_of_one_resource_is_true_of_all(patch: pytest.MonkeyPatch) -> None:
    """Resources whose names have the same letters are taken for alike."""
    from harmonize.validation.fhir.outlines import Outlines

    patch.setattr(Outlines, "of", lambda _outlines, text: "".join(sorted(set(text) & set("abcdefghijklm"))) + '"')


@canary(f"{PROPERTIES}::test_withdrawing_a_delivery_leaves_the_store_as_it_was")
def a_withdrawal_restores_nothing(patch: pytest.MonkeyPatch) -> None:
    """What a withdrawn delivery had replaced does not come back."""
    patch.setattr("harmonize.pipeline.acts.withdraw._restore", lambda _con, _submission: 0)


@canary(f"{PROPERTIES}::test_every_record_ends_once_and_a_second_load_changes_nothing")
def a_second_load_is_new(patch: pytest.MonkeyPatch) -> None:
    """One record in seven that comes again is taken for a changed one."""
    change_sql(patch, "steps/records/incoming.unchanged", "r.content_hash = incoming.content_hash",
               "r.content_hash = incoming.content_hash AND incoming.line % 7 <> 3")  # fmt: skip


@canary(f"{PROPERTIES}::test_the_form_of_an_export_means_nothing")
def the_first_entry_of_a_bundle(patch: pytest.MonkeyPatch) -> None:
    """A document of many resources loses the first of them."""
    from harmonize.intake.fhir import stage as fhir

    stage = fhir.stage_documents

    def lossy(con: Any, *args: Any) -> Any:
        found = list(stage(con, *args))
        con.execute("DELETE FROM fhir_staging.resource WHERE position = (SELECT min(position) FROM "
                    "fhir_staging.resource HAVING count(*) > 1)")  # fmt: skip
        return found

    patch.setattr(fhir, "stage_documents", lossy)


@canary("intake/fhir/test_fhir_content.py::test_a_number_that_is_not_flagged_is_printed_as_it_is_written")
def a_number_is_what_is_printed(patch: pytest.MonkeyPatch) -> None:
    """A number that a parse prints otherwise counts as one that it keeps."""
    change_sql(patch, "fhir/tables", "TRY(json(n)::VARCHAR) IS DISTINCT FROM n", "TRY(json(n)::VARCHAR) IS NULL")


@canary("intake/fhir/test_fhir_content.py::test_numbers_are_kept_through_a_parse")
def a_number_loses_its_last_digit(patch: pytest.MonkeyPatch) -> None:
    """A number that was hidden from a parse comes back without its last digit."""
    change_sql(patch, "fhir/tables", """ || '([^"]*)"', '\\1', 'g')""", """ || '([^"]*)[^"]"', '\\1', 'g')""")
