"""How results look where they are printed: in a Python session as a terminal prints them, in a notebook likewise."""

from __future__ import annotations

from html import escape

from harmonize.engine.plain import plain


class Shown:
    """A result that says in `summary_lines` what people read; a dataclass of it needs `repr=False`."""

    def summary_lines(self) -> list[str]:
        """The result in sentences."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return plain("\n".join(self.summary_lines()))

    def _repr_html_(self) -> str:
        return preformatted(repr(self))


def preformatted(text: str) -> str:
    """Text as it stands, for a notebook."""
    return f"<pre>{escape(text)}</pre>"
