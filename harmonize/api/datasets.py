"""A dataset in shards (docs/scaling.md)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

from harmonize.api.shapes import AnyPath, Paths, as_path, as_paths

if TYPE_CHECKING:
    from collections.abc import Callable

    from harmonize.cluster.load import DatasetLoad


def load_dataset(
    out: AnyPath,
    paths: Paths,
    *,
    source: str,
    project: str,
    engine: Literal["local", "spark"] = "local",
    mapping: str | None = None,
    strict_row: bool = False,
    data_pull: date | None = None,
    shards: int | None = None,
    master: str | None = None,
    vocabulary: AnyPath | None = None,
    memory: str | None = None,
    wait: float = 10.0,
    progress: Callable[[str], None] | None = None,
) -> DatasetLoad:
    """Load a delivery into the dataset in the folder `out`, which is made where it is missing, as `harmonize load
    --engine` does. Raises InputError for what cannot be read, mapped or placed; nothing has changed then."""
    from harmonize.cluster.load import load_into

    target = as_path(out)
    if target is None:
        from harmonize.engine.errors import InputError

        raise InputError("A dataset needs a folder.")
    return load_into(
        target, as_paths(paths), engine=engine, source=source, project=project, mapping=mapping, strict_row=strict_row,
        data_pull=data_pull, shards=shards, master=master, vocabulary=as_path(vocabulary), memory=memory, wait=wait,
        progress=progress,
    )  # fmt: skip
