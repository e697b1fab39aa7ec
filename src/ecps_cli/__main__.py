"""Start the command line: `ecps-guide` and `python -m ecps_cli`."""

import gc
import os
import sys

from ecps_cli.installation import how_to_reinstall
from ecps_cli.interrupts import handle, ignore, interrupt

DAMAGED = (
    "ecps-guide s’arrête ici\u00a0: le module «\u00a0{}\u00a0» ne se charge pas. L’installation est abîmée ou "
    "incomplète, ou ce PC interdit ce fichier (antivirus, AppLocker). {} Si cela revient, montrez cette ligne à qui "
    "administre ce PC.\n"
)


def main() -> None:
    """Run the command that the command line names, and exit with its code.

    Importing makes many objects and no garbage, so none is looked for until a walk begins: some 15 ms of the start.
    """
    gc.disable()
    try:
        handle(interrupt)
        from ecps_cli.screen.terminal import prepare_streams, settle_colours, settle_size

        prepare_streams()
        settle_colours(os.environ)
        settle_size(os.environ)
        # A terminal that does not answer where its cursor is would be told so in English; no question of ours asks it.
        os.environ["PROMPT_TOOLKIT_NO_CPR"] = "1"
        from ecps_cli.cli.app import main as run

        code = run()
    except KeyboardInterrupt:  # before the command line has its own handler, or after it
        sys.stderr.write("\nInterrompu.\n")
        code = 130
    except ImportError as error:  # put into words here, where no more is imported: it may be what cannot be loaded
        sys.stderr.write(DAMAGED.format(error.name, how_to_reinstall()))
        code = 1
    ignore()  # all is said and kept: one more signal must not make it another exit code, or a traceback
    sys.exit(code)


if __name__ == "__main__":
    main()
