"""The command line: Typer commands, each a few lines that call the other rooms."""
