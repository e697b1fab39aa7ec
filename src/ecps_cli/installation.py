"""How this copy was installed, and so how a package is added to it, or the whole installed again."""

from __future__ import annotations

import sys
from enum import Enum
from pathlib import Path

PACKAGE = Path(__file__).parent


class Kind(Enum):
    """A way to install, each with what is typed or done: to add a package, and to install again."""

    FROZEN = ("refaites le programme avec ce paquet : {}", "Demandez à nouveau le programme à qui l’a fait.")
    ZIPAPP = ("refaites le fichier .pyz avec ce paquet : {}", "Demandez à nouveau le fichier .pyz à qui l’a fait.")
    FOLDER = ("{folder}", "Extrayez de nouveau le zip, dans un dossier neuf.")
    CHECKOUT = ("python -m pip install {}", "Réinstallez depuis le dépôt : python -m pip install -e .")
    PIPX = ("pipx inject ecps-guide {}", "Réinstallez : pipx reinstall ecps-guide")
    UV_TOOL = (
        "refaites « uv tool install » en y ajoutant --with {}",
        "Réinstallez : uv tool upgrade --reinstall ecps-guide",
    )
    UVX = ("relancez uvx en y ajoutant --with {}", "Relancez uvx en y ajoutant --refresh.")
    PIP = ("{python} -m pip install {}", "Réinstallez : {python} -m pip install --force-reinstall ecps-guide")


IN_THE_FOLDER = {
    "card": "extrayez de nouveau le zip, dans un dossier neuf",
    "pdf": "prenez le zip dont le nom finit par « windows-pdf », à la place de ce dossier",
}
"""Extra → how the folder for Windows comes by its packages."""
IN_NO_FOLDER = "une installation par pip, car aucun dossier pour Windows n’a ce paquet"


def kind() -> Kind:
    """Way in which this copy was installed, by what that way leaves beside it."""
    prefix = Path(sys.prefix)
    if getattr(sys, "frozen", False):
        return Kind.FROZEN
    if not PACKAGE.is_dir() or "_bootstrap" in sys.modules:  # run from the archive; or unpacked by shiv's
        return Kind.ZIPAPP
    if is_folder():
        return Kind.FOLDER
    if (prefix / "pipx_metadata.json").is_file():
        return Kind.PIPX
    if (prefix / "uv-receipt.toml").is_file():
        return Kind.UV_TOOL
    if prefix.parent.name.startswith("archive-v"):  # of uv's cache
        return Kind.UVX
    if PACKAGE.parent.name == "src" and (PACKAGE.parents[1] / "pyproject.toml").is_file():
        return Kind.CHECKOUT
    return Kind.PIP


def is_folder() -> bool:
    """Whether this is the folder for Windows, where no `python` is to be typed: `ecps-guide.cmd` starts its own."""
    return (PACKAGE.parents[1] / "ecps-guide.cmd").is_file()


def how_to_add(extra: str) -> str:
    """What is typed, or done, so that the packages of an extra such as `pdf` are there."""
    added, _ = kind().value
    return added.format(_quoted(_requirements(extra)), python=_python(), folder=IN_THE_FOLDER.get(extra, IN_NO_FOLDER))


def how_to_reinstall() -> str:
    """Sentence that says how to install this copy again."""
    _, again = kind().value
    return again.format(python=_python())


def _requirements(extra: str) -> list[str]:
    """Requirements of an extra, as the metadata declare them; where there are none, this package with its extra."""
    from importlib.metadata import PackageNotFoundError, requires

    try:
        declared = requires("ecps-guide") or []
    except PackageNotFoundError:
        declared = []
    parts = (each.partition(";") for each in declared)
    found = [name.strip() for name, _, when in parts if f'extra == "{extra}"' in when.replace("'", '"')]
    return found or [f"ecps-guide[{extra}]"]


def _quoted(requirements: list[str]) -> str:
    return " ".join(f'"{each}"' for each in requirements)


def _python() -> str:
    """Python to type: its name where a shell finds this one under it, otherwise where it is."""
    from shutil import which

    found = which("python")
    if found and Path(found).parent == Path(sys.executable).parent:
        return "python"
    return f'"{sys.executable}"' if " " in sys.executable else sys.executable
