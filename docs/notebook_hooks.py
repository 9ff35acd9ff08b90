"""The notebooks of docs/notebooks as pages of the site: words, code, and what was shown when they were run.

That lies in the notebook itself (docs/run_notebooks.py), so nothing is run here. The notebook lies beside its page, to
be taken along.
"""

from __future__ import annotations

import base64
import json
import re
from pathlib import PurePosixPath
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

_LINK = re.compile(r"(?<=\]\()((?:\.\./)*notebooks/[\w-]+)\.ipynb(?=[)#])")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """A page for each notebook, and its pictures."""
    for file in list(files):
        if file.src_uri.endswith(".ipynb"):
            for uri, content in pages(PurePosixPath(file.src_uri), json.loads(file.content_string)).items():
                files.append(File.generated(config, uri, content=content))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """A link to a notebook, which GitHub shows itself, leads to its page."""
    return _LINK.sub(r"\1.md", markdown)


def pages(path: PurePosixPath, notebook: dict[str, Any]) -> dict[str, str | bytes]:
    """The page of a notebook and the pictures on it, by their place on the site."""
    pictures: dict[str, str | bytes] = {}
    parts = []
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(source)
            continue
        parts.append(f"```python\n{source}\n```")
        parts += [_output(output, path, pictures) for output in cell["outputs"]]
    parts.insert(1, f"The notebook to run yourself: [{path.name}]({path.name}).")
    return {str(path.with_suffix(".md")): "\n\n".join(filter(None, parts)) + "\n", **pictures}


def _output(output: dict[str, Any], path: PurePosixPath, pictures: dict[str, str | bytes]) -> str:
    """One output as Markdown; a picture becomes a file."""
    data = output.get("data", {})
    if "image/png" in data:
        name = f"{path.stem}-{len(pictures) + 1}.png"
        pictures[str(path.with_name(name))] = base64.b64decode("".join(data["image/png"]))
        return f"![A picture that the cell above draws]({name})"
    if "text/html" in data:  # one block: an empty line would end it
        html = "".join(data["text/html"])
        return "\n".join(["<div>", *(line for line in html.splitlines() if line.strip()), "</div>"])
    text = "".join(data.get("text/plain") or output.get("text", ""))
    return f"```text\n{text.rstrip()}\n```" if text else ""
