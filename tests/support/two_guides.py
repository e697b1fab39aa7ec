"""Two small guides that go over to each other, with steps of the same names."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ecps_cli.core.guide import Fact, Guide
from ecps_cli.core.intents import GoOver
from ecps_cli.core.session import Destination
from ecps_cli.exports.to_json import guide_to_json
from support.sample import GUIDE
from support.shapes import as_json, shaped

HEAD: dict[str, Any] = {key: GUIDE[key] for key in ("format", "version", "verified_on", "review_by", "sources")}


def do(step_id: str, **keys: Any) -> dict[str, Any]:
    return {"id": step_id, "who": "support", "device": "computer", "do": step_id, "expect": "Vu.", **keys}


def over(guide: str, end: str, times: int, **keys: str) -> dict[str, Any]:
    then = {"guide": guide, "end": end, **keys}
    return {"id": f"to-{guide}", "if": "Autre chose.", "do": f"Suivre {guide}.", "then": then, "max": str(times)}


OUTER = shaped(
    Guide,
    {
        **HEAD,
        "id": "outer",
        "title": "Le premier",
        "steps": [
            do("start", deviations=[over("inner", "failed", 2)]),
            {"id": "number", "ask": "Numéro", "validate": "rpps", "keep": "masked"},
            do("type", show=["number"], deviations=[over("inner", "failed", 1, back="start")]),
            do("last", end="done"),
        ],
        "outcomes": {
            "done": {"success": "true", "text": "C’est fait."},
            "failed": {"success": "false", "text": "C’est manqué."},
        },
    },
)
INNER = shaped(
    Guide,
    {
        **HEAD,
        "id": "inner",
        "title": "Le second",
        "steps": [
            {
                "id": "start",
                "choose": "Cela ira-t-il ?",
                "options": {"yes": "Oui", "no": "Non", "unsure": "Je ne sais pas"},
            },
            do("stop", when={"start": ["no"]}, end="ko"),
            {"id": "number", "ask": "Ticket", "keep": "full"},
            {
                "id": "tell",
                "tick": "Prévenir",
                "items": [{"id": "ans", "text": "L’ANS", "contact": "aide", "record": ["time", "person", "reference"]}],
            },
            do("last", deviations=[over("outer", "to-outer", 1), over("third", "ko", 1)], end="ok"),
        ],
        "outcomes": {
            "ok": {"success": "true", "text": "C’est réglé.", "guide": "outer"},
            "ko": {"success": "false", "text": "Rien n’y fait.", "next": ["Appeler."]},
            "to-outer": {"success": "false", "text": "C’est à l’autre.", "guide": "outer"},
        },
    },
)
THIRD = shaped(
    Guide,
    {
        **HEAD,
        "id": "third",
        "title": "Le troisième",
        "steps": [do("start", deviations=[over("inner", "no", 1)], end="ok")],
        "outcomes": {"ok": {"success": "true", "text": "Bien."}, "no": {"success": "false", "text": "Mal."}},
    },
)
AIDE = {"aide": {"kind": "phone", "name": "Aide", "value": "3608", "source": "fiche", "verified_on": "2026-11-24"}}
FACTS = {
    "fiche": shaped(Fact, {"kind": "source", "name": "Fiche", "value": "https://example.org"}),
    "aide": shaped(Fact, AIDE["aide"]),
}
DESTINATIONS = {each.id: Destination(each, FACTS, (as_json(each), "faits")) for each in (OUTER, INNER, THIRD)}
FIND: Callable[[str], Destination | None] = DESTINATIONS.get


def write_guides(folder: Path) -> Path:
    """Write the guides and their facts into a folder, which is made, as an author would; return it."""
    folder.mkdir(parents=True)
    for guide in (OUTER, INNER, THIRD):
        told = json.loads(guide_to_json(guide, FACTS))
        (folder / f"{guide.id}.yaml").write_text(json.dumps(told["guide"], ensure_ascii=False), "utf-8")
    (folder / "facts.yaml").write_text(json.dumps(told["facts"] | AIDE, ensure_ascii=False), "utf-8")
    return folder


def go_over(guide: str) -> GoOver:
    """The intent to go over to a guide, by the deviation that is named for it."""
    return GoOver(f"to-{guide}", DESTINATIONS[guide])
