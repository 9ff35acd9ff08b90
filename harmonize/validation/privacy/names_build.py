"""Make the lists of people's names: `python -m harmonize.validation.privacy.names_build`.

sql/validation/name_parts.yaml has the names, and the parts that many last names consist of; what comes of both stands
in sql/validation/lists, in small letters and in order, as the rules of privacy read it.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path
from unicodedata import combining, normalize

from harmonize.engine.files import replacing
from harmonize.engine.paths import require_checkout, root
from harmonize.engine.yaml_text import read_yaml

SHORTEST = 3
"""Shorter names are too often another word, or initials."""


def name_lists() -> dict[str, list[str]]:
    """The names of each list, by the list's name."""
    said = read_yaml(root("sql") / "validation" / "name_parts.yaml")
    made = (
        "".join(parts)
        for kind in said["made"]
        for parts in product(kind["beginnings"].split(), (ending.lower() for ending in kind["endings"].split()))
    )
    return {"first_name": _listed(said["first"].split()), "last_name": _listed([*said["last"].split(), *made])}


def _listed(names: list[str]) -> list[str]:
    """The names in small letters, each with and without its accents."""
    small = {name.lower() for name in names if len(name) >= SHORTEST}
    return sorted(small | {_plain(name) for name in small})


def _plain(name: str) -> str:
    """The name without accents, as it is written where a keyboard has none."""
    return "".join(letter for letter in normalize("NFD", name) if not combining(letter))


def write(folder: Path) -> None:
    """Write the lists into the folder."""
    for name, names in name_lists().items():
        with replacing(folder / f"{name}.tsv") as partial:
            partial.write_text("\n".join(["name", *names, ""]), encoding="utf-8")


if __name__ == "__main__":
    require_checkout()
    write(root("sql") / "validation" / "lists")
