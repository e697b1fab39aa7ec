"""Which folders hold guides, and the files in one: paths and names only, which completing a word can wait for."""

from __future__ import annotations

import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from ecps_cli.core.text import visible_line
from ecps_cli.installation import how_to_reinstall
from ecps_cli.loading.problems import NotFound
from ecps_cli.loading.shipped import shipped

FACTS = "facts.yaml"
"""In a folder of guides, the facts that they name."""

SUFFIXES = (".yaml", ".yml")
"""What may end the name of a file; of two files that differ in this alone, the first is read."""

CODED = ("url", "phone")
"""The kinds of facts that a QR code can say."""


class Listing(NamedTuple):
    """Files of a folder of guides."""

    guides: dict[str, Path]
    """By id, sorted."""
    unread: dict[str, str]
    """The sentence about each file that was meant to be read and is not, by name."""


class Installed(NamedTuple):
    """The guides that the user has installed."""

    folder: Path
    over: str
    """Latest day on which something of the shipped guides had been verified then, as `verified_on` has it."""


def guide_folders(named: Path | None, environ: Mapping[str, str], installed: Installed | None) -> list[Path]:
    """Folders of guides, each over the next: the named one, or that of `ECPS_GUIDES`; the installed; the shipped one.

    The shipped one is over the installed one when its guides are newer than those that the installed ones replaced.

    Raises:
        NotFound: there is no such folder.

    """
    packaged = shipped("guides")
    variable = environ.get("ECPS_GUIDES")
    ours = [packaged] if is_folder(packaged) else []
    if installed and is_folder(installed.folder):
        ours.insert(int(verified_on(packaged) > installed.over), installed.folder)
    if named is not None:
        above, remedy = named, "Vérifiez ce qui suit « --guides »."
    elif variable:
        above, remedy = _expanded(variable), "Vérifiez la variable ECPS_GUIDES, ou enlevez-la."
    else:
        above, remedy = ours[0] if ours else packaged, how_to_reinstall()
    if not is_folder(above):
        raise NotFound(f"Le dossier de guides « {visible_line(above)} » n’existe pas. {remedy}")
    return [above, *(each for each in ours if not is_same(above, each))]


def verified_on(folder: Path) -> str:
    """Latest day on which something of a folder was verified, as ISO 8601 has it; empty if nothing was."""
    texts = (path.read_text("utf-8", "replace") for path in folder.glob("*.y*ml") if path.is_file())
    return max((day for text in texts for day in _VERIFIED.findall(text)), default="")


_VERIFIED = re.compile(r"\bverified_on: *(\d{4}-\d\d-\d\d)")


def listing(folder: Path) -> Listing:
    """Files of a folder of guides.

    Raises:
        NotFound: the folder cannot be listed.

    """
    try:
        paths = [folder / path.name for path in folder.iterdir() if not path.name.startswith(".")]
    except OSError:
        raise NotFound(f"Le dossier « {visible_line(folder)} » ne peut pas être lu. Vérifiez vos droits.") from None
    files: dict[str, Path] = {}
    unread: dict[str, str] = {}
    for path in sorted(paths, key=lambda path: (path.stem, path.suffix)):  # .yaml before .yml
        meant = _meant(path)
        if meant.suffix not in SUFFIXES:
            continue
        if meant.name != path.name:  # not as paths: to Windows they are equal whatever the case
            unread[path.name] = (
                f"ce fichier n’est pas lu à cause de son nom. Renommez-le « {visible_line(meant.name)} »."
            )
        elif (first := files.setdefault(path.stem, path)) != path:
            said = f"ce fichier n’est pas lu : « {visible_line(first.name)} » l’est à sa place. Gardez l’un des deux."
            unread[path.name] = said
    files.pop(Path(FACTS).stem, None)
    return Listing(files, unread)


def fact_kinds(text: str) -> dict[str, str]:
    """Kinds of the facts of a file, by id: as much of its YAML as completing a word needs."""
    return dict(re.findall(r"^([a-z0-9][a-z0-9-]*):[\s{]+kind: *([a-z]+)", text, re.MULTILINE))


def yaml_file(path: Path) -> Path:
    """File of that path, whichever of the two suffixes it has; the path itself where there is none."""
    return next(filter(exists, map(path.with_suffix, SUFFIXES)), path)


def is_facts(path: Path) -> bool:
    """Whether a file is one of facts, by its name."""
    return path.stem == Path(FACTS).stem and path.suffix in SUFFIXES


def _expanded(named: str) -> Path:
    """Path with its `~` expanded, as a shell does before a command sees it; as it is where there is no home."""
    try:
        return Path(named).expanduser()
    except RuntimeError:
        return Path(named)


def _meant(path: Path) -> Path:
    """Name that a file was probably to have: without the `.txt` that an editor added, its suffix in small letters."""
    without = path.with_suffix("") if path.suffix.lower() == ".txt" else path
    return without.with_suffix(without.suffix.lower())


def mode_of(path: Path) -> int:
    """Kind of what is at a path, as `stat` has it; 0 if nothing can be seen there."""
    try:
        return path.stat().st_mode
    except (OSError, ValueError):
        return 0


def is_same(one: Path, other: Path) -> bool:
    """Whether two paths lead to one folder, however they are spelt."""
    try:
        return one == other or one.samefile(other)
    except (OSError, ValueError):
        return False


def exists(path: Path) -> bool:
    """Whether something can be seen at a path."""
    return mode_of(path) != 0


def is_folder(path: Path) -> bool:
    """Whether there is a folder at a path."""
    return stat.S_ISDIR(mode_of(path))
