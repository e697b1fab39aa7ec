"""Guides from elsewhere, as bytes that nobody has trusted yet: a folder, a zip or an https address, all bounded.

Only files of guides and facts are taken, all from one folder, by their bare names: nothing can be written elsewhere.
"""

from __future__ import annotations

import hashlib
import io
import re
import stat
import time
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from ecps_cli.core.text import visible_line
from ecps_cli.loading.folders import FACTS, SUFFIXES, is_folder
from ecps_cli.loading.problems import NotFound
from ecps_cli.loading.text_file import LARGEST

if TYPE_CHECKING:
    from http.client import HTTPResponse

MOST_BYTES = 5_000_000
"""How large a source may be, packed or unpacked; the shipped guides have some 150,000 bytes."""
MOST_FILES = 200
MOST_ENTRIES = 20_000
"""How many files an archive may hold in all: that of a whole repository has a few hundred."""
PATIENCE = 15
"""Seconds to wait for an answer, and for each part of it."""
LONGEST = 60
"""Seconds that a download may take."""
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def _refusal(source: str, said: str) -> NotFound:
    """What is wrong with a source, in a sentence that begins with its name."""
    return NotFound(f"« {visible_line(source)} » {said}")


class Arrived(NamedTuple):
    """Files of guides that came from a source."""

    files: dict[str, bytes]
    """By name."""
    sha256: str
    """Of the zip; of a folder, of the lines that `sha256sum *.yaml` prints there."""


def arrive(source: str) -> Arrived:
    """Files of guides of a folder, a zip or an https address.

    Raises:
        NotFound: there is no such source, it does not answer, or it is not what it should be; its text is the sentence.

    """
    if re.match(r"[a-z]+://", source, re.IGNORECASE):
        return _unzipped(_downloaded(source), source)
    path = Path(source)
    if is_folder(path):
        return _gathered(path)
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # looked at before it is opened: a pipe would never answer
            raise _refusal(source, "est un périphérique ou un tube. Donnez un dossier, un zip ou une adresse https.")
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise _refusal(source, "n’existe pas. Donnez un dossier, un zip ou une adresse https.") from None
    except (OSError, ValueError):
        raise _refusal(source, "ne peut pas être lu. Vérifiez son chemin et vos droits.") from None
    return _unzipped(raw, source)


# --------------------------------------------------------------------------------------------------------- an address


def _downloaded(url: str) -> bytes:
    """Bytes of an address, over https from end to end."""
    import http.client
    import ssl
    import urllib.error
    import urllib.request

    class OnlyHttps(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *arguments: Any, **named: Any) -> urllib.request.Request | None:
            _check_address(arguments[-1] if arguments else named["newurl"])
            return super().redirect_request(*arguments, **named)

    _check_address(url)
    try:
        with urllib.request.build_opener(OnlyHttps).open(url, timeout=PATIENCE) as answer:
            return _all_of(answer, url)
    except urllib.error.HTTPError as error:
        raise _refusal(url, f"répond {error.code}. Vérifiez l’adresse, ou demandez le zip.") from None
    except urllib.error.URLError as error:
        if isinstance(error.reason, ssl.SSLError):
            raise NotFound(f"Le certificat de « {visible_line(url)} » n’est pas reconnu. {ASK}") from None
        raise _refusal(url, f"ne répond pas. {ASK}") from None
    except (OSError, http.client.HTTPException, ValueError):
        raise _refusal(url, f"ne répond pas jusqu’au bout. {ASK}") from None


ASK = "Vérifiez le réseau et l’adresse, ou demandez le fichier zip."


def _check_address(url: str) -> None:
    """Refuse an address that is not https, or that holds a name and a password."""
    try:
        parts = urlsplit(url)
        sound = parts.scheme == "https" and parts.hostname and "@" not in parts.netloc
    except ValueError:
        sound = False
    if not sound:
        raise _refusal(url, "n’est pas une adresse https sans mot de passe : rien n’est pris d’ailleurs.")


def _all_of(answer: HTTPResponse, url: str) -> bytes:
    until, raw = time.monotonic() + LONGEST, b""
    while len(raw) <= MOST_BYTES and (part := answer.read1(65536)):
        raw += part
        if time.monotonic() > until:
            raise _refusal(url, f"répond trop lentement. {ASK}")
    missing = int(answer.headers.get("Content-Length") or len(raw)) - len(raw)
    if missing > 0 and len(raw) <= MOST_BYTES:
        raise _refusal(url, f"ne répond pas jusqu’au bout. {ASK}")
    return raw


