"""`guides`: what is in use and from where; newer guides checked, compared, agreed to, installed, taken back.

Whatever is refused leaves what was installed as it was, byte for byte.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import ssl
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from ecps_cli import __version__
from ecps_cli.loading import sources
from ecps_cli.loading.library import open_library
from ecps_cli.storage.guide_sets import GuideSets
from support.commands import Ran, call
from support.sample import START

FACTS = (
    "here: {kind: source, name: Ici, value: Ce test}\n"
    'aide: {kind: phone, name: Aide, value: "0 800 00 00 00", source: here, verified_on: 2026-11-01}\n'
)
GUIDE = """\
format: 1
id: mine
version: "1"
title: "Le mien"
verified_on: 2026-11-01
review_by: 2027-04-01
sources: [here]
contacts: [aide]
fits: ["Essai."]
steps:
  - {id: open, who: doctor, device: phone, do: "Ouvrir l’application.", expect: "L’accueil est affiché."}
  - {id: name, who: support, ask: "Nom du service", keep: full, end: finished}
outcomes:
  finished: {success: true, text: "C’est fini."}
"""
NEWER = (
    GUIDE.replace('"1"', '"2"')
    .replace("verified_on: 2026-11-01", "verified_on: 2026-11-20")
    .replace("Nom du service", "Nom du cabinet")
    .replace(", end: finished}", '}\n  - {id: last, who: support, ask: "Autre", keep: never, end: finished}')
)
NEWER_FACTS = FACTS.replace("00 00 00", "11 11 11").replace("2026-11-01", "2026-11-20")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep what is installed, and what guides are found, in a folder of the test's own."""
    monkeypatch.setenv("ECPS_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("ECPS_GUIDES", raising=False)
    return tmp_path


def folder_of(home: Path, guide: str = GUIDE, facts: str = FACTS, name: str = "source") -> str:
    """Folder with a guide and its facts."""
    folder = home / name
    folder.mkdir(exist_ok=True)
    (folder / "mine.yaml").write_text(guide, encoding="utf-8")
    (folder / "facts.yaml").write_text(facts, encoding="utf-8")
    return str(folder)


def zip_of(files: dict[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


SOUND = zip_of({"mine.yaml": NEWER, "facts.yaml": NEWER_FACTS})


def written(home: Path, raw: bytes) -> str:
    path = home / "guides.zip"
    path.write_bytes(raw)
    return str(path)


def update(source: str, *options: str, typed: str = "oui\n") -> Ran:
    return call("guides", "--update", source, *options, typed=typed)


def installed(home: Path) -> dict[str, bytes]:
    """All that is kept of installed guides, by name."""
    root = home / "data" / "guides"
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.fixture
def before(home: Path) -> dict[str, bytes]:
    """Install a guide, and return what is then kept: what every refusal must leave so."""
    install(home, GUIDE)
    return installed(home)


def install(home: Path, guide: str) -> None:
    sets = GuideSets(home / "data")
    with sets.staged({"mine.yaml": guide.encode(), "facts.yaml": FACTS.encode()}) as staged:
        sets.install(staged, "ailleurs", "5ea1" * 16, "2999-01-01", START)


def refused(home: Path, before: dict[str, bytes], ran: Ran, says: str) -> None:
    """Hold a refusal: 1, one sentence without a bug in it, and nothing changed."""
    assert ran.code == 1, ran
    assert says in ran.said
    assert "Une erreur de l’outil" not in ran.said
    assert installed(home) == before
    assert not [*(home / "data" / "guides").glob(".*")]
    assert "Le mien" in call("show", "mine").out


# ------------------------------------------------------------------------------------------------------- what is in use


def test_what_is_in_use_is_said(home: Path) -> None:
    """`guides` says each guide with version and dates, how many facts, and where they come from."""
    ran = call("guides")
    assert ran.code == 0
    assert ran.out.startswith(f"Fournis avec ecps-guide {__version__} :\n")
    shelf = open_library(None, {})
    for guide_id in shelf.ids():
        guide = shelf.find(guide_id).guide
        assert f"{guide_id:<19} v{guide.version:<7} vérifié {guide.verified_on:%d/%m/%Y}" in ran.out
    assert f"{len(shelf.facts())} faits" in ran.said
    assert "ecps-guide guides --update SOURCE" in ran.out


def test_each_folder_is_named_and_what_it_replaces(home: Path) -> None:
    """A folder of one's own is named above what comes along; a guide that is replaced is said so; one overdue too."""
    own = Path(folder_of(home))
    (own / "fraud.yaml").write_text(GUIDE.replace("id: mine", "id: fraud"), encoding="utf-8")
    (own / "mine.yaml").write_text(GUIDE.replace("2027-04-01", "2026-11-02"), encoding="utf-8")
    ran = call("guides", "--guides", str(own))
    assert ran.out.startswith(f"Du dossier {own} :\n")
    assert "à relire depuis le 02/11/2026" in ran.out
    assert "remplacés par ceux d’au-dessus : fraud" in ran.said


def test_a_guide_to_review_says_so_at_its_start(home: Path) -> None:
    """A guide past its `review_by` says so before its first step, and how to get a newer one; its source, if known."""
    source = folder_of(home, GUIDE.replace("2027-04-01", "2026-11-02"))
    ran = call("run", f"{source}/mine.yaml", "--plain")
    said = "Ce guide est à relire depuis le 02/11/2026 : un écran peut avoir changé. Un guide plus récent : ecps-guide"
    assert f"{said} guides --update SOURCE" in ran.said
    assert update(source).code == 0
    assert f"guides --update {source}" in call("run", "mine", "--plain").said
    assert "à relire" not in call("run", "fraud", "--plain").said


def test_an_urgent_guide_to_review_says_so_too(home: Path) -> None:
    """A guide that begins with a critical step has no opening: its first screen says it."""
    critical = '"L’accueil est affiché.", critical: true, why: "Tout de suite."}'
    text = GUIDE.replace('"L’accueil est affiché."}', critical).replace("2027-04-01", "2026-11-02")
    ran = call("run", f"{folder_of(home, text)}/mine.yaml", "--plain", typed="v\n")
    assert "Guide à relire depuis le 02/11/2026" in ran.said
    assert "Un guide plus récent : ecps-guide guides --update SOURCE" in ran.said


# ----------------------------------------------------------------------------------------------------------- installing


def test_a_folder_is_installed_and_taken_back(home: Path) -> None:
    """What changes is shown step by step, a yes installs it for the user, and `--rollback` takes it back, twice."""
    source = folder_of(home)
    first = update(source)
    assert first.code == 0
    assert "+ guide mine, version 1 : Le mien (2 étapes)" in first.out
    assert "+ fait aide : 0 800 00 00 00" in first.out
    assert "Installer ces guides pour vous" in first.said
    second = update(folder_of(home, NEWER, NEWER_FACTS))
    assert second.code == 0
    for line in (
        "~ guide mine, version 1 → 2",
        "~ étape name : « Nom du service » → « Nom du cabinet »",
        "+ étape last : Autre",
        "~ verified_on",
        "~ fait aide : 0 800 00 00 00 → 0 811 11 11 00",
    ):
        assert line in second.out
    assert "Nom du cabinet" in call("show", "mine").out
    assert call("guides").out.startswith("Installés le ")
    assert call("guides", "--rollback", typed="oui\n").code == 0
    assert "Nom du service" in call("show", "mine").out
    assert call("guides", "--rollback", typed="oui\n").code == 0
    assert call("show", "mine").code == 1
    assert "Aucun guide n’a été installé" in call("guides", "--rollback").said


@pytest.mark.parametrize("typed", ["non\n", "\n", ""], ids=["no", "Enter", "end"])
def test_nothing_is_installed_or_taken_back_without_a_yes(home: Path, before: dict[str, bytes], typed: str) -> None:
    """Without a clear yes nothing changes, and a line says so."""
    refused(home, before, update(folder_of(home, NEWER, NEWER_FACTS), typed=typed), "Rien n’a été changé.")
    refused(home, before, call("guides", "--rollback", typed=typed), "Rien n’a été changé.")


def test_what_is_in_use_already_is_not_installed_again(home: Path, before: dict[str, bytes]) -> None:
    """The same guides are said to be the same; nothing is asked."""
    ran = update(folder_of(home), typed="")
    assert (ran.code, installed(home)) == (0, before)
    assert "à l’identique" in ran.said


@pytest.mark.parametrize(
    "files",
    [
        {"mine.yaml": NEWER, "facts.yaml": NEWER_FACTS},
        {"jeu/mine.yaml": NEWER, "jeu/facts.yaml": NEWER_FACTS, "jeu/LISEZ-MOI.txt": "x"},
        {
            "repo-1.0/.pre-commit-config.yaml": "x",
            "repo-1.0/mkdocs.yml": "x: 1",
            "repo-1.0/guides/mine.yaml": NEWER,
            "repo-1.0/guides/facts.yaml": NEWER_FACTS,
            "repo-1.0/guides/tests/mine.yaml": "x",
            "repo-1.0/tests/deep/er/facts.yaml": "x",
        },
    ],
    ids=["flat", "folder", "repository"],
)
def test_a_zip_is_installed(home: Path, before: dict[str, bytes], files: dict[str, bytes | str]) -> None:
    """A zip gives the guides of its shallowest folder that has facts: its top, a folder, those of a repository."""
    raw = zip_of(files)
    ran = update(written(home, raw))
    assert ran.code == 0
    assert hashlib.sha256(raw).hexdigest() in ran.out
    assert "Nom du cabinet" in call("show", "mine").out
    (name,) = {each.split("/")[0] for each in installed(home).keys() - before.keys()}
    assert {each for each in installed(home) if each.startswith(name)} == {f"{name}/mine.yaml", f"{name}/facts.yaml"}


def test_a_copy_of_the_repository_gives_its_guides(home: Path) -> None:
    """Of a folder that has none itself, those of its folder `guides` are taken."""
    (home / "copy" / "guides").mkdir(parents=True)
    for path in Path(folder_of(home)).iterdir():
        path.rename(home / "copy" / "guides" / path.name)
    (home / "copy" / "mkdocs.yml").write_text("x: 1\n", encoding="utf-8")
    assert update(str(home / "copy")).code == 0


def test_a_pinned_hash_is_held(home: Path, before: dict[str, bytes]) -> None:
    """`--sha256` lets these very bytes through, in either case, and no others."""
    source, right = written(home, SOUND), hashlib.sha256(SOUND).hexdigest()
    refused(home, before, update(source, "--sha256", "0" * 64), "Ce n’est pas l’empreinte attendue")
    assert update(source, "--sha256", right.upper()).code == 0


def test_a_hash_of_a_folder_is_that_of_its_sums(home: Path) -> None:
    """That of a folder is what `sha256sum *.yaml | sha256sum` says there."""
    folder = Path(folder_of(home))
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(folder.glob("*.yaml"))
    ]
    assert hashlib.sha256("".join(lines).encode()).hexdigest() in update(str(folder), typed="").out


def test_no_more_than_three_sets_are_kept(home: Path) -> None:
    """Old sets go, the last three stay."""
    for number in range(1, 6):
        install(home, GUIDE.replace('"1"', f'"{number}"'))
    sets = json.loads((home / "data/guides/installed.json").read_text("utf-8"))
    assert len(sets) == 3
    assert {each.split("/")[0] for each in installed(home)} == {"installed.json", *(one[0] for one in sets)}


def test_a_newer_tool_is_not_held_back(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once the tool brings guides verified later than those that were replaced, its own hold; the others stay."""
    own = Path(folder_of(home))
    (own / "fraud.yaml").write_text(
        GUIDE.replace("id: mine", "id: fraud").replace("verified_on: 2026-11-01", "verified_on: 2027-01-01"), "utf-8"
    )
    assert update(str(own)).code == 0
    assert "Le mien" in call("show", "fraud").out
    monkeypatch.setattr("ecps_cli.loading.folders.verified_on", lambda _: "2027-02-01")
    assert "Le mien" not in call("show", "fraud").out
    assert "Le mien" in call("show", "mine").out


# ---------------------------------------------------------------------------------------------------------- bad sources


def test_older_guides_are_refused(home: Path) -> None:
    """A guide verified before the one in use, of a lower version, or a fact seen before, is named, with both dates."""
    assert update(folder_of(home, NEWER, NEWER_FACTS)).code == 0
    before = installed(home)
    for guide, facts, named in (
        (GUIDE, NEWER_FACTS, "mine, version 1 vérifiée le"),
        (NEWER.replace('"2"', '"1.9"'), NEWER_FACTS, "mine, version 1.9 vérifiée le"),
        (NEWER, FACTS, "aide, vu le"),
    ):
        ran = update(folder_of(home, guide, facts))
        refused(home, before, ran, f"Plus ancien que ce qui est en usage : {named}")
        assert "ecps-guide guides --rollback" in ran.said


@pytest.mark.parametrize(
    ("guide", "facts", "says"),
    [
        (NEWER.replace("keep: full", "kep: full"), NEWER_FACTS, "la clé « kep » n’existe pas"),
        (NEWER.replace("Nom du cabinet", "Code PIN du médecin"), NEWER_FACTS, "E"),
        (NEWER, "x: [", "facts.yaml:1:"),
        (NEWER.replace("[here]", "[there]"), NEWER_FACTS, "there"),
        ("", NEWER_FACTS, "mine.yaml:1:1"),
    ],
    ids=["key", "secret", "facts", "fact", "empty"],
)
def test_guides_with_faults_are_refused(
    home: Path, before: dict[str, bytes], guide: str, facts: str, says: str
) -> None:
    """What `check` refuses is not installed: each fault with its place, and that nothing was changed."""
    ran = update(folder_of(home, guide, facts))
    refused(home, before, ran, says)
    assert "Ces guides ne passent pas « check ». Rien n’a été changé." in ran.said


def bomb() -> bytes:
    return zip_of({"facts.yaml": FACTS, **{f"g{number}.yaml": b"#" * 1_000_000 for number in range(8)}})


def encrypted() -> bytes:
    raw = bytearray(zip_of({"mine.yaml": GUIDE}))
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    return bytes(raw)


def twice() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mine.yaml", NEWER)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("mine.yaml", "x")
    return out.getvalue()


BAD_ZIPS: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "n’est pas un zip, ou il est abîmé"),
    "a page": (lambda: b"<!doctype html><title>Portail</title>", "n’est pas un zip, ou il est abîmé"),
    "cut": (lambda: SOUND[:-30], "n’est pas un zip, ou il est abîmé"),
    "beginning lost": (lambda: SOUND[200:], "n’est pas un zip, ou il est abîmé"),
    "nothing in it": (lambda: zip_of({}), "ne contient aucun guide"),
    "no guides": (lambda: zip_of({"a.txt": "x"}), "ne contient aucun guide"),
    "slip": (lambda: zip_of({"mine.yaml": NEWER, "../../evil.yaml": "x"}), "hors de son dossier"),
    "absolute": (lambda: zip_of({"/etc/evil.yaml": NEWER}), "hors de son dossier"),
    "backslash": (lambda: zip_of({"..\\evil.yaml": NEWER}), "hors de son dossier"),
    "drive": (lambda: zip_of({"C:evil.yaml": NEWER}), "hors de son dossier"),
    "bomb": (bomb, "est trop gros pour des guides"),
    "one large file": (lambda: zip_of({"mine.yaml": b"#" * 1_000_001}), "est trop gros pour des guides"),
    "many": (lambda: zip_of({f"g{number}.yaml": "x" for number in range(201)}), "est trop gros pour des guides"),
    "large": (lambda: b"PK\x03\x04" + b"x" * 5_000_001, "dépasse 5 Mo"),
    "encrypted": (encrypted, "est protégé ou d’une sorte inconnue"),
    "twice": (twice, "deux fichiers du même nom"),
    "odd name": (lambda: zip_of({"mi ne.yaml": NEWER}), "un fichier au nom imprévu"),
}


@pytest.mark.parametrize("kind", BAD_ZIPS)
def test_a_bad_zip_is_refused(home: Path, before: dict[str, bytes], kind: str) -> None:
    """A zip that is damaged, leads elsewhere, swells or is no set of guides gets a sentence."""
    make, says = BAD_ZIPS[kind]
    refused(home, before, update(written(home, make())), says)


def test_a_zip_with_any_byte_changed_is_read_or_refused(home: Path) -> None:
    """No damage makes a zip end in anything but its files or a sentence: bytes all over it, one at a time."""
    path = home / "guides.zip"
    for place in range(0, len(SOUND), 7):
        raw = bytearray(SOUND)
        raw[place] ^= 0xFF
        path.write_bytes(raw)
        with suppress(sources.NotFound):
            assert sources.arrive(str(path)).files


@pytest.mark.parametrize("source", ["nowhere", "nowhere.zip", "no\0thing", "file.yaml/x"])
def test_a_source_that_is_not_there_is_refused(home: Path, before: dict[str, bytes], source: str) -> None:
    """What cannot be read gets a sentence."""
    assert update(source).code == 1
    assert installed(home) == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a pipe with a name is POSIX")
def test_a_source_that_is_a_pipe_is_refused(home: Path, before: dict[str, bytes], tmp_path: Path) -> None:
    """What would never answer is not opened."""
    os.mkfifo(tmp_path / "pipe.zip")
    ran = update(str(tmp_path / "pipe.zip"))
    assert (ran.code, "est un périphérique ou un tube" in ran.said) == (1, True)
    assert installed(home) == before


# --------------------------------------------------------------------------------------------------------------- https


class Answer(io.BytesIO):
    """What a server answers."""

    def __init__(self, raw: bytes, length: int | None = None) -> None:
        super().__init__(raw)
        self.headers = Message()
        self.headers["Content-Length"] = str(len(raw) if length is None else length)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What the address answers, or raises, in turn; the requests are kept behind them."""
    queue: list[Any] = []

    def opened(_: Any, url: Any, data: Any = None, timeout: float = 0) -> Answer:
        assert 0 < timeout <= 30
        found = queue.pop(0)
        if isinstance(found, BaseException):
            raise found
        return Answer(found) if isinstance(found, bytes) else found

    monkeypatch.setattr(urllib.request.OpenerDirector, "open", opened)
    yield queue
    assert queue == [], "asked once for each"


ADDRESS = "https://example.org/guides.zip"


def test_an_address_is_installed(home: Path, before: dict[str, bytes], answers: list[Any]) -> None:
    """A zip at an https address is installed like a file; `guides` names it."""
    answers.append(SOUND)
    assert update(ADDRESS).code == 0
    assert f"depuis {ADDRESS} (SHA-256 {hashlib.sha256(SOUND).hexdigest()})" in call("guides").said


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (urllib.error.URLError(OSError("refused")), "ne répond pas. Vérifiez le réseau"),
        (urllib.error.URLError(ssl.SSLCertVerificationError("self-signed")), "Le certificat de"),
        (urllib.error.HTTPError(ADDRESS, 404, "no", Message(), None), "répond 404"),
        (TimeoutError(), "ne répond pas jusqu’au bout"),
        (ConnectionResetError(), "ne répond pas jusqu’au bout"),
        (b"<html>", "n’est pas un zip"),
        (Answer(SOUND[:100], len(SOUND)), "ne répond pas jusqu’au bout"),
        (Answer(b"x" * 6_000_000), "dépasse 5 Mo"),
    ],
    ids=["none", "certificate", "404", "timeout", "reset", "page", "cut", "large"],
)
def test_an_address_that_fails_is_refused(
    home: Path, before: dict[str, bytes], answers: list[Any], answer: Any, says: str
) -> None:
    """An address that does not answer, or not with guides, gets a sentence."""
    answers.append(answer)
    refused(home, before, update(ADDRESS), says)


def test_a_slow_address_is_given_up(
    home: Path, before: dict[str, bytes], answers: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However slowly it drips, a download ends."""
    times = iter(range(0, 10_000, 50))
    monkeypatch.setattr("ecps_cli.loading.sources.time.monotonic", lambda: next(times))
    answers.append(Answer(b"x" * 1_000_000))
    refused(home, before, update(ADDRESS), "répond trop lentement")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/g.zip",
        "ftp://example.org/g.zip",
        "file:///etc/passwd",
        "https://a:b@example.org/",
        "https://[",
    ],
)
def test_only_https_without_a_password_is_asked(home: Path, before: dict[str, bytes], url: str) -> None:
    """Any other address is refused before anything is sent."""
    refused(home, before, update(url), "n’est pas une adresse https sans mot de passe")


def test_a_redirection_stays_on_https(monkeypatch: pytest.MonkeyPatch) -> None:
    """An https address that leads to a plain one is not followed."""
    seen: list[Any] = []
    monkeypatch.setattr(urllib.request, "build_opener", lambda handler: seen.append(handler()) or OpenNothing())  # type: ignore[func-returns-value]
    with pytest.raises(sources.NotFound):
        sources.arrive(ADDRESS)
    (handler,) = seen
    request = urllib.request.Request(ADDRESS)
    with pytest.raises(sources.NotFound, match="n’est pas une adresse https"):
        handler.redirect_request(request, None, 302, "Found", Message(), "http://example.org/g.zip")
    assert handler.redirect_request(request, None, 302, "Found", Message(), "https://example.org/g.zip")


class OpenNothing:
    """A way to open addresses by which none answers."""

    def open(self, *_: Any, **__: Any) -> Any:
        raise TimeoutError


# ------------------------------------------------------------------------------------------------------ what is damaged


def test_a_damaged_list_stops_no_walk(home: Path, before: dict[str, bytes]) -> None:
    """Where the list of what is installed is damaged, those that come along are used, and a line says what to do."""
    (home / "data/guides/installed.json").write_text("{", encoding="utf-8")
    ran = call("show", "fraud")
    assert ran.code == 0
    assert "est abîmé : on ne sait plus quels guides ont été installés." in ran.said
    for command in (("guides", "--rollback"), ("guides", "--update", folder_of(home))):
        assert call(*command, typed="oui\n").code == 1
    assert "mine" not in call("list").out


def test_an_account_without_a_folder_has_nothing_installed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can ever have been installed, no command says a word about it."""
    (home / "taken").write_text("a file", encoding="utf-8")
    assert call("list", environ={"ECPS_DATA": str(home / "taken")}).err == ""
    monkeypatch.delenv("ECPS_DATA")
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: Path("~") / "x")
    assert call("list").err == ""


def test_an_installation_that_fails_leaves_what_was_there(
    home: Path, before: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fills up at any write leaves the set before in use."""
    source, real, writes = folder_of(home, NEWER, NEWER_FACTS), Path.replace, 0
    for failing in (1, 2):
        writes = 0

        def replace(self: Path, target: Path, failing: int = failing) -> Path:
            nonlocal writes
            writes += 1
            if writes == failing:
                raise OSError(28, "No space left on device")
            return real(self, target)

        monkeypatch.setattr(Path, "replace", replace)
        ran = update(source)
        monkeypatch.setattr(Path, "replace", real)
        assert ran.code == 1
        assert "ne peut pas être écrit" in ran.said
        assert "Nom du service" in call("show", "mine").out
        assert before.items() <= installed(home).items()


def test_options_that_exclude_each_other(home: Path) -> None:
    """Two things at once are refused before anything is done."""
    for options in (("--update", "x", "--rollback"), ("--rollback", "--guides", str(home)), ("--sha256", "0")):
        assert call("guides", *options).code == 2
