"""Start the command line: `ecps-guide` and `python -m ecps_cli`."""

import gc
import os
import sys


def main() -> None:
    """Run the command that the command line names, and exit with its code.

    Importing makes many objects and no garbage, so none is looked for until a walk begins: some 15 ms of the start.
    """
    gc.disable()
    try:
        from ecps_cli.terminal import prepare_streams, settle_colours, settle_size

        prepare_streams()
        settle_colours(os.environ)
        settle_size(os.environ)
        from ecps_cli.cli.app import main as run

        code = run()
    except KeyboardInterrupt:  # before the command line has its own handler
        sys.stderr.write("\nInterrompu.\n")
        code = 130
    sys.exit(code)


if __name__ == "__main__":
    main()
