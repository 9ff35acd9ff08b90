"""What the site needs beside the Markdown files as they are: pages from outside of docs/, GitHub's anchors, sources.

CONTRIBUTING and CHANGELOG lie where GitHub looks for them, and pages lead to tables and SQL of the repository. The site
stands without the repository: the two become pages, and a file that a page leads to lies on the site as text.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

REPOSITORY = Path(__file__).resolve().parent.parent
PAGES = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md", "README.md": "index.md"}
_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\(([^)\s#]*)(#[^)\s]*)?\)")
_CODE = re.compile(r"(^```.*?^```|`[^`\n]+`(?!\]))", re.DOTALL | re.MULTILINE)
_OUTSIDE = re.compile(r"https?:|mailto:")


def slug(heading: str, separator: str) -> str:
    """The anchor that GitHub gives to a heading, as docs/check_links.py computes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", separator)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Headings get GitHub's anchors, so that a link leads to the same place here and there."""
    config.mdx_configs["toc"]["slugify"] = slug
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """CONTRIBUTING and CHANGELOG become pages, and what any page leads to outside of docs/ lies on the site as text."""
    for name, page in PAGES.items():
        if page != "index.md":
            files.append(File.generated(config, page, content=(REPOSITORY / name).read_text(encoding="utf-8")))
    led_to = {path for file in files.documentation_pages() for path in _led_to(file.src_uri, file.content_string)}
    for path in sorted(led_to):
        text = (REPOSITORY / path).read_text(encoding="utf-8")
        files.append(File.generated(config, source_uri(path), content=text))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Links out of docs/ lead to where their targets lie on the site; a folder has no page and is only named."""
    home = page.file.src_uri
    return "".join(
        part if index % 2 else _LINK.sub(lambda found: _link(found, home), part)
        for index, part in enumerate(_CODE.split(markdown))
    )


def source_uri(path: str) -> str:
    """Where a file of the repository lies on the site: with the end .txt a browser shows it."""
    return f"source/{path}.txt"


def _link(found: re.Match[str], home: str) -> str:
    text, link, anchor = found[1], found[2], found[3] or ""
    if not link or _OUTSIDE.match(link):
        return found[0]
    target = repository_path(home, link)
    if target in PAGES:
        there = PAGES[target]
    elif target.startswith("docs/"):
        there = target.removeprefix("docs/")
    elif (REPOSITORY / target).is_dir():
        return f"{text} (`{target}`)"
    else:
        there = source_uri(target)
    return f"[{text}]({posixpath.relpath(there, posixpath.dirname(home) or '.')}{anchor})"


def repository_path(home: str, link: str) -> str:
    """The path in the repository that a link of the page `home` of the site means."""
    outside = {page: name for name, page in PAGES.items() if page != "index.md"}
    folder = posixpath.dirname(outside.get(home, f"docs/{home}"))
    return posixpath.normpath(posixpath.join(folder, link))


def _led_to(home: str, markdown: str) -> set[str]:
    """The files outside of docs/ that a page leads to and that are no pages themselves."""
    prose = "".join(_CODE.split(markdown)[::2])
    links = [found[2] for found in _LINK.finditer(prose) if found[2] and not _OUTSIDE.match(found[2])]
    paths = {repository_path(home, link) for link in links}
    return {path for path in paths - set(PAGES) if not path.startswith("docs/") and (REPOSITORY / path).is_file()}
