"""The pages that the command makes, all of the invented study of `harmonize demo`."""

from __future__ import annotations

import shutil
from pathlib import Path

from harmonize.cli.main import main

MAPPING = "covid_19_ny_sbu"


def make_pages(out: Path) -> dict[str, Path]:
    """Makes the pages in a folder; gives them by their names."""
    study = out / "study"
    pages = {
        name: out / f"{name}.html"
        for name in ("demo", "validation", "link", "matrix", "profile", "quality", "card", "columns", "sequestration")
    }
    store = out / "linked.duckdb"
    clinical = str(study / "data" / "clinical.csv")
    validate = ["validate", clinical, "--source", "ehr", "--mapping", MAPPING, "--format", "html"]
    _run(["demo", "--out", str(study)])
    shutil.copy(study / "report.html", pages["demo"])
    shutil.copy(study / "demo.duckdb", store)
    _run([*validate, "-o", str(pages["validation"])], 1)
    _run(["link", "--db", str(store), "--no-backup", "--format", "html", "-o", str(pages["link"])])
    _run(["mapping", "matrix", "--format", "html", "-o", str(pages["matrix"])])
    quality = ["quality", "--db", str(store), "--format", "html"]
    _run([*quality, "-o", str(pages["quality"])], 1)
    _run([*quality, "--site", "DEMO-INVENTED-STUDY", "-o", str(pages["card"])], 1)
    _run(["profile", str(study / "data"), "--format", "html", "-o", str(pages["profile"])])
    harbor = ["--profile", "safe_harbor", "--report", str(pages["columns"])]
    store = Path(shutil.copy(store, out / "store.duckdb"))  # DuckDB takes a file called linked for the schema
    _run(["publish", "--db", str(store), "--to", str(out / "published.duckdb"), *harbor])
    _run(["sequester", "assign", "--project", "DEMO-INVENTED-STUDY", "--db", str(store)])
    _run(["sequester", "show", "--format", "html", "-o", str(pages["sequestration"]), "--db", str(store)])
    return pages


def _run(command: list[str], code: int = 0) -> None:
    found = main(command)
    if found != code:
        raise SystemExit(f"harmonize {' '.join(command)} ended with {found}, and not with {code}.")
