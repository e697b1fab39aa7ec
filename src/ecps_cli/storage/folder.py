"""The folder for what is kept between runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def data_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder for what is kept between runs: `ECPS_DATA`, or the user's data folder of this system."""
    if environ.get("ECPS_DATA"):
        return Path(environ["ECPS_DATA"])
    from platformdirs import user_data_path

    return user_data_path("ecps-guide", appauthor=False)
