"""Resources that differ in nothing but values: what was told of one of them holds for all.

The outline of a resource is its JSON text with the texts and numbers of its elements left out; names, braces, true,
false, null and the items of lists of texts stay. Resources of one outline have the same elements, and the same ones
of them repeat.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_VALUE = re.compile(r'": ?(?:"[^"]*"|-?\d[\d.eE+-]*)')
_NO_NAME = re.compile(r'\W":')
_TRIED = 200  # texts of a batch before it is judged
_WORTH = 0.5
"""The share of texts of a known outline from which outlines pay: to make one takes a third of what it saves."""


@dataclass
class Alike:
    """The resources of one outline: the rowids of those that have its elements, and whether they can be `sound`, that
    is: no element stands twice, US Core finds all, and nothing is contained."""

    resources: list[int] | None
    sound: bool


@dataclass
class Outlines:
    """The outlines of a batch of resources."""

    known: dict[str, Alike] = field(default_factory=dict)
    tried: int = 0
    met: int = 0

    def of(self, text: str) -> str:
        """The outline of a text that is JSON; "" where it has none, or where outlines do not pay.

        Without a backslash every quote begins or ends a text, and a quote before a colon that follows a letter or
        digit ends a name: so what is left out there is a value, as a whole. `note` refuses others.
        """
        if "\\" in text or (self.tried >= _TRIED and self.met < _WORTH * self.tried):
            return ""
        self.tried += 1
        return _VALUE.sub('":', text)

    def find(self, outline: str) -> Alike | None:
        """What is known of an outline."""
        alike = self.known.get(outline)
        self.met += alike is not None
        return alike

    def note(self, outline: str, resources: list[int] | None, *, sound: bool) -> None:
        """Keep what was found of the first resource of an outline, where the outline surely tells its elements."""
        if outline and not _NO_NAME.search(outline):
            self.known[outline] = Alike(resources, sound)
