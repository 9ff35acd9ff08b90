"""The sources that can be loaded, and what each needs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from harmonize.engine.errors import InputError


@dataclass(frozen=True)
class Source:
    """A kind of source. `reads` says what its files hold; `mapping` is the shipped mapping that it uses unless another
    is named; `collection_column` the staged column that --collection chooses by, `package` the PyPI package that
    carries the source's own index; `profile` is the mapping that --columns is for; `nodes` says that its tables are
    nodes of the MIDRC dictionary."""

    mapping: str | None = None
    collection_column: str | None = None
    package: str | None = None
    reads: Literal["tables", "resources", "headers"] = "tables"
    profile: str | None = None
    nodes: bool = False


SOURCES = {
    "ehr": Source(),
    "fhir": Source("fhir", reads="resources"),
    "gen3": Source("gen3/batch", nodes=True),
    "cirr": Source("gen3/batch", profile="cirr", nodes=True),
    "ricord": Source("ricord"),
    "dicom": Source("dicom/headers", reads="headers"),
    "idc": Source("dicom/idc", "collection_id", "idc-index-data"),
}
"""The one list of kinds: the command line takes its choices from it, a load how it stages."""


def default_paths(name: str) -> list[Path]:
    """What a source reads when no path is given: the index that its package carries.

    Raises InputError where the source has none, or the package is not installed.
    """
    package = find_source(name).package
    if package is None:
        raise InputError(f"--source {name} needs a PATH.", "Give files, folders, zip or gz.")
    try:
        import idc_index_data
    except ImportError as error:
        raise InputError(
            f"No PATH was given and the package {package} is not installed.",
            "Install it with: pip install 'midrc-harmonize[idc]', or give the path of an index.",
        ) from error
    return [Path(str(idc_index_data.IDC_INDEX_PARQUET_FILEPATH))]


def mapping_of(name: str, mapping: str | None, has_columns: bool) -> str | None:
    """The mapping that a source is read by: the one named, else with --columns its profile, else its own.

    Raises InputError for --columns without a mapping that it could be for.
    """
    source = find_source(name)
    if not has_columns:
        return mapping or source.mapping
    found = mapping or source.profile
    if found is None or source.reads != "tables":
        raise InputError(
            f"--columns names the headers of tables, and --source {name} has no profile for them.",
            "Name the mapping that they are for: --mapping NAME.",
        )
    return found


def find_source(name: str) -> Source:
    """The source of that name. Raises InputError with the nearest one."""
    if name not in SOURCES:
        raise InputError(f"--source {name} is not a source that can be read.", "One of: " + ", ".join(SOURCES))
    return SOURCES[name]
