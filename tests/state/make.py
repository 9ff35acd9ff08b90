"""Write the expected files of tests/state anew: python tests/state/make.py [SCENE ...].

A change that is meant is then seen, row by row, in the diff of tests/state/expected, which is to be reviewed.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "pipeline"), str(HERE.parent.parent)]

from scenes import EXPECTED, SCENES  # noqa: E402

from harmonize.engine.store import open_store  # noqa: E402
from harmonize.pipeline.store_schema import create  # noqa: E402

LARGEST = 300_000


def main(*scenes: str) -> None:
    """Write the files of these scenes, or of all; files that are no longer made go."""
    for scene in scenes or SCENES:
        with tempfile.TemporaryDirectory() as name:
            empty = Path(name) / "empty.duckdb"
            open_store(empty, create=True, initialise=create).close()
            (Path(name) / "work").mkdir()
            texts = SCENES[scene](empty, Path(name) / "work")
        folder = EXPECTED / scene
        folder.mkdir(parents=True, exist_ok=True)
        for file in folder.glob("*.tsv"):
            file.unlink()
        for table, text in texts.items():
            if len(text) > LARGEST:
                sys.exit(f"{table} has {len(text):,} characters; {LARGEST:,} are the most.")
            (folder / f"{table}.tsv").write_text(text, encoding="utf-8")
        print(f"{scene}: {len(texts)} files, {sum(map(len, texts.values())):,} characters")


if __name__ == "__main__":
    main(*sys.argv[1:])
