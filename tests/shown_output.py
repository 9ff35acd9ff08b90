"""What the documents show of commands is what the commands print: blocks are run, and compared or written anew.

- ```console: a line that begins with `$ ` is run, the lines below it are what it prints to stdout.
- ```python with a ```text directly below it: the program and what it prints.
- ```csv title="NAME": a file that the commands after it read.

A line `…` stands for lines left out. What differs from run to run or with the version is masked on both sides: `MASKS`.
`python tests/shown_output.py` runs all documents; with `--write` outputs that changed are written into them.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
# In this order, in one folder: the README makes the demo that the others ask.
DOCUMENTS = (
    "README.md",
    "docs/contributors.md",
    "docs/analysts.md",
    "docs/reviewers.md",
    "docs/site-engineers.md",
    "docs/developers.md",
)
LEFT_OUT = "…"
MASKS = (
    (re.compile(r"\d+\.\d s\b"), "SECONDS"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), "TIME"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "SHA-256"),
    (re.compile(r"version [0-9a-f]{12}\b"), "version MAPPING"),
    (re.compile(r"batch [0-9a-f]{8}\b"), "batch ID"),
    (re.compile(r"harmonize \d+\.\d+\.\d+\b"), "harmonize VERSION"),
)
_BLOCK = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Step:
    """One command or program of a document and the place of what it is shown to print."""

    command: str
    program: bool
    begin: int
    end: int

    def shown(self, text: str) -> str:
        return text[self.begin : self.end]


@dataclass(frozen=True)
class Difference:
    """A command that prints something else than its document shows."""

    document: str
    command: str
    shown: str
    printed: str
    messages: str = ""


def files(text: str) -> dict[str, str]:
    """The files that a document gives to its commands."""
    titled = ((re.search(r'title="([\w.-]+)"', block["info"]), block["body"]) for block in _BLOCK.finditer(text))
    return {title[1]: body for title, body in titled if title is not None}


def steps(text: str) -> list[Step]:
    """The commands and programs of a document, in order."""
    found: list[Step] = []
    blocks = list(_BLOCK.finditer(text))
    for block, after in zip(blocks, [*blocks[1:], None], strict=True):
        kind = block["info"].split(" ")[0]
        if kind == "console":
            found += _commands(block["body"], block.start("body"))
        elif kind == "python" and after and after["info"] == "text" and not text[block.end() : after.start()].strip():
            found.append(Step(block["body"], True, after.start("body"), after.end("body")))
    return found


def _commands(body: str, start: int) -> list[Step]:
    found: list[Step] = []
    heads = list(re.finditer(r"^\$ ((?:[^\n]*\\\n)*[^\n]*)\n", body, re.MULTILINE))
    for head, after in zip(heads, [*heads[1:], None], strict=True):
        end = after.start() if after else len(body)
        found.append(Step(head[1], False, start + head.end(), start + end))
    return found


def masked(text: str) -> str:
    """The text without what differs from run to run."""
    for pattern, word in MASKS:
        text = pattern.sub(word, text)
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines())


def agrees(shown: str, printed: str) -> bool:
    """Whether a command printed what is shown, where `…` stands for any lines."""
    lines = (".*" if line.strip() == LEFT_OUT else re.escape(line) for line in masked(shown).splitlines())
    return re.fullmatch(r"\n?".join(lines), masked(printed), re.DOTALL) is not None


def recipe(target: str) -> str:
    """What `make TARGET` runs, without the environment that make sets up."""
    found = re.search(rf"^{target}:.*\n\t(.*)$", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None, target
    return found[1].replace("$(BIN)/", "")


def run(step: Step, folder: Path) -> tuple[str, str]:
    """What a step prints to stdout and to stderr, in `folder`."""
    command = re.sub(r"^make (\w+)$", lambda found: recipe(found[1]), step.command)
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY), "COLUMNS": "100"}
    for name in ("HARMONIZE_DB", "HARMONIZE_REVIEWS", "HARMONIZE_REVIEWER"):
        environment.pop(name, None)
    # the checkout's own command, whatever else is installed under the name
    shell = f'harmonize() {{ "{sys.executable}" -m harmonize "$@"; }}\n{command}'
    arguments = [sys.executable, "-c", step.command] if step.program else ["bash", "-c", shell]
    done = subprocess.run(arguments, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.stdout, done.stderr


def differences(documents: tuple[str, ...], folder: Path, *, write: bool = False) -> list[Difference]:
    """Run the documents in `folder`; what is printed otherwise than shown, written into them with `write`."""
    found: list[Difference] = []
    for name in documents:
        path = REPOSITORY / name
        text = path.read_text(encoding="utf-8")
        for file, content in files(text).items():
            (folder / file).write_text(content, encoding="utf-8")
        outputs = [(step, *run(step, folder)) for step in steps(text)]
        wrong = [output for output in outputs if not agrees(output[0].shown(text), output[1])]
        found += [Difference(name, step.command, step.shown(text), out, err) for step, out, err in wrong]
        if write:
            path.write_text(_rewritten(text, wrong), encoding="utf-8")
    return found


def _rewritten(text: str, outputs: list[tuple[Step, str, str]]) -> str:
    """The document with what was printed; a block with lines left out is kept, as nobody knows which to leave out."""
    for step, printed, _ in reversed(outputs):
        if LEFT_OUT not in step.shown(text).splitlines():
            lines = "\n".join(line.rstrip() for line in printed.strip("\n").splitlines())
            text = text[: step.begin] + (lines + "\n" if lines else "") + text[step.end :]
    return text


def main(arguments: list[str]) -> int:
    """Print what differs and return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        found = differences(DOCUMENTS, Path(folder), write="--write" in arguments)
    for one in found:
        print(
            f"{one.document}: {one.command}\n--- shown\n{one.shown}--- printed\n{one.printed}--- stderr\n{one.messages}"
        )
    print(f"{len(found)} commands print something else than their document shows.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
