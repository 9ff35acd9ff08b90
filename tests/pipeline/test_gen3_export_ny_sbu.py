"""Gen3 export of the hub of COVID-19-NY-SBU: every hub row is exported or listed, once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from counted import Clinical, series_of
from same_database import PROJECT

from harmonize.engine.store import Store, open_store
from harmonize.export.gen3 import export_gen3
from harmonize.pipeline.hub import hub_tables


def count(store: Store, table: str) -> int:
    ((found,),) = store.con.execute(f"SELECT count(*) FROM {table}").fetchall()
    return int(found)


@pytest.mark.realdata
def test_exported_and_lost_rows_add_up(
    ny_sbu: Path, copy_of: Callable[[Path], Path], tmp_path: Path, shared: Path
) -> None:
    sent = Clinical(shared / "ehr_covid_19_ny_sbu" / "clinical.csv")
    series = series_of(shared / "imaging" / "idc_covid_series.parquet", "covid_19_ny_sbu")
    with open_store(copy_of(ny_sbu), read_only=True) as store:
        result = export_gen3(store, tmp_path / "out", project=PROJECT, dataset="SBU_20260101")
        rows = [count(store, f'midrc."{table}"') for table in hub_tables(store.con)]
        lost = dict(
            store.con.execute(
                "SELECT node || ' ' || reason || ' ' || coalesce(property, ''), count(*) FROM gen3_loss GROUP BY 1"
            ).fetchall()
        )
        absent = count(store, "midrc.condition WHERE assertion = 'absent'")
    assert sum(rows) == sum(result.files.values()) + sum(result.lost.values())
    assert result.files[f"case_{PROJECT}.tsv"] == len(sent.rows)
    assert lost["condition not_affirmed assertion"] == absent > 0
    # the index of images knows no files of MIDRC's store
    assert not [name for name in result.files if "_series_file" in name]
    nodes = ("imaging_series", "cr_", "ct_", "dx_", "mr_", "nm_", "pt_")
    assert sum(n for key, n in lost.items() if key.startswith(nodes)) == len(series)
