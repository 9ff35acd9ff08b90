"""Gen3 → hub → Gen3: 300 invented cases come out as they went in, byte for byte but for the order of lines and columns;
what does not come out is listed."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from gen3_batch import BATCH_ROWS, PROJECT, write_batch
from gen3_cases import GIVEN, Rows, cases_batch

import harmonize
from harmonize.export.gen3 import TABLES
from harmonize.export.gen3_exceptions import KINDS
from harmonize.schema.load import load_schema

CASES = 300
SERIES = "_series_file"
LOINC = ("loinc_code", "loinc_long_common_name", "loinc_method", "loinc_system")


@pytest.fixture(scope="module")
def batch() -> Rows:
    return cases_batch(CASES)


@pytest.fixture(scope="module")
def there_and_back(batch: Rows, empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the batch as it was sent and as it was exported."""
    folder = tmp_path_factory.mktemp("round")
    write_batch(folder / "sent", batch)
    with harmonize.open(shutil.copy(empty_store, folder / "store.duckdb")) as db:
        db.load(folder / "sent", source="gen3", project=PROJECT)
        db.export.gen3(folder / "exported", as_sent=True)
    return folder


def _canonical(path: Path) -> bytes:
    """A TSV with its columns and lines in order, without columns that have no value."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    names = sorted({name for row in rows for name, cell in row.items() if cell})
    lines = sorted("\t".join(row.get(name) or "" for name in names) for row in rows)
    return "\n".join(["\t".join(names), *lines]).encode()


def test_the_batch_says_everything_that_the_hub_holds(batch: Rows) -> None:
    """A property that the batch never fills would be lost unseen."""
    asked = set()
    for cls in load_schema("gen3").classes.values():
        node = cls.annotations.get("gen3_node", "")
        if node in TABLES or node.endswith(SERIES):
            asked |= {
                (node, name) for name, slot in cls.slots.items()
                if name not in GIVEN | {"project_id", "token_record_id"} and "link" not in slot.annotations
            }  # fmt: skip
    filled = {(node, name) for node, records in batch.items() for record in records for name in record}
    assert asked - filled == set()
    assert len({node for node, _ in asked}) == 19


def test_what_was_sent_comes_out(batch: Rows, there_and_back: Path) -> None:
    for node in batch:
        (sent,) = (there_and_back / "sent").glob(f"{node}_*.tsv")
        assert _canonical(there_and_back / "exported" / f"{node}_{PROJECT}.tsv") == _canonical(sent), node
    names = {path.name for path in (there_and_back / "exported").iterdir()}
    assert names == {f"{node}_{PROJECT}.tsv" for node in batch} | {"export_loss.tsv", "export_exceptions.tsv"}
    listed = (there_and_back / "exported" / "export_exceptions.tsv").read_text(encoding="utf-8").splitlines()
    assert listed == ["project_id\tnode\tsubmitter_id\tproperty\tkind\treason\tcells"]


@pytest.mark.parametrize("folder", ["sent", "exported"])
def test_our_validator_finds_nothing(there_and_back: Path, folder: str) -> None:
    checked = harmonize.validate(there_and_back / folder, source="gen3")
    assert (checked.exit_code, checked.findings) == (0, [])
    assert sum(file["records"] for file in checked.files) == 10 * CASES


def test_exceptions_are_listed(empty_store: Path, tmp_path: Path) -> None:
    """An age over the bound, a telephone number, a property that Gen3 gives, nodes that are of no clinical kind."""
    rows: Rows = {node: [dict(record) for record in records] for node, records in BATCH_ROWS.items()}
    rows["case"][0] |= {"age_at_index": "93.0", "state": "validated"}
    rows["visit"][0]["discharge_type"] = "call 410-555-0199"
    rows["supplementary_file"] = [
        {"type": "supplementary_file", "submitter_id": "S1", "file_name": "s.zip", "file_size": "10",
         "md5sum": "0123456789abcdef0123456789abcdef", "data_type": "Other", "data_category": "Other",
         "data_format": "ZIP", "datasets.submitter_id": "RSNA_20230303"},
    ]  # fmt: skip
    with harmonize.open(shutil.copy(empty_store, tmp_path / "store.duckdb")) as db:
        db.load(write_batch(tmp_path / "sent", rows), source="gen3", project=PROJECT)
        result = db.export.gen3(tmp_path / "out")
    with (tmp_path / "out" / "export_exceptions.tsv").open(encoding="utf-8", newline="") as stream:
        listed = [tuple(row.values()) for row in csv.DictReader(stream, delimiter="\t")]
    assert listed == [
        (PROJECT, "case", "419639-000001", "age_at_index", "kept_out", "maximum", ""),
        (PROJECT, "case", "", "state", "column", "given by Gen3", "1"),
        (PROJECT, "dataset", "RSNA_20230303", "", "excluded", "administrative_node", ""),
        (PROJECT, "imaging_study", "1.2.2", "days_from_study_to_neg_covid_test", "filled", "computed", ""),
        *((PROJECT, "imaging_study", "1.2.2", name, "filled", "parser", "") for name in LOINC),
        (PROJECT, "supplementary_file", "S1", "", "excluded", "node_without_hub_class", ""),
        (PROJECT, "visit", "V1", "discharge_type", "kept_out", "phi_phone", ""),
    ]
    assert {kind for _, _, kind in result.exceptions} <= set(KINDS)
    assert sum(result.exceptions.values()) == len(listed)
