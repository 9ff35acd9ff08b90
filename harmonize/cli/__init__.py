"""The command line: one module a group of commands; at module level only typer is imported, so that help is quick."""
