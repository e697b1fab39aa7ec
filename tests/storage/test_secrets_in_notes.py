"""What a person writes of their own accord, through the command line to the disk: no code and no RPPS number in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ecps_cli.storage import store
from support.commands import call

GUIDE = """\
format: 1
id: noted
version: "1"
title: Ce qui est noté
verified_on: 2026-11-24
review_by: 2127-05-24
sources: [fiche]
steps:
  - {id: read, who: support, device: computer, do: Lire, expect: C’est lu}
  - {id: passed, who: support, device: computer, do: Passer, expect: C’est passé}
  - {id: place, who: support, ask: Nom du service, keep: full}
  - id: tell
    who: support
    tick: Prévenir
    items: [{id: one, text: L’hôpital, record: [person, reference]}]
  - {id: close, who: support, device: computer, do: Fermer, expect: C’est fermé, end: done}
outcomes:
  done: {success: true, text: Fait.}
"""
NOTES = [
    "le code PIN est 4177, RPPS 899700218896",
    "Code : 4177",
    "CODE PIN = 41 77 02",
    "pin 4177",
    "son P.I.N. 4177",
    "PIN4177",
    "mot de passe 41770211",
    "Mot-de-passe donné au téléphone : 41770211",
    "mdp 41770211",
    "le côde sécret 4177",
    "code secret 4177",
    "code reçu par SMS 417-702",
    "code à 4 chiffres : 4177",
    "code CPE 4177",
    "cpe 4177",
    "PUK 41770211",
    "4177 est son code",
    "RPPS 99700218896",
    "8 997 0021 8896",
    "rpps 997-00-21-88-96, mdp 4177",
]
SECRETS = ("4177", "99700218896")


def digits(content: bytes) -> str:
    """Return some bytes as text, its digits together whatever stands between those of one number."""
    text = re.sub(r"[0-9a-f]{64}|\.\d{6}", "", content.decode("utf-8", "replace"))  # a hash, a clock: any digits
    return re.sub(r"(?<=\d)[ .\-\u00a0]+(?=\d)", "", text)


def test_no_code_of_twenty_notes_reaches_the_disk_or_the_ticket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Notes, a reason, an answer, a person, a reference, labels: each masked, which is said, and in no file ever."""
    (tmp_path / "facts.yaml").write_text('fiche: {kind: source, name: F, value: "https://example.org"}\n', "utf-8")
    (guide := tmp_path / "noted.yaml").write_text(GUIDE, "utf-8")
    environ = {"ECPS_DATA": str(tmp_path / "data")}
    seen: list[str] = []
    append = store.Store.append

    def kept(self: store.Store, *event: object) -> None:
        """Write an event, then read every file of the folder."""
        append(self, *event)  # type: ignore[arg-type]
        seen.extend(digits(path.read_bytes()) for path in (tmp_path / "data").iterdir())

    monkeypatch.setattr(store.Store, "append", kept)
    lines = [line for note in NOTES for line in ("n", note)]
    lines += ["", "s", NOTES[0], "service 3, mdp 4177", "1", "M. Roux, code 4177", "réf. 12, PIN 4177", "", "", ""]
    ran = call("run", str(guide), "--case", "INC 12 code 4177", typed="\n" + "\n".join(lines) + "\n", environ=environ)
    assert ran.code == 0
    report = call("report", "--format", "json", environ=environ)
    session = re.search(r"\d{8}-\d{6}", report.out)
    assert session
    assert "Masqué" in call("case", session[0], "code 4177", environ=environ).said
    assert ran.said.count("un code ou un numéro RPPS n’a pas à être gardé.") >= len(NOTES) + 3
    for where in ("la note", "la raison", "la réponse « Nom du service »", "ce qui est noté pour « L’hôpital »"):
        assert f"Masqué dans {where} : " in ran.said
    everything = [ran.out, ran.err, report.out, *seen]
    assert [secret for secret in SECRETS for text in everything if secret in digits(text.encode())] == []
    assert report.out.count("****") > len(NOTES)
    assert "INC 12 code ****" in "".join(seen)
