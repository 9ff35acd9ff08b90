"""Where the golden cases of a mapping lie."""

from __future__ import annotations

from pathlib import Path

from harmonize.engine.errors import InputError
from harmonize.engine.paths import root
from harmonize.engine.text_file import listed
from harmonize.golden.case import Case
from harmonize.golden.read import read_cases
from harmonize.mapping.compiler.compile import mapping_folder


def shipped_cases() -> Path:
    """The folder of the shipped mappings' cases, tests/cases of the checkout; it is not part of a wheel."""
    return root("mappings").parent / "tests" / "cases"


def case_files(name_or_path: str | None = None) -> list[Path]:
    """The case files of a mapping by name or folder, of a folder of case files, or one file; None: all shipped ones.

    A mapping folder of one's own keeps its cases under cases/. Raises InputError where there are none.
    """
    if name_or_path is None:
        folder = shipped_cases()
    else:
        path = Path(name_or_path)
        if path.is_file() and path.suffix in (".yaml", ".yml") and not path.name.endswith(".map.yaml"):
            return [path]
        folder = path if path.is_dir() and not list(path.glob("*.map.yaml")) else _of_mapping(name_or_path)
    files = listed(file for file in folder.rglob("*") if file.suffix in (".yaml", ".yml"))
    if not files:
        raise InputError(
            f"There are no golden cases in {folder}.",
            "A mapping of one's own keeps them under cases/; those of shipped mappings come with the source code.",
        )
    return files


def _of_mapping(name_or_path: str) -> Path:
    folder, shipped = mapping_folder(name_or_path).resolve(), root("mappings").resolve()
    if folder.is_relative_to(shipped):
        return shipped_cases() / folder.relative_to(shipped)
    return folder / "cases"


def find_cases(name_or_path: str | None = None, text: str | None = None) -> list[Case]:
    """The cases of `case_files`; with `text`, those whose name contains it. Raises InputError where none is left."""
    cases = [case for file in case_files(name_or_path) for case in read_cases(file)]
    chosen = [case for case in cases if text is None or text in case.name]
    if not chosen:
        raise InputError(f"Of {len(cases)} cases none has {text!r} in its name.")
    return chosen
