"""Where the reviews of a mapping stand: the option --reviews, and what commands say of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from harmonize.cli.console import say

Reviews = Annotated[
    Path | None,
    typer.Option(
        "--reviews",
        envvar="HARMONIZE_REVIEWS",
        help="The folder of your decisions. Without it they stand in the mapping's own folder; those on mappings of an "
        "installed package in `reviews` beside the store of --db, or without a store in the current folder.",
    ),
]
MaybeDb = Annotated[
    Path | None, typer.Option("--db", envvar="HARMONIZE_DB", help="A store: its rows and its vocabulary count.")
]
StoreBeside = Annotated[
    Path | None, typer.Option("--db", envvar="HARMONIZE_DB", help="A store: your reviews are beside it.")
]


@contextmanager
def reading(name: str, reviews: Path | None, db: Path | None) -> Iterator[Path]:
    """The folder with a mapping's value sets and all decisions on them, the user's among them."""
    from harmonize.review import place

    with place.reading(name, reviews, db) as found:
        for sentence in found.told:
            say(sentence)
        yield found.folder


@contextmanager
def writing(name: str, reviews: Path | None, db: Path | None) -> Iterator[Path]:
    """The same for a command that decides; says where what it wrote is kept, if it is the user's folder."""
    from harmonize.review import place

    with place.writing(name, reviews, db) as found:
        for sentence in found.told:
            say(sentence)
        yield found.folder
    if found.kept:
        say(f"Kept in {found.user}; `harmonize mapping review patch` makes a patch for the project of it.")
