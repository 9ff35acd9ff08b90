"""Known faults, planted one at a time into what the random tests test: `make fuzz-canaries` sees each of them found.

A target that no longer finds its canary has lost its sight: its generator was made smaller, or it compares less.
A fault is planted in memory, in the process that runs the target (HARMONIZE_CANARY names it, conftest.py plants it).
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from typing import Any

import fhir_canaries
import pytest
from canary import CANARIES, TESTS, canary, change_sql

__all__ = ["CANARIES", "TESTS", "fhir_canaries"]


@canary("export/test_permutation.py::test_back_with_the_key_and_exact_in_a_double")
def a_published_id_does_not_lead_back(patch: pytest.MonkeyPatch) -> None:
    """An even id is published as one that leads back to its neighbour."""
    from harmonize.export import permutation

    encrypt = permutation.encrypt
    patch.setattr(permutation, "encrypt", lambda rounds, block: encrypt(rounds, block | 1))


@canary("export/test_permutation.py::test_no_two_rows_meet")
def two_rows_are_published_under_one_id(patch: pytest.MonkeyPatch) -> None:
    """Rows whose ids differ in the last eight bits are published under one id."""
    from harmonize.export import permutation

    encrypt = permutation.encrypt
    patch.setattr(permutation, "encrypt", lambda rounds, block: encrypt(rounds, block >> 8))


DIFFERENTIAL = "mapping/compiler/test_differential.py"


@canary(f"{DIFFERENTIAL}::test_operators")
def null_in_an_empty_list(patch: pytest.MonkeyPatch) -> None:
    """NULL in an empty list is false and not NULL."""
    from harmonize.mapping.compiler.expression import Compiler

    compiled = Compiler._membership

    def unguarded(self: Compiler, *args: Any) -> Any:
        made = compiled(self, *args)
        text = made.text.partition(" THEN ")[2].removesuffix(" END") if made.text.startswith("CASE") else made.text
        return replace(made, text=text)

    patch.setattr(Compiler, "_membership", unguarded)


@canary(f"{DIFFERENTIAL}::test_operators")
def unequal_to_null(patch: pytest.MonkeyPatch) -> None:
    """`!=` gives NULL where one side is NULL."""
    from harmonize.mapping.compiler.expression import Compiler

    compiled = Compiler._compare

    def plain(self: Compiler, node: Any) -> Any:
        made = compiled(self, node)
        return replace(made, text=made.text.replace("IS DISTINCT FROM", "<>"))

    patch.setattr(Compiler, "_compare", plain)


@canary(f"{DIFFERENTIAL}::test_functions")
def half_up(patch: pytest.MonkeyPatch) -> None:
    """A half is rounded away from zero and not to the even neighbour."""
    change_sql(patch, "functions", "THEN 2e0 * round(x / 2e0)", "THEN round(x)")


@canary(f"{DIFFERENTIAL}::test_functions")
def only_the_first_date_format(patch: pytest.MonkeyPatch) -> None:
    """Of two formats of a date the second is not tried."""
    change_sql(patch, "functions", "(x, f, g) AS CAST(coalesce(time_as(x, f), time_as(x, g)) AS DATE)",
               "(x, f, g) AS CAST(time_as(x, f) AS DATE)")  # fmt: skip


@canary(f"{DIFFERENTIAL}::test_functions")
def one_blank_is_not_stripped(patch: pytest.MonkeyPatch) -> None:
    """strip() leaves the em space."""
    change_sql(patch, "functions", "8194, 8195, 8196", "8194, 8196")


@canary(f"{DIFFERENTIAL}::test_functions")
def capital_of_sharp_s(patch: pytest.MonkeyPatch) -> None:
    """One letter has another capital in the two engines."""
    from harmonize.mapping.compiler import bodies

    upper = bodies._upper_character
    patch.setattr(bodies, "_upper_character", lambda char: "SS" if char == "ß" else upper(char))


@canary(f"{DIFFERENTIAL}::test_combinations")
def a_branch_that_is_not_taken_fails(patch: pytest.MonkeyPatch) -> None:
    """A row is in error for a branch that its condition does not take."""
    patch.setattr("harmonize.mapping.compiler.expression._guarded", lambda _condition, fails: fails)


@canary("mapping/compiler/test_features.py::test_features")
def a_list_keeps_its_nulls(patch: pytest.MonkeyPatch) -> None:
    """The hub's lists hold NULL."""
    change_sql(patch, "functions", "-- A list without its NULLs", "-- A list")
    change_sql(
        patch, "functions", "       THEN list_filter(x, lambda member: member IS NOT NULL) END;", "       THEN x END;"
    )


@canary("mapping/compiler/test_objects.py::test_objects")
def objects_of_rows_that_are_not_there(patch: pytest.MonkeyPatch) -> None:
    """A list of objects has one, of blanks, for a joined row that does not exist."""
    from harmonize.mapping.compiler import objects

    made = objects._list
    patch.setattr(objects, "_list", lambda items: made([(None, item) for _, item in items]))


