"""axe-core, which looks through a page for what shuts people out. It is no part of the repository and of no package.

`python tests/axe.py` gets the release named here from npm into the user's cache; tests find it there, and get nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

VERSION = "4.14.1"
GRAVE = ("serious", "critical")


def place() -> Path:
    """Where axe.min.js of the release lies, once it was got."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "midrc-harmonize" / f"axe-core-{VERSION}" / "axe.min.js"


def grave(page: Any) -> list[str]:
    """What axe finds in an opened page that is serious or critical: rule, selector, and what is wrong."""
    page.evaluate(place().read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']} ({one['impact']}) at {node['target']}: {node['failureSummary']}"
        for one in found["violations"]
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]


def install() -> None:
    """Gets the release by npm, where it is not there yet."""
    target = place()
    if target.is_file():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", f"axe-core@{VERSION}", "--json", "--pack-destination", folder]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        (packed,) = json.loads(done.stdout)
        with tarfile.open(Path(folder) / Path(packed["filename"]).name) as archive:
            member = archive.extractfile("package/axe.min.js")
            if member is None:
                raise SystemExit(f"axe-core {VERSION} has no axe.min.js.")
            partial = target.with_name(f"partial.{os.getpid()}")
            partial.write_bytes(member.read())
    partial.replace(target)


if __name__ == "__main__":
    try:
        install()
    except (OSError, subprocess.CalledProcessError) as error:
        raise SystemExit(f"axe-core was not installed: {error}") from error
    print(place(), file=sys.stderr)
