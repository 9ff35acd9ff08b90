"""YAML files that people write: read fast, within bounds, and with the place of what is wrong. YAML is imported on use.

An alias stands for what its anchor holds: a few lines of aliases of aliases stand for more than a machine can hold, as
soon as something walks through them. So the size of a text with all its aliases written out, and its depth, are known
before anything is made of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError
from harmonize.engine.text_file import read_text

if TYPE_CHECKING:
    from pathlib import Path

    import yaml

DEEPEST = 100
"""Levels of a text."""
MOST_BY_ALIAS = 100_000
"""Values that aliases may stand for, each time they are used."""


def read_yaml(path: Path, loader: Any = None) -> Any:
    """What a file of YAML holds, by `loader` (None: the fast one). Raises InputError with the place of what is none."""
    return load_yaml(read_text(path), path, loader)


def load_yaml(text: str, path: Path, loader: Any = None, first_line: int = 1) -> Any:
    """What a text of YAML holds that stands in `path` from `first_line` on. Raises InputError with the place."""
    import yaml

    try:
        check_bounds(text, path, first_line)
        return yaml.load(text, loader or _fast())
    except yaml.YAMLError as error:
        raise _not_yaml(path, error, first_line) from error
    except (ValueError, OverflowError, TypeError) as error:  # 2020-13-45, a whole number of 10,000 digits
        raise InputError(f"{path}: a value cannot be read: {error}.", "Put it in quotes.") from error


def compose_yaml(path: Path) -> yaml.Node | None:
    """The nodes of a file of YAML, which know their lines. Raises InputError with its place where it is none."""
    import yaml

    text = read_text(path)
    try:
        check_bounds(text, path)
        return yaml.compose(text, _fast())
    except yaml.YAMLError as error:
        raise _not_yaml(path, error, 1) from error


def check_bounds(text: str, path: Path, first_line: int = 1) -> None:
    """Raises InputError, with the line, where a text is nested too deeply, or its aliases stand for too much.

    Raises yaml.YAMLError where it is no YAML.
    """
    import yaml

    sizes: dict[str, int] = {}  # values below each anchor, aliases written out
    open_: list[tuple[str | None, int]] = [(None, 0)]  # (anchor, values so far) of the collections around
    by_alias = 0
    for event in yaml.parse(text, _fast()):
        if isinstance(event, yaml.ScalarEvent):
            size, anchor = 1, event.anchor
        elif isinstance(event, yaml.CollectionStartEvent):
            open_.append((event.anchor, 1))
            if len(open_) > DEEPEST:
                raise _beyond(path, event, first_line, f"it is nested in more than {DEEPEST} levels")
            continue
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, size = open_.pop()
        elif isinstance(event, yaml.AliasEvent):
            if event.anchor not in sizes:  # not there, or around it: what holds itself has no end
                raise _beyond(path, event, first_line, f"*{event.anchor} is no alias of something before it")
            size, anchor = sizes[event.anchor], None
            by_alias += size
            if by_alias > MOST_BY_ALIAS:
                raise _beyond(path, event, first_line, f"its aliases stand for more than {MOST_BY_ALIAS:,} values")
        else:
            continue
        if anchor is not None:
            sizes[anchor] = size
        open_[-1] = (open_[-1][0], open_[-1][1] + size)


def _beyond(path: Path, event: yaml.Event, first_line: int, what: str) -> InputError:
    where = f"{path}:{event.start_mark.line + first_line}" if event.start_mark else str(path)
    return InputError(f"{where}: this YAML is not read: {what}.", "Write it plainly.")


def _fast() -> Any:
    """The loader of libyaml, where PyYAML was built with it."""
    import yaml

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _not_yaml(path: Path, error: yaml.YAMLError, first_line: int) -> InputError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    where = f"{path}:{mark.line + first_line}" if mark else str(path)
    problem = getattr(error, "problem", None) or getattr(error, "context", None) or error
    return InputError(f"{where}: this is not YAML: {' '.join(str(problem).split())}.")
