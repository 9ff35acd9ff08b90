"""`python -m harmonize`: the command, where its script is not on the path."""

from harmonize.cli.main import run

run()
