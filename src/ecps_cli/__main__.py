"""Start the command line: `ecps-guide` and `python -m ecps_cli`."""

import sys


def main() -> None:
    """Run the command that the command line names, and exit with its code."""
    try:
        from ecps_cli.terminal import prepare_streams

        prepare_streams()
        from ecps_cli.cli.app import main as run

        code = run()
    except KeyboardInterrupt:  # before the command line has its own handler
        sys.stderr.write("\nInterrompu par Ctrl-C.\n")
        code = 130
    sys.exit(code)


if __name__ == "__main__":
    main()
