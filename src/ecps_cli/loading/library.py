"""Where guides and their facts are found: in a folder that is named or comes along, or in a file of one's own."""

from __future__ import annotations

import codecs
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, NoReturn

from ecps_cli.core.guide import Facts, Guide
from ecps_cli.loading.loader import load_facts, load_guide
from ecps_cli.loading.problems import Diagnostic, Position, Unknown, lines_of, refuse
from ecps_cli.loading.shipped import shipped

FACTS = "facts.yaml"
"""In a folder of guides, the facts that they name."""

LARGEST = 1_000_000
"""How many bytes a file may have; a long guide has thirty thousand."""

UNREADABLE, NOT_UTF_8 = "E101", "E103"
_START = Position(1, 1)


class NotFound(Exception):
    """There is no such guide or folder; its text is the sentence for who named it."""


class LoadedGuide(NamedTuple):
    """A guide with the facts that it names, where it was and what was written there."""

    guide: Guide
    facts: Facts
    path: Path
    text: str
    facts_text: str = ""
    """What was written where the facts were; empty when there are none."""


class Library:
    """One folder of guides, with its facts. What it reads of the facts it keeps."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._facts: dict[Path, tuple[Facts, str] | None] = {}

    def ids(self) -> tuple[str, ...]:
        """Ids of its guides, sorted.

        Raises:
            NotFound: the folder cannot be listed.

        """
        try:
            names = [Path(path.name) for path in self.folder.iterdir()]
        except OSError:
            raise NotFound(f"Le dossier « {shown(self.folder)} » ne peut pas être lu. Vérifiez vos droits.") from None
        return tuple(
            sorted(
                name.stem
                for name in names
                if name.suffix == ".yaml" and name.name != FACTS and not name.name.startswith(".")
            )
        )

    def facts(self) -> Facts:
        """Facts, by id; {} if it has none.

        Raises:
            LoadError: the file of facts has problems.

        """
        return self._own_facts()[0]

    def find(self, reference: str) -> LoadedGuide:
        """Guide of that id, or the one in the file of that path, with the facts beside it or its own.

        Raises:
            LoadError: the guide or the facts have problems, or cannot be read.
            NotFound: no guide has that id, and it is no path.

        """
        path, guide_id = self.locate(reference)
        beside = None if guide_id else self._facts_in(path.parent)
        return _load(path, *(self._own_facts() if beside is None else beside), guide_id)

    def locate(self, reference: str) -> tuple[Path, str | None]:
        """File of a guide, and its id when it is one of the library's; a path need not be there.

        Raises:
            NotFound: no guide has that id, and it is no path.

        """
        ids = self.ids()
        if reference in ids:
            return self.folder / f"{reference}.yaml", reference
        path = Path(reference)
        mode = _mode(path)
        if path.suffix.lower() in (".yaml", ".yml") or {*"/\\"} & {*reference} or (mode and not stat.S_ISDIR(mode)):
            return path, None
        remedy = f"Le dossier « {shown(self.folder)} » n’en contient aucun : donnez le chemin d’un fichier."
        raise NotFound(str(Unknown("Le guide", shown(reference), ids, remedy)))

    def _own_facts(self) -> tuple[Facts, str]:
        return self._facts_in(self.folder) or ({}, "")

    def _facts_in(self, folder: Path) -> tuple[Facts, str] | None:
        """Facts of a folder and the text that they were read from, or None if it has none."""
        if folder not in self._facts:
            path = folder / FACTS
            text = read_text(path) if exists(path) else None
            self._facts[folder] = None if text is None else (load_facts(text, shown(path)), text)
        return self._facts[folder]


def open_library(folder: Path | None, environ: Mapping[str, str]) -> Library:
    """Library of a folder; failing that of the folder in `ECPS_GUIDES`, then of the one that comes along.

    Raises:
        NotFound: there is no such folder.

    """
    named = environ.get("ECPS_GUIDES")
    if folder is not None:
        remedy = "Vérifiez ce qui suit « --guides »."
    elif named:
        folder, remedy = _expanded(named), "Vérifiez la variable ECPS_GUIDES, ou enlevez-la."
    else:
        folder, remedy = shipped("guides"), "Réinstallez ecps-guide."
    if not is_folder(folder):
        raise NotFound(f"Le dossier de guides « {shown(folder)} » n’existe pas. {remedy}")
    return Library(folder)


def _expanded(named: str) -> Path:
    """Path with its `~` expanded, as a shell does before a command sees it; as it is where there is no home."""
    try:
        return Path(named).expanduser()
    except RuntimeError:
        return Path(named)


def read_text(path: Path) -> str:
    """Text of a file in UTF-8, without its byte order mark.

    Raises:
        LoadError: there is no such file, or it is no text that can be read in bounded time.

    """
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):  # looked at before it is opened: a pipe would never answer
            what = "un dossier" if stat.S_ISDIR(mode) else "un périphérique ou un tube"
            _refuse(path, f"c’est {what}, pas un fichier. Donnez le chemin d’un fichier .yaml.", UNREADABLE)
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        _refuse(path, "ce fichier n’existe pas. Vérifiez son chemin.", UNREADABLE)
    except PermissionError:
        said = "vous n’avez pas le droit de lire ce fichier. Demandez-le, ou copiez le fichier ailleurs."
        _refuse(path, said, UNREADABLE)
    except (OSError, ValueError):
        _refuse(path, "ce fichier ne peut pas être lu. Vérifiez son chemin.", UNREADABLE)
    if len(raw) > LARGEST:
        _refuse(path, "ce fichier dépasse 1 Mo. Vérifiez que c’est un guide, ou coupez-le en plusieurs.", "E102")
    return _decoded(path, raw)


def _load(path: Path, facts: Facts, facts_text: str, stem: str | None = None) -> LoadedGuide:
    text = read_text(path)
    return LoadedGuide(load_guide(text, shown(path), facts, stem=stem), facts, path, text, facts_text)


def _decoded(path: Path, raw: bytes) -> str:
    raw = raw.removeprefix(codecs.BOM_UTF8)
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in raw[:2]:
        _refuse(path, "ce fichier est en UTF-16. Enregistrez-le en UTF-8.", NOT_UTF_8)
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        lines = lines_of(raw[: error.start].decode())
        position = Position(len(lines), len(lines[-1]) + 1)
        _refuse(path, "ce fichier n’est pas en UTF-8. Enregistrez-le en UTF-8.", NOT_UTF_8, position)


def _refuse(path: Path, message: str, code: str, position: Position = _START) -> NoReturn:
    refuse(shown(path), [Diagnostic(position, message, code)])


def _mode(path: Path) -> int:
    """Kind of what is at a path, as `stat` has it; 0 if nothing can be seen there."""
    try:
        return path.stat().st_mode
    except (OSError, ValueError):
        return 0


def exists(path: Path) -> bool:
    """Whether something can be seen at a path."""
    return _mode(path) != 0


def is_folder(path: Path) -> bool:
    """Whether there is a folder at a path."""
    return stat.S_ISDIR(_mode(path))


def shown(path: Path | str) -> str:
    """Path as it can be printed: the name of a file may hold anything."""
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in str(path))
