"""A result as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from harmonize.quality.result import QualityResult

Form = Literal["text", "json"]


def written(result: QualityResult, form: Form) -> str:
    """The whole document in a form."""
    if form == "text":
        return "\n".join(result.summary_lines()) + "\n"
    import orjson

    return orjson.dumps(result.to_json(), default=str, option=orjson.OPT_INDENT_2).decode() + "\n"
