"""Run the notebooks of docs/notebooks and keep what they show. `--check` compares instead (tests/test_notebooks.py).

They run one after the other in one folder, so that the invented study is made once. Kept are the outputs that a reader
sees, without numbers of runs; of pictures only that there is one is compared, since fonts differ between machines.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from typing import Any

NOTEBOOKS = ("first-look", "cohort", "validate-and-load")
FOLDER = Path(__file__).resolve().parent / "notebooks"
_SECONDS = 300
_STYLE = re.compile(r"<style.*?</style>\s*", re.DOTALL)  # the reader's page has its own
_SHOWN = ("image/png", "text/html", "text/plain")


def run(book: Any, folder: Path) -> Any:
    """The notebook as it is after a run in the folder."""
    from nbclient import NotebookClient

    client = NotebookClient(
        book, timeout=_SECONDS, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    )
    client.execute()
    for cell in book.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.execution_count = None
            cell.outputs = [kept for output in cell.outputs if (kept := _kept(output)) is not None]
    return book


def _kept(output: Any) -> Any | None:
    """What is kept of an output: progress on stderr is not."""
    if output.output_type == "stream":
        return None if output.name == "stderr" else output
    if "data" in output:
        best = next((kind for kind in _SHOWN if kind in output.data), None)
        output.data = {best: _STYLE.sub("", output.data[best])} if best else {}
        output.metadata = {}
        if output.output_type == "execute_result":
            output.execution_count = None
    return output


def shown(book: Any) -> list[list[str]]:
    """What each cell shows, in words that are the same on every machine."""
    return [
        [
            f"{kind}: {'a picture' if kind == 'image/png' else data}"
            for output in cell.get("outputs", [])
            for kind, data in (output.get("data") or {"text": output.get("text", "")}).items()
        ]
        for cell in book.cells
    ]


def main(arguments: list[str]) -> int:
    """Write the notebooks, or with `--check` name those whose outputs differ."""
    import nbformat

    different = []
    with tempfile.TemporaryDirectory() as folder:
        for name in NOTEBOOKS:
            path = FOLDER / f"{name}.ipynb"
            before = nbformat.read(path, as_version=4)
            after = run(nbformat.read(path, as_version=4), Path(folder))
            if "--check" not in arguments:
                nbformat.write(after, path)
            elif shown(before) != shown(after):
                different.append(name)
    if different:
        print(f"Other outputs than the file has: {', '.join(different)}. Write them with: python docs/run_notebooks.py")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
