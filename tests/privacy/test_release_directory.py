"""The planted study as a release: no token is in any file of the directory, whatever its form, nor in what is said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
from deliveries import SOURCES
from outputs import command, leaks, tables

import harmonize

FORMS = ("duckdb", "duckdb1", "ohdsi", "parquet", "csv")


def _files(place: Path) -> Iterator[tuple[str, str]]:
    """Every file as bytes, and as tables where its form hides them: a database and Parquet are compressed."""
    for path in sorted(place.rglob("*")):
        if not path.is_file():
            continue
        name = str(path.relative_to(place))
        yield f"bytes of {name}", path.read_bytes().decode("latin-1")
        if path.suffix == ".duckdb":
            yield f"tables of {name}", tables(path, ())
        elif path.suffix == ".parquet":
            with duckdb.connect() as con:
                yield f"rows of {name}", str(con.execute("FROM read_parquet(?)", [str(path)]).fetchall())


def test_no_token_is_in_a_release(tmp_path: Path) -> None:
    delivery = SOURCES["ehr"](tmp_path / "in", full=False)
    store, rules = tmp_path / "store.duckdb", tmp_path / "rules.yaml"
    rules.write_text("k: 1\n", encoding="utf-8")
    db = ("--db", str(store))
    command("project", "set", "P", "--time", "as_is", *db)
    command("project", "rules", "P", "--file", str(rules), *db)
    mapping = ("--mapping", delivery.mapping) if delivery.mapping else ()
    said = command("load", str(delivery.folder), "--source", delivery.source, *mapping, "--project", "P", *db)
    with harmonize.open(store) as opened:
        for one in opened.submission.show(1)["open"]:
            opened.submission.waive(1, one["rule"], who="Ada", why="looked at")
    forms = [word for form in FORMS for word in ("--for", form)]
    asked = ("release", "build", "--project", "P", "--version", "1", "--profile", "safe_harbor")
    said += command(*asked, *forms, "--to", str(tmp_path / "out"), *db)
    place = tmp_path / "out" / "P-1"
    written = list(_files(place))
    about = json.loads((place / "release.json").read_bytes())
    assert set(about["forms"]) == set(FORMS), said
    assert about["records"]["omop.person"] > 0
    assert {"open"} < {path.name for path in place.iterdir()}
    assert sum(name.startswith("rows of") for name, _ in written) > 30
    log = command("audit", "show", "--json", *db)
    assert leaks(iter([*written, ("said", said), ("log", log)]), delivery.needles) == {}
