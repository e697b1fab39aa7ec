"""A file into the text that it holds, in UTF-8 and of bounded size; or the reason why it is none."""

from __future__ import annotations

import codecs
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from ecps_cli.core.text import visible_line
from ecps_cli.loading.folders import SUFFIXES, exists
from ecps_cli.loading.problems import Diagnostic, Position, lines_of, refuse

LARGEST = 1_000_000
"""How many bytes a file may have; a long guide has thirty thousand."""

UNREADABLE, TOO_LARGE, NOT_UTF_8, OTHER_KIND = "E101", "E102", "E103", "E108"
_START = Position(1, 1)


def read_text(path: Path, largest: int = LARGEST) -> str:
    """Text of a file in UTF-8, without its byte order mark, of so many bytes at most.

    Raises:
        LoadError: there is no such file, or it is no text that can be read in bounded time.

    """
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):  # looked at before it is opened: a pipe would never answer
            what = "un dossier" if stat.S_ISDIR(found.st_mode) else "un périphérique ou un tube"
            _refuse(path, f"c’est {what}, pas un fichier. Donnez le chemin d’un fichier .yaml.", UNREADABLE)
        with path.open("rb") as file:
            raw = file.read(min(found.st_size, largest) + 1)  # to make room for the largest takes longer than to read
            if len(raw) > found.st_size:  # it has grown
                raw += file.read(largest + 1 - len(raw))
    except (FileNotFoundError, NotADirectoryError):
        near = next((each.name for each in _alike(path) if exists(each)), None)
        remedy = f"Vérifiez son nom : « {visible_line(near)} » est à côté." if near else "Vérifiez son chemin."
        _refuse(path, f"ce fichier n’existe pas. {remedy}", UNREADABLE)
    except PermissionError:
        said = "vous n’avez pas le droit de lire ce fichier. Demandez-le, ou copiez le fichier ailleurs."
        _refuse(path, said, UNREADABLE)
    except (OSError, ValueError):
        _refuse(path, "ce fichier ne peut pas être lu. Vérifiez son chemin.", UNREADABLE)
    if kind := other_kind(raw):
        said = f"c’est {kind}, pas un texte. Enregistrez-le « en texte brut », en UTF-8, sous un nom en .yaml."
        _refuse(path, said, OTHER_KIND)
    if len(raw) > largest:
        remedy = "Vérifiez que c’est un guide, ou coupez-le en plusieurs." if largest == LARGEST else "Vérifiez-le."
        _refuse(path, f"ce fichier dépasse {largest // 1_000_000} Mo. {remedy}", TOO_LARGE)
    return _decoded(path, raw)


_KINDS = (
    (b"PK\x03\x04", "un document Word ou LibreOffice"),
    (b"\xd0\xcf\x11\xe0", "un document Word"),
    (b"{\\rtf", "un document RTF (Word, WordPad, TextEdit)"),
    (b"%PDF-", "un PDF"),
    (b"<!DOCTYPE", "une page web"),
    (b"<!doctype", "une page web"),
    (b"<html", "une page web"),
)
"""How files of another kind than text begin, whatever their names."""


def other_kind(raw: bytes) -> str | None:
    """Words for the kind of a file that is no text; None if it may be one."""
    begins = raw[:100].removeprefix(codecs.BOM_UTF8).lstrip()
    return next((kind for sign, kind in _KINDS if begins.startswith(sign)), None)


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


def _alike(path: Path) -> Iterator[Path]:
    """Names that a file may have when its own leads nowhere: an editor adds `.txt`, a person writes `.yml`."""
    if path.name:
        yield path.with_name(f"{path.name}.txt")
        yield from (path.with_suffix(suffix) for suffix in SUFFIXES)


def _refuse(path: Path, message: str, code: str, position: Position = _START) -> NoReturn:
    refuse(visible_line(path), [Diagnostic(position, message, code)])