# ------------------------------------------------------------------------------------------------ a zip, or a folder


def _unzipped(raw: bytes, source: str) -> Arrived:
    """Files of guides in a zip: those of its shallowest folder that has facts, or of its top."""
    if len(raw) > MOST_BYTES:
        raise _refusal(source, "dépasse 5 Mo. Vérifiez que ce sont des guides.")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = archive.infolist()
            _check_entries(entries, source)
            names = [PurePosixPath(entry.filename) for entry in entries if not entry.is_dir()]
            home = _home(names)
            wanted = [entry for entry in entries if _is_wanted(PurePosixPath(entry.filename), home)]
            files: dict[str, bytes] = {}
            for entry in wanted:
                with archive.open(entry) as file:
                    files[PurePosixPath(entry.filename).name] = file.read(LARGEST + 1)  # whatever size it claims
                if sum(map(len, files.values())) > MOST_BYTES or len(files) > MOST_FILES:
                    break
            _check_files(files, source)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, IndexError):
        raise _refusal(source, "n’est pas un zip, ou il est abîmé. Demandez-le à nouveau.") from None
    except (RuntimeError, NotImplementedError):  # encrypted, or packed in a way that Python does not know
        raise NotFound(f"Le zip « {visible_line(source)} » est protégé ou d’une sorte inconnue. Refaites-le.") from None
    return Arrived(files, hashlib.sha256(raw).hexdigest())


def _check_entries(entries: list[zipfile.ZipInfo], source: str) -> None:
    """Refuse an archive whose entries lead elsewhere, hide one another, or are too many to look at."""
    names = [entry.filename for entry in entries]
    if len(names) > MOST_ENTRIES:
        raise NotFound(
            f"Le fichier zip « {visible_line(source)} » contient trop de fichiers pour être un jeu de guides."
        )
    for name in names:
        if name.startswith("/") or ".." in PurePosixPath(name).parts or {"\\", ":"} & {*name}:
            raise _refusal(
                source, f"voudrait écrire hors de son dossier : « {visible_line(name[:60])} ». N’en prenez rien."
            )
    if len({*names}) < len(names):
        raise NotFound(f"Le fichier zip « {visible_line(source)} » contient deux fichiers du même nom. Refaites-le.")


def _home(names: Iterable[PurePosixPath]) -> PurePosixPath:
    """Folder of the guides: the shallowest one that has facts, or the top."""
    homes = (name.parent for name in names if name.name == FACTS)
    return min(homes, key=lambda home: (len(home.parts), home), default=PurePosixPath("."))


def _is_wanted(name: PurePosixPath, home: PurePosixPath) -> bool:
    return name.parent == home and name.suffix in SUFFIXES and not name.name.startswith(".")


def _gathered(folder: Path) -> Arrived:
    """Files of guides in a folder, or in the `guides` of a copy of the repository."""
    beneath = folder / "guides"
    home = beneath if (beneath / FACTS).is_file() and not (folder / FACTS).exists() else folder
    files: dict[str, bytes] = {}
    try:
        for path in sorted(home.iterdir()):
            if len(files) <= MOST_FILES and _is_wanted(PurePosixPath(path.name), PurePosixPath()) and path.is_file():
                with path.open("rb") as file:
                    files[path.name] = file.read(LARGEST + 1)
    except OSError:
        raise NotFound(f"Le dossier « {visible_line(folder)} » ne peut pas être lu. Vérifiez vos droits.") from None
    _check_files(files, str(folder))
    lines = (f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    return Arrived(files, hashlib.sha256("".join(lines).encode()).hexdigest())


def _check_files(files: dict[str, bytes], source: str) -> None:
    """Refuse files that are none, too many, too large, or oddly named."""
    if not files:
        raise _refusal(source, f"ne contient aucun guide. Il faut des fichiers .yaml, à côté de {FACTS}.")
    if len(files) > MOST_FILES or sum(map(len, files.values())) > MOST_BYTES or max(map(len, files.values())) > LARGEST:
        raise _refusal(source, "est trop gros pour des guides (5 Mo en tout, 1 Mo par fichier).")
    for name in files:
        if not NAME.fullmatch(name):
            raise _refusal(source, f"contient un fichier au nom imprévu, « {visible_line(name)} ». Renommez-le.")
