"""The README and the starting pages show what their commands print."""

from __future__ import annotations

from pathlib import Path

import pytest
from shown_output import DOCUMENTS, REPOSITORY, agrees, differences, files, masked, recipe, steps

TEXT = """# A page

```csv title="a.csv"
x
1
```

```console
$ cat a.csv
x
…
$ echo one \\
    two
one two
$ true
```

```python
print(2)
```

```text
2
```

```python
print("not shown, not run")
```
"""


def test_documents_show_what_their_commands_print(tmp_path: Path) -> None:
    """All in one folder, as a reader would: the README makes the demo, the other pages ask it."""
    assert differences(DOCUMENTS, tmp_path) == []


def test_every_document_has_commands_that_are_run() -> None:
    commands = {name: len(steps((REPOSITORY / name).read_text(encoding="utf-8"))) for name in DOCUMENTS}
    assert min(commands.values()) >= 1, commands
    assert commands["README.md"] >= 7, "make demo, five lines of quickstart, a program"


def test_blocks_of_a_document() -> None:
    found = steps(TEXT)
    assert [step.command for step in found] == ["cat a.csv", "echo one \\\n    two", "true", "print(2)\n"]
    assert [step.shown(TEXT) for step in found] == ["x\n…\n", "one two\n", "", "2\n"]
    assert [step.program for step in found] == [False, False, False, True]
    assert files(TEXT) == {"a.csv": "x\n1\n"}


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\nb\n", "a  \nb", True),
        ("a\nb\n", "a\nc\n", False),
        ("a\n", "a\nb\n", False),
        ("", "", True),
        ("", "a\n", False),
        ("a\n…\nd\n", "a\nb\nc\nd\n", True),
        ("a\n…\nd\n", "a\nb\nc\n", False),
        ("a\n…\n", "a\nb\n", True),
        ("…\nb\n", "a\nb\n", True),
        ("200 loaded, 6.6 s.\n", "200 loaded, 12.1 s.\n", True),
        ("200 loaded, 6.6 s.\n", "201 loaded, 6.6 s.\n", False),
    ],
)
def test_what_agrees(shown: str, printed: str, same: bool) -> None:
    assert agrees(shown, printed) is same


def test_only_what_varies_is_masked() -> None:
    text = "harmonize 0.1.0 at 2026-11-30T19:14:14Z, version 921e73e5ca4e, on 2020-01-29, 27.0 unit, sha " + "0a" * 32
    assert masked(text) == "harmonize VERSION at TIME, version MAPPING, on 2020-01-29, 27.0 unit, sha SHA-256"


def test_make_demo_is_what_the_makefile_runs() -> None:
    assert recipe("demo") == "harmonize demo --out demo"
