"""Text files: what is read of a file, and what is said of one that cannot be read."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from ecps_cli.loading.library import Library
from ecps_cli.loading.problems import LoadError
from ecps_cli.loading.text_file import other_kind, read_text


def refusal(path: Path) -> str:
    """What is said of a file that is not read, without the folder of the test."""
    with pytest.raises(LoadError) as caught:
        read_text(path)
    return str(caught.value).replace(f"{path.parent}{os.sep}", "")


def bytes_in(path: Path, raw: bytes) -> Path:
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("id: é".encode("utf-16"), "1:1: ce fichier est en UTF-16. Enregistrez-le en UTF-8."),
        ("id: é".encode("utf-16-be"), "1:1: ce fichier est en UTF-16. Enregistrez-le en UTF-8."),
        ("id: é".encode("utf-16-le"), "1:1: ce fichier est en UTF-16. Enregistrez-le en UTF-8."),
        (b"\xff", "1:1: ce fichier n’est pas en UTF-8. Enregistrez-le en UTF-8."),
        ("id: a\ntitle: Créer".encode("cp1252"), "2:10: ce fichier n’est pas en UTF-8. Enregistrez-le en UTF-8."),
        (b"id: a\n\xe9", "2:1: ce fichier n’est pas en UTF-8. Enregistrez-le en UTF-8."),
        ("\ufeffé: à\r\n".encode() + b"\xc3", "2:1: ce fichier n’est pas en UTF-8. Enregistrez-le en UTF-8."),
        (b"#" * 1_000_001, "1:1: ce fichier dépasse 1 Mo. Vérifiez que c’est un guide, ou coupez-le en plusieurs."),
    ],
)
def test_bytes_that_are_no_text_are_refused(tmp_path: Path, raw: bytes, said: str) -> None:
    """What another encoding wrote, or no person did, is one problem, at the byte where it shows."""
    assert refusal(bytes_in(tmp_path / "x.yaml", raw)) == f"x.yaml:{said}"


def test_a_byte_order_mark_is_not_part_of_the_text(tmp_path: Path) -> None:
    """Notepad writes one; the text that a session keeps has none. Line breaks stay as they are."""
    assert read_text(bytes_in(tmp_path / "x.yaml", b"\xef\xbb\xbfid: \xc3\xa9\r\n")) == "id: é\r\n"
    assert read_text(bytes_in(tmp_path / "x.yaml", b"")) == ""


@pytest.mark.parametrize("told", [0, 1, 7])
def test_a_file_that_has_grown_is_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: int) -> None:
    """A size that no longer holds, or never did (files of /proc say 0), cuts no text and lets no larger one in."""
    small, large = bytes_in(tmp_path / "x.yaml", b"id: abc"), bytes_in(tmp_path / "y.yaml", b"#" * 1_000_001)
    found = os.stat_result((0o100644, *(0,) * 5, told, 0, 0, 0))
    monkeypatch.setattr(Path, "stat", lambda *_, **__: found)
    assert read_text(small) == "id: abc"
    assert "dépasse 1 Mo" in refusal(large)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """The path of a folder is told from that of a file."""
    (tmp_path / "x.yaml").mkdir()
    said = "x.yaml:1:1: c’est un dossier, pas un fichier. Donnez le chemin d’un fichier .yaml."
    assert refusal(tmp_path / "x.yaml") == said


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
@pytest.mark.timeout(10)
def test_a_pipe_or_a_device_is_not_opened(tmp_path: Path) -> None:
    """A pipe that nobody writes to would hold the tool for ever, and a device never ends."""
    os.mkfifo(tmp_path / "x.yaml")
    said = "1:1: c’est un périphérique ou un tube, pas un fichier. Donnez le chemin d’un fichier .yaml."
    assert refusal(tmp_path / "x.yaml") == f"x.yaml:{said}"
    assert refusal(Path("/dev/zero")) == f"zero:{said}"


def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    """A symbolic link to itself leads to no file; a broken one to none that is there."""
    try:
        (tmp_path / "x.yaml").symlink_to(tmp_path / "x.yaml")
        (tmp_path / "y.yaml").symlink_to(tmp_path / "nowhere")
    except OSError:  # pragma: no cover
        pytest.skip("no symbolic links here")
    assert refusal(tmp_path / "x.yaml") == "x.yaml:1:1: ce fichier ne peut pas être lu. Vérifiez son chemin."
    assert refusal(tmp_path / "y.yaml") == "y.yaml:1:1: ce fichier n’existe pas. Vérifiez son chemin."


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lack of rights is told from a lack of file; it is played here, since an administrator may read all."""
    path = bytes_in(tmp_path / "x.yaml", b"id: a")

    def forbidden(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", forbidden)
    assert refusal(path) == (
        "x.yaml:1:1: vous n’avez pas le droit de lire ce fichier. Demandez-le, ou copiez le fichier ailleurs."
    )


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"PK\x03\x04\x14\x00\x06\x00[Content_Types].xml", "un document Word ou LibreOffice"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "un document Word"),
        (b"{\\rtf1\\ansi\\deff0 {\\fonttbl}}", "un document RTF"),
        (b"\xef\xbb\xbf{\\rtf1}", "un document RTF"),
        (b"%PDF-1.7\n", "un PDF"),
        (b"<!DOCTYPE html>", "une page web"),
        (b"\n<html>", "une page web"),
    ],
)
def test_a_document_under_a_guide_s_name_is_one_problem(raw: bytes, kind: str, tmp_path: Path) -> None:
    """Whatever a word processor saved is named as what it is, once, and not for each of its bytes."""
    (tmp_path / "x.yaml").write_bytes(raw + bytes(range(256)) * 5_000)
    with pytest.raises(LoadError, match=re.escape(f"x.yaml:1:1: c’est {kind}")) as caught:
        Library(tmp_path).find("x")
    assert [each.code for each in caught.value.problems] == ["E108"]


@pytest.mark.parametrize("raw", [b"", b"format: 1", b"{a: b}", b"%YAML 1.2", b"<a", "é".encode()])
def test_a_text_is_no_other_kind(raw: bytes) -> None:
    """YAML that begins with a brace or a directive is text."""
    assert other_kind(raw) is None
