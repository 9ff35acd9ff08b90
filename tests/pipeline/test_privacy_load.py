"""What may tell who a patient is does not come into the store: not as a value, in a finding, or as a file's name."""

from __future__ import annotations

import copy
from pathlib import Path

from gen3_batch import BATCH_ROWS, PROJECT, Rows, write_batch

from harmonize.engine.store import Store
from harmonize.pipeline.load import load

SECRET = "617-495-1000"


def _everything(store: Store) -> str:
    """All rows of all tables as one text."""
    tables = store.con.execute(
        "SELECT table_schema, table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE'"
    ).fetchall()
    return "\n".join(str(store.con.execute(f'FROM "{schema}"."{name}"').fetchall()) for schema, name in tables)


def _with(node: str, column: str, value: str) -> Rows:
    rows = copy.deepcopy(BATCH_ROWS)
    rows[node][0][column] = value
    return rows


def test_a_cell_that_identifies_somebody_is_not_taken_over(new_store: Store, tmp_path: Path) -> None:
    batch = write_batch(tmp_path / "batch", _with("observation", "observation_answer", f"smokes, call {SECRET}"))
    result = load(new_store, [batch], source="gen3", project=PROJECT)
    assert result.cells_quarantined == 1
    assert result.states["quarantined"] == 0, "the rest of the record is loaded"
    assert SECRET not in _everything(new_store)
    assert new_store.con.execute(
        "SELECT f.value FROM harmonize.finding f JOIN harmonize.rule USING (rule_id) WHERE rule = 'phi_phone'"
    ).fetchall() == [("***",)]


def test_a_key_that_identifies_somebody_is_not_kept(new_store: Store, tmp_path: Path) -> None:
    batch = write_batch(tmp_path / "batch", _with("observation", "submitter_id", f"John Smith {SECRET}"))
    result = load(new_store, [batch], source="gen3", project=PROJECT)
    assert result.states["quarantined"] == 1
    told = _everything(new_store)
    assert SECRET not in told
    assert "Smith" not in told


def test_a_date_in_a_text_is_loaded_and_its_finding_hides_it(new_store: Store, tmp_path: Path) -> None:
    batch = write_batch(tmp_path / "batch", _with("observation", "observation_answer", "since 2020-03-04"))
    result = load(new_store, [batch], source="gen3", project=PROJECT)
    assert (result.cells_quarantined, result.findings["errors"]) == (0, 0)
    assert "2020-03-04" not in str(new_store.con.execute("FROM harmonize.finding").fetchall())


def test_names_of_files_are_stored_without_what_they_tell(new_store: Store, tmp_path: Path) -> None:
    batch = write_batch(tmp_path / "batch", BATCH_ROWS)
    (batch / "visit_RSNA_20230303.tsv").rename(batch / "visit_of_John_Smith.tsv")
    load(new_store, [batch], source="gen3", project=PROJECT)
    told = _everything(new_store)
    assert "Smith" not in told
    assert "phi_file_name" in told
