"""The findings on the shared real files are those of a golden file: new false alarms and lost findings show here."""

from __future__ import annotations

from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest
import yaml

from harmonize.validation.validate import validate

GOLDEN = yaml.safe_load((Path(__file__).parent / "data" / "real_findings.yaml").read_text(encoding="utf-8"))


@pytest.mark.realdata
@pytest.mark.parametrize("name", GOLDEN)
def test_findings_on_a_real_file(shared: Path, name: str) -> None:
    golden = GOLDEN[name]
    with validate([shared / name], source=golden["source"], mapping=golden.get("mapping")) as result:
        summary = result.write(BytesIO(), format="json")
        found = result.con.execute(
            "SELECT rule || ' ' || coalesce(header, '') FROM harmonize.finding JOIN harmonize.rule USING (rule_id) "
            "LEFT JOIN harmonize.file_column USING (file_id, column_id)"
        ).fetchall()
    assert summary.records == golden["records"]
    assert Counter(kind for (kind,) in found) == golden["findings"]
