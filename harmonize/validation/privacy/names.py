"""Names of people in texts: by lists of first and last names, titles and labels. No model, no network."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from harmonize.engine.paths import root
from harmonize.engine.yaml_text import read_yaml
from harmonize.validation.privacy.names_build import SHORTEST
from harmonize.validation.rules import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "prof"})
_RELATIONS = frozenset(
    ["patient", "pt", "wife", "husband", "son", "daughter", "mother", "father", "sister", "brother", "spouse", "named"]
)
_LABELS = "patient(?:'s)? name|name of patient|pt name|surname|last name|first name|maiden name"
_LABEL = re.compile(
    rf"\b(?:{_LABELS})\s*[:=]\s*([^\W\d_]+)",
    re.IGNORECASE,
)
_NOBODY = frozenset(
    ["removed", "redacted", "unknown", "anonymous", "anonymized", "anonymised", "none", "na", "n", "not", "withheld",
     "deidentified", "xxx", "hidden", "masked"]
)  # fmt: skip


_FOLLOWING = re.compile(r"[ -]([^\W\d_][\w'’]*)")
_CAPITALISED = r"\p{Lu}[\p{L}\p{M}\p{N}_'’-]*"
RUN = (
    rf"(?:\b(?i:{_LABELS})\s*[:=]\s*\p{{L}}+"
    rf"|(?:\b(?i:{'|'.join(sorted(_RELATIONS))}) |{_CAPITALISED}(?: |, ?|\^|\.\s*))"
    rf"(?:{_CAPITALISED}(?: |, ?|\^|\.\s*))*{_CAPITALISED})"
)
"""RE2 of the parts of a text in which a name can stand: words with a capital in a row, what is behind a label."""


class Names(NamedTuple):
    """Names in small letters: `words` are those that are words of their own, `exceptions` what only looks like two."""

    first: frozenset[str]
    last: frozenset[str]
    words: frozenset[str]
    exceptions: frozenset[str]


@cache
def lists() -> dict[str, list[str]]:
    """The lists of sql/validation/privacy_lists.yaml by name."""
    found = read_yaml(root("sql") / "validation" / "privacy_lists.yaml")
    return {name: list(values) for name, values in found.items()}


@cache
def names() -> Names:
    """The names of our lists (harmonize.validation.privacy.names_build) and the words that are told from them."""
    return Names(
        frozenset(listed("first_name")),
        frozenset(listed("last_name")),
        frozenset(word.lower() for word in lists()["words"]),
        frozenset(text.lower() for text in lists()["not_names"]),
    )


@cache
def first_names_pattern() -> str:
    """The first names as alternatives of a regular expression, as people write them and in capitals."""
    known = names()
    plain = sorted(name for name in known.first if name.isascii() and name.isalpha())
    return "|".join(spelling for name in plain for spelling in (name.capitalize(), name.upper()))


def holds_name(text: str) -> bool:
    """Whether a text names a person: a title and a name, a first beside a last name, or a name behind its label.

    Only words that begin with a capital count. Two names that are both words of their own (Grace Hill) do not.
    """
    return next(_spans(text), None) is not None


def without_names(text: str, mask: str) -> str:
    """The text with `mask` in the place of every name, further names that follow it included."""
    kept = []
    end = 0
    for start, stop in sorted(_spans(text)):
        if stop <= end:
            continue
        if start >= end:
            kept += [text[end:start], mask]
        end = _further(text, stop)
    return "".join([*kept, text[end:]])


def _further(text: str, end: int) -> int:
    """Where a name ends that goes on behind its first two words: Mary Smith Jones."""
    known = names()
    while following := _FOLLOWING.match(text, end):
        if following[1].lower() not in known.first and following[1].lower() not in known.last:
            break
        end = following.end()
    return end


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Where names stand in a text."""
    for label in _LABEL.finditer(text):
        if label[1].lower() not in _NOBODY:
            yield label.span(1)
    words = list(_WORD.finditer(text))
    for here, following in pairwise(words):
        if _pair(here[0], text[here.end() : following.start()], following[0]):
            yield (following.start() if here[0].lower() in _RELATIONS else here.start()), following.end()
    # A middle initial stands between: John F. Kennedy.
    for before, middle, after in zip(words, words[1:], words[2:], strict=False):
        if (
            len(middle[0]) == 1
            and middle[0].isupper()
            and text[before.end() : middle.start()] == " "
            and text[middle.end() : after.start()] in (" ", ". ")
            and _pair(before[0], " ", after[0])
        ):
            yield before.start(), after.end()


def _pair(one: str, gap: str, two: str) -> bool:
    """Whether two words with `gap` between them are a name, or a title or a relation and a name."""
    if not two[0].isupper():
        return False
    known, first, second = names(), one.lower(), two.lower()
    if first in _TITLES and one[0].isupper():
        if gap.startswith("."):
            return gap.strip() == "." and (not two.isupper() or second in known.last) and len(two) >= SHORTEST
        return gap == " " and second in known.last and second not in known.words
    if first in _RELATIONS:
        return gap == " " and not two.isupper() and second in known.first and second not in known.words
    if not one[0].isupper() or one.isupper() != two.isupper() or f"{first} {second}" in known.exceptions:
        return False
    if first in known.words and second in known.words:
        return False
    if gap == " ":
        return first in known.first and second in known.last
    return gap in (", ", ",", "^") and first in known.last and second in known.first
