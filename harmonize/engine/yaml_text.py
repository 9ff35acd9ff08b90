"""YAML files that people write: read fast, and with the place of what is wrong. YAML is imported on use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    import yaml


def read_yaml(path: Path, loader: Any = None) -> Any:
    """What a file of YAML holds, by `loader` (None: the fast one). Raises InputError with the place of what is none."""
    return load_yaml(_text(path), path, loader)


def load_yaml(text: str, path: Path, loader: Any = None, first_line: int = 1) -> Any:
    """What a text of YAML holds that stands in `path` from `first_line` on. Raises InputError with the place."""
    import yaml

    try:
        return yaml.load(text, loader or _fast())
    except yaml.YAMLError as error:
        raise _not_yaml(path, error, first_line) from error


def compose_yaml(path: Path) -> yaml.Node | None:
    """The nodes of a file of YAML, which know their lines. Raises InputError with its place where it is none."""
    import yaml

    try:
        return yaml.compose(_text(path), _fast())
    except yaml.YAMLError as error:
        raise _not_yaml(path, error, 1) from error


def _fast() -> Any:
    """The loader of libyaml, where PyYAML was built with it."""
    import yaml

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: cannot be read: byte {error.start + 1} is not UTF-8.") from error


def _not_yaml(path: Path, error: yaml.YAMLError, first_line: int) -> InputError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    where = f"{path}:{mark.line + first_line}" if mark else str(path)
    problem = getattr(error, "problem", None) or getattr(error, "context", None) or error
    return InputError(f"{where}: this is not YAML: {' '.join(str(problem).split())}.")
