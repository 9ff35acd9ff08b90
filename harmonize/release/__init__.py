"""What leaves the store, and when: the life of a submission, copies without what is held back, releases.

`harmonize.release.build`, `verify`, `diff` and `list` are the calls of the commands of these names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from harmonize.release.directory.build import Built
    from harmonize.release.directory.compare import ReleaseDifference
    from harmonize.release.directory.verify import ReleaseVerified

    AnyPath = str | os.PathLike[str]


def build(
    db: AnyPath,
    to: AnyPath,
    *,
    project: str,
    version: str,
    forms: Sequence[str] | None = None,
    profile: str | None = None,
    about: AnyPath | None = None,
    determination: str | None = None,
    agreement: str | None = None,
    limited_data_set: bool = False,
    with_sequestered: bool = False,
    key_file: AnyPath | None = None,
    codes: AnyPath | None = None,
    who: str | None = None,
    wait: float = 10.0,
    memory: str | None = None,
) -> Sequence[Built]:
    """Build the release `to`/PROJECT-VERSION of a store; with `with_sequestered` another directory beside it."""
    from pathlib import Path

    from harmonize.release.directory.build import Asked, build_all
    from harmonize.release.directory.side import OPEN, SEQUESTERED

    asked = Asked(
        project, version, tuple(forms or ("duckdb", "parquet")), profile, Path(about) if about else None,
        determination, agreement, limited_data_set, Path(key_file) if key_file else None,
        Path(codes) if codes else None, who, wait, memory,
    )  # fmt: skip
    return build_all(Path(db), Path(to), asked, (OPEN, SEQUESTERED) if with_sequestered else (OPEN,))


def verify(folder: AnyPath, *, audit_heads: AnyPath | None = None) -> ReleaseVerified:
    """Whether a release is what was built: checksums, counts, manifest, and with `audit_heads` its place in the log."""
    from pathlib import Path

    from harmonize.release.directory.verify import verify_release

    return verify_release(Path(folder), Path(audit_heads) if audit_heads else None)


def diff(a: AnyPath, b: AnyPath, *, memory: str | None = None) -> ReleaseDifference:
    """What changed between two releases: rows by table, persons, columns, versions, submissions."""
    from pathlib import Path

    from harmonize.release.directory.compare import compare

    return compare(Path(a), Path(b), memory=memory)


def list(folder: AnyPath | None = None, *, db: AnyPath | None = None, wait: float = 10.0) -> Sequence[dict[str, Any]]:
    """The releases that a store remembers (`db`), or that lie in a folder, as a list of dicts."""
    from pathlib import Path

    from harmonize.engine.errors import InputError
    from harmonize.release.directory.catalogue import releases_in, releases_of

    if (folder is None) == (db is None):
        raise InputError("Name either a folder or a store.", "harmonize release list DIR, or --db FILE")
    return releases_of(Path(db), wait=wait) if db is not None else releases_in(Path(folder or "."))
