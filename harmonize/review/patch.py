"""A user's reviews of shipped mappings as a patch, which `git apply` takes in a checkout of the project."""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING

from harmonize.review.check import checked
from harmonize.review.place import inside, reading
from harmonize.vocabulary.sssom import REVIEWS, sssom_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from harmonize.review.place import Place

_NO_END = b"\\ No newline at end of file\n"


def patches(name: str | None, reviews: Path | None, db: Path | None) -> bytes:
    """The patch of one mapping or crosswalk, or of all that are shipped; empty where the user reviewed nothing.

    Where the reviews stand in the mapping's own folder, Git knows what changed, and there is nothing to make.
    """
    made = []
    for one in checked() if name is None else [name]:
        with reading(one, reviews, db) as place:
            path = inside(place.shipped)
            made.append(patch(place, f"mappings/{path.as_posix()}/" if path else ""))
    return b"".join(made)


def patch(place: Place, prefix: str) -> bytes:
    """The unified diff from the mapping as it is shipped to the one with the user's reviews; empty where they agree.

    `prefix` is the folder that the paths begin with, such as mappings/ehr/site/.
    """
    files = [*sssom_files(place.folder), place.folder / REVIEWS]
    return b"".join(part for path in files for part in _file(place.shipped / path.name, path, prefix + path.name))


def _file(old: Path, new: Path, name: str) -> Iterator[bytes]:
    before = old.read_bytes() if old.is_file() else None
    after = new.read_bytes() if new.is_file() else None
    if after is None or before == after:
        return
    name = name.encode().decode("latin-1")
    yield f"diff --git a/{name} b/{name}\n".encode("latin-1")
    if before is None:
        yield b"new file mode 100644\n"
    # Latin 1 has a character for every byte: the lines go through as they are.
    lines = unified_diff(
        _lines(before or b""),
        _lines(after),
        "/dev/null" if before is None else f"a/{name}",
        f"b/{name}",
    )
    for line in lines:
        data = line.encode("latin-1")
        yield data if data.endswith(b"\n") else data + b"\n" + _NO_END


def _lines(data: bytes) -> list[str]:
    """The lines with their ends; only a line feed ends one, as Git has it."""
    *ended, rest = data.decode("latin-1").split("\n")
    return [*(line + "\n" for line in ended), *([rest] if rest else [])]
