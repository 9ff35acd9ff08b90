"""A new vocabulary in a store: load it, translate value sets anew, derive every case anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError
from harmonize.pipeline import changes
from harmonize.pipeline.derive import touch_all
from harmonize.pipeline.finish import derive_again
from harmonize.vocabulary.load import Summary, load_download
from harmonize.vocabulary.value_sets import refresh

if TYPE_CHECKING:
    from pathlib import Path

    from harmonize.engine.store import Store


def load_vocabulary(store: Store, path: Path) -> Summary:
    """Replace the store's vocabulary by the Athena download at `path` (folder or zip); rows that were loaded before are
    standardized anew with it. One transaction. Raises InputError for a download that cannot be read."""
    if not path.exists():
        raise InputError(f"{path} does not exist.", "Give the folder or zip of an Athena download.")
    with store.transaction() as con:
        changes.begin(con)
        summary = load_download(con, path)
        refresh(con)
        held = con.execute("SELECT count(*) FROM harmonize.person_case").fetchone()
        if held and held[0]:
            touch_all(con)
            derive_again(con)
    return summary
