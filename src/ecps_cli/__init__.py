"""ecps-guide: walk a person through the procedures of the e-CPS, one action at a time."""

__version__ = "0.1.0"