@canary("mapping/views/test_shipped_views.py::test_no_resource_stops_a_view")
def a_view_stops_at_a_wrong_value(patch: pytest.MonkeyPatch) -> None:
    """A negative number stops the whole view."""
    change_sql(patch, "views/functions", "THEN TRY_CAST(x AS DOUBLE) END",
               "THEN CASE WHEN x LIKE '-%' THEN error(x) ELSE TRY_CAST(x AS DOUBLE) END END")  # fmt: skip


@canary("intake/table/test_stage.py::test_every_record_is_found_with_its_line_and_cells")
def the_last_line_without_an_end(patch: pytest.MonkeyPatch) -> None:
    """The last line of a table is lost where no line end follows it."""
    from harmonize.intake.table import delimited

    stage = delimited.stage_text

    def shortened(target: Any) -> None:
        stage(target)
        if not target.file.path.read_bytes().endswith(b"\n"):
            last = f"SELECT max(line_) FROM {target.table}"
            target.con.execute(f"DELETE FROM {target.table} WHERE line_ = ({last})")

    patch.setattr(delimited, "stage_text", shortened)


@canary("intake/table/test_stage.py::test_every_record_is_found_with_its_line_and_cells")
def blanks_around_a_cell(patch: pytest.MonkeyPatch) -> None:
    """Blanks at the beginning of a cell go."""
    from harmonize.intake.table import delimited

    stage = delimited.stage_text

    def trimmed(target: Any) -> None:
        stage(target)
        for name in (target.names[i] for i in target.kept):
            target.con.execute(f'UPDATE {target.table} SET "{name}" = trim("{name}") WHERE "{name}" LIKE \' %\'')

    patch.setattr(delimited, "stage_text", trimmed)


@canary("validation/privacy/test_privacy.py::test_no_pattern_matches_a_plain_key")
def a_plain_key_is_private(patch: pytest.MonkeyPatch) -> None:
    """Any nine digits are a social security number."""
    from harmonize.validation.privacy import texts as privacy

    pattern = privacy.pattern_of
    patch.setattr(privacy, "pattern_of", lambda rule: pattern(rule) + ("|^[0-9]{9}$" if rule.rule == "phi_ssn" else ""))


@canary("validation/privacy/test_privacy.py::test_a_number_is_found_however_it_is_written")
def one_separator_of_telephone_numbers(patch: pytest.MonkeyPatch) -> None:
    """A telephone number written with full stops is not seen."""
    from harmonize.validation.privacy import texts as privacy

    pattern = privacy.pattern_of
    patch.setattr(
        privacy, "pattern_of", lambda rule: pattern(rule).replace("[2-9][0-9]{2}\\.[2-9][0-9]{2}\\.", "never")
    )


@canary("validation/test_fuzz.py::test_any_table")
def a_formula_in_the_report(patch: pytest.MonkeyPatch) -> None:
    """A cell that begins with @ is written as it is into a report for a spreadsheet."""
    change_sql(patch, "validation/cell_text", "61, 43, 45, 64,", "61, 43, 45,")


@canary("validation/test_fuzz.py::test_any_cells_of_a_node")
def a_formula_of_a_node(patch: pytest.MonkeyPatch) -> None:
    """A report for a spreadsheet has a cell that begins with =."""
    change_sql(patch, "validation/cell_text", "(61, 43,", "(43,")


@canary("pipeline/test_foreseen.py::test_what_is_promised_is_what_the_ledger_says")
def an_orphan_is_promised(patch: pytest.MonkeyPatch) -> None:
    """Validate does not see that a record without a patient is quarantined."""
    change_sql(patch, "foresee/doubtful", "AND i.state IS NULL", "AND false")


@canary("pipeline/test_eras.py::test_eras_are_what_the_rule_says")
def eras_last_longer(patch: pytest.MonkeyPatch) -> None:
    """The thirty-first day after an event begins no new era."""
    change_sql(patch, "steps/eras/era_member", "<= 30", "<= 31")


@canary("pipeline/test_eras.py::test_ingredients_are_those_that_can_be_reached")
def ways_lead_back(patch: pytest.MonkeyPatch) -> None:
    """A drug has the ingredients of those that contain it."""
    change_sql(patch, "steps/reference/ingredient_way", "('Contains')", "('Contains'), ('RxNorm ing of')")


def plant(name: str) -> None:
    """Plant a fault for the rest of this process."""
    CANARIES[name].plant(pytest.MonkeyPatch())


def found(name: str, seconds: float) -> tuple[bool, float, str]:
    """(whether the target finds the fault, after how many seconds, what it said)."""
    environment = os.environ | {"HARMONIZE_EXAMPLES": "fuzz", "HARMONIZE_CANARY": name, "FUZZ_SECONDS": f"{seconds:g}"}
    target = str(TESTS / CANARIES[name].target)
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-n0", target]
    began = time.monotonic()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=TESTS.parent)
    return done.returncode == 1, time.monotonic() - began, done.stdout + done.stderr


def main(names: list[str]) -> int:
    """Try every canary, or those that are named; 1 where one was not found."""
    seconds = float(os.environ.get("CANARY_SECONDS") or 120)
    missed = 0
    for name in names or CANARIES:
        alive, took, said = found(name, seconds)
        print(f"{'found' if alive else 'MISSED':7} {took:6.0f} s  {name}: {CANARIES[name].what}", flush=True)
        if not alive:
            missed += 1
            print(said, file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
