"""Make a store as a past release made it, to be kept: python tests/store_versions/make.py COMMIT-OR-TAG NAME.

NAME.duckdb.xz is written beside this file. It holds only what follows from inputs/ (invented).
"""

from __future__ import annotations

import lzma
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
from steps import FOLDER, make_store

LARGEST = 300_000
BLOCK = 16384
"""The smallest block that DuckDB has, so that many small tables take little room."""


def main(commit: str, name: str) -> None:
    """Check the commit out into a folder that is removed again, make its store there and pack it."""
    repository = FOLDER.parent.parent
    with tempfile.TemporaryDirectory() as folder:
        code = Path(folder) / "code"
        subprocess.run(["git", "worktree", "add", "--quiet", "--detach", code, commit], cwd=repository, check=True)
        try:
            store = Path(folder) / "store.duckdb"
            make_store(store, code)
            packed = lzma.compress(_small(store).read_bytes(), preset=9 | lzma.PRESET_EXTREME)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", code], cwd=repository, check=True)
    if len(packed) > LARGEST:
        sys.exit(f"The store takes {len(packed):,} bytes; {LARGEST:,} are the most.")
    (FOLDER / f"{name}.duckdb.xz").write_bytes(packed)


def _small(store: Path) -> Path:
    """A copy of the store in small blocks."""
    small = store.with_name("small.duckdb")
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{store}' AS large (READ_ONLY)")
        con.execute(f"ATTACH '{small}' AS small (BLOCK_SIZE {BLOCK})")
        con.execute("COPY FROM DATABASE large TO small")
    return small


if __name__ == "__main__":
    main(*sys.argv[1:])
