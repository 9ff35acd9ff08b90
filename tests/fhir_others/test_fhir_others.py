"""Sets of other makers (sets.yaml): each loads in balance, OMOP holds what an independent reading of the files finds,
and `validate` has no error but those that exceptions.tsv lists.

They are installed by `python tests/fhir_others/install.py`; without them these tests are skipped.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from comparison import compare
from install import folder, sets
from others_page import files_of
from stores import copied

from harmonize.engine.store import Store
from harmonize.pipeline.foresee import foresee
from harmonize.pipeline.load import load
from harmonize.validation.validate import validate

pytestmark = pytest.mark.others
NAMES = [one.name for one in sets()]
HERE = Path(__file__).parent


def _installed(name: str) -> list[Path]:
    files = files_of(name)
    if not files:
        pytest.skip(f"the set {name} is not in {folder()}: python tests/fhir_others/install.py {name}")
    return files


@pytest.fixture(scope="module", params=NAMES)
def loaded(
    request: pytest.FixtureRequest, empty_store: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[list[Path], Store]]:
    files = _installed(request.param)
    with copied(empty_store, tmp_path_factory.mktemp(request.param), planned=True) as store:
        load(store, [folder() / request.param], source="fhir", project="Others")
        yield files, store


def test_every_record_has_an_end(loaded: tuple[list[Path], Store]) -> None:
    """Both laws of the ledger: a file's records, and a column's, are the sum of their states."""
    _, store = loaded
    sums = store.con.execute("SELECT sum(records) FROM harmonize.source_file").fetchone()
    told = store.con.execute("SELECT count(*) FROM harmonize.ledger").fetchone()
    assert sums is not None
    assert sums == told
    assert sums[0] > 0
    unequal = store.con.execute(
        "SELECT count(*) FROM harmonize.ledger_column"
        " WHERE records <> empty + loaded + context + excluded + quarantined"
    ).fetchone()
    assert unequal == (0,)


def test_omop_holds_what_the_files_say(loaded: tuple[list[Path], Store]) -> None:
    files, store = loaded
    found = compare(store.con, files)
    assert found.differences == []
    assert found.plain == found.omop
    assert found.plain.persons > 0


def _listed() -> dict[str, Counter[tuple[str, str]]]:
    """Set → (rule, element) of its errors, each once."""
    with (HERE / "exceptions.tsv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    assert rows
    assert all(row["breaks"].startswith(("https://hl7.org/fhir/R4/", "45 CFR 164.514", "plausibility")) for row in rows)
    found: dict[str, Counter[tuple[str, str]]] = {name: Counter() for name in NAMES}
    for row in rows:
        found[row["set"]][row["rule"], row["element"]] += 1
    return found


@pytest.mark.parametrize("name", NAMES)
def test_valid_examples_have_no_error_but_those_listed(name: str) -> None:
    _installed(name)
    with validate([folder() / name], source="fhir", foresee=foresee) as result:  # as the command does
        out = io.BytesIO()
        result.write(out, format="jsonl")
    findings = [orjson.loads(line) for line in out.getvalue().splitlines()[:-1]]
    errors = {(one["rule"], one["column"] or "") for one in findings if one["severity"] == "error"}
    assert Counter(errors) == _listed()[name]
