"""Starting another process of this Python.

Not the standard library's multiprocessing: its children run the caller's script again, which a script without
`if __name__ == "__main__"` does not survive.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import IO


def start(module: str, *arguments: str, errors: IO[bytes] | None = None) -> subprocess.Popen[bytes]:
    """A new process that runs `module` and finds what this one finds; its stdin and stdout are pipes to this one.

    It is of this process's group, so that Ctrl-C and kill reach both. `errors` takes its stderr (None: this one's).
    With -P it imports nothing from the folder that it is started in, where a delivery may lie.
    """
    path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)
    return subprocess.Popen(
        [sys.executable, "-P", "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        env={**os.environ, "PYTHONPATH": path},
    )
