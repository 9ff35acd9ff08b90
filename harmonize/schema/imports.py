"""What a schema imports: files of its own folder and the packaged schemas of linkml. Nothing is fetched.

linkml itself reads an import from wherever its name leads: a URL, a prefix that stands for one, any path of the
machine. A schema may come from somebody else, so its reader here is closed.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError
from harmonize.engine.paths import root
from harmonize.engine.text_file import read_text
from harmonize.engine.yaml_text import load_yaml

if TYPE_CHECKING:
    from collections.abc import Collection

    from linkml_runtime import SchemaView

_PACKAGED = re.compile(r"linkml:\w+")
_HINT = "A schema imports files of its own folder, by name, and linkml:types."


def schema_texts(path: Path) -> dict[Path, str]:
    """The schema file and all files that it imports (linkml's own apart), each with its text, in order.

    Raises InputError for an import from anywhere else.
    """
    home = path.parent.resolve()
    shipped = root("schemas").resolve()
    home = shipped if home.is_relative_to(shipped) else home
    texts: dict[Path, str] = {}
    waiting = [path]
    while waiting:
        file = waiting.pop(0)
        if file in texts:
            continue
        texts[file] = read_text(file)
        for name in _imports(file, texts[file]):
            if _PACKAGED.fullmatch(name):
                continue
            target = (file.parent / f"{name}.yaml").resolve()
            if ":" in name or not target.is_relative_to(home):
                raise _refused(file, name)
            waiting.append(target)
    return texts


def _imports(file: Path, text: str) -> list[str]:
    """The names under the key `imports`; only that block is parsed, since it is read at every start."""
    block = re.search(r"^imports:.*(?:\n(?:[ \t#-].*)?)*", text, flags=re.MULTILINE)
    return _names(file, load_yaml(block[0], file)) if block else []


def _names(file: Path, schema: Any) -> list[str]:
    names = (schema.get("imports") if isinstance(schema, dict) else None) or []
    if not isinstance(names, list):
        raise InputError(f"{file}: imports is no list.", _HINT)
    return [str(name) for name in names]


def check_imports(file: Path, text: str, schema: Any) -> None:
    """Refuse imports that are written so that `schema_texts` does not see them."""
    if _names(file, schema) != _imports(file, text):
        raise InputError(f"{file}: imports is not written as a list of its own.", _HINT)


def closed_view(path: Path, files: Collection[Path]) -> SchemaView:
    """The schema in linkml's own reader, which reads `files` and linkml's packaged schemas only."""
    from linkml_runtime import SchemaView

    view = SchemaView(str(path))
    known = {file.resolve() for file in files}
    load = view.load_import

    def load_known(imp: str, from_schema: Any = None) -> Any:
        name, source = str(imp), (from_schema or view.schema).source_file
        file = (Path(source or path).parent / f"{name}.yaml").resolve()
        if not _PACKAGED.fullmatch(name) and (":" in name or file not in known):
            raise _refused(path, name)
        return load(imp, from_schema)

    view.load_import = load_known
    return view


def _refused(file: Path, name: str) -> InputError:
    return InputError(f"{file}: it imports {name!r}, which is not read.", _HINT)
