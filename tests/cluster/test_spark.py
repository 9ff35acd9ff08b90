"""The tasks of a dataset on Apache Spark; skipped where pyspark or Java 17 is missing."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from one_and_many import contents, differences
from shared_export import PROJECT, delivery

from harmonize.cluster.load import load_into
from harmonize.pipeline.load import load
from harmonize.pipeline.stores import open_current

pytest.importorskip("pyspark", reason="pyspark is not installed: pip install 'midrc-harmonize[spark]'")
pytestmark = pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java 17, which is not installed")


def test_spark_gives_what_one_store_has_and_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pyspark.sql import SparkSession

    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)  # a session that is there already has its Python

    paths = delivery(tmp_path / "in", 0, 3)
    with open_current(tmp_path / "one.duckdb", create=True) as store:
        load(store, [paths], source="fhir", project=PROJECT)
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate()
    )
    try:
        out = tmp_path / "out"
        load_into(out, [paths], engine="spark", source="fhir", project=PROJECT, shards=2)
        assert differences(contents(tmp_path / "one.duckdb"), contents(out)) == {}
        for table in ("person", "measurement", "row_id", "record"):
            schema = "harmonize" if table in ("row_id", "record") else "omop"
            session.read.parquet(str(out / "tables" / f"{schema}.{table}")).createOrReplaceTempView(table)
        (row,) = session.sql(
            "SELECT count(*) AS rows, count(DISTINCT person_id) AS people "
            "FROM measurement JOIN person USING (person_id)"
        ).collect()
        keys = session.sql("SELECT count(DISTINCT row_key) AS keys FROM row_id WHERE omop_table = 'person'").first()
    finally:
        session.stop()
    with open_current(tmp_path / "one.duckdb", read_only=True) as store:
        one = store.con.execute("SELECT count(*), count(DISTINCT person_id) FROM omop.measurement").fetchone()
    assert (row.rows, row.people) == one
    assert keys is not None
    assert keys.asDict()["keys"] == 3
