"""A poster of a guide: one side of A4 that is read at two metres, made of what the guide itself marks."""

from __future__ import annotations

from copy import deepcopy
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from ecps_cli.core.guide import Facts, Guide
from ecps_cli.core.text import NO_BREAK
from ecps_cli.exports.formats import export_poster
from ecps_cli.exports.poster import poster
from ecps_cli.exports.unavailable import NoPoster
from ecps_cli.french.words import strip_markup
from ecps_cli.qr import payload
from support.commands import call
from support.sample import GUIDE
from support.shapes import shaped
from support.shipped import FACTS, GUIDES

WITH_POSTER = [guide for guide in GUIDES.values() if any(step.critical for step in guide.steps)]


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def sized(pdf: bytes) -> dict[float, str]:
    """Sizes of the letters of a page, in points, each with the text that is set in it."""
    found: dict[float, str] = {}
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    for index in range(text.count_chars()):
        size = round(pypdfium2.raw.FPDFText_GetFontSize(text, index), 1)
        found[size] = found.get(size, "") + text.get_text_range(index, 1)
    return {size: letters for size, letters in found.items() if letters.strip()}


@pytest.mark.parametrize("guide", WITH_POSTER, ids=lambda guide: guide.id)
def test_a_poster_is_one_page_that_is_read_at_two_metres(guide: Guide) -> None:
    """One side of A4; all but the line at its foot is set in 24 points or more."""
    pdf = export_poster(guide, FACTS)
    pages = PdfReader(BytesIO(pdf)).pages
    assert [tuple(round(float(side)) for side in page.mediabox[2:]) for page in pages] == [(595, 842)]
    small = "".join(letters for size, letters in sized(pdf).items() if size < 24)
    assert small.strip().startswith("Version")
    assert small.strip().endswith("Maladie.")


@pytest.mark.parametrize("guide", WITH_POSTER, ids=lambda guide: guide.id)
def test_the_numbers_of_a_poster_are_read_by_a_phone(guide: Guide) -> None:
    """Beside each number stands its code, which zxing-cpp reads in the picture of the page."""
    page = pypdfium2.PdfDocument(export_poster(guide, FACTS))[0]
    picture = page.render(scale=3).to_pil().convert("L")
    read = {each.text for each in zxingcpp.read_barcodes(picture, try_invert=False)}
    assert read == {code.address for code in poster(guide, FACTS).numbers} != set()


def test_the_poster_for_a_fraud() -> None:
    """What must not be missed, then whom to tell, then three numbers: all from the guide."""
    told = poster(GUIDES["fraud"], FACTS)
    assert [(line.text, line.condition.replace(NO_BREAK, " ")) for line in told.lines] == [
        ("REFUSEZ la notification.", ""),
        ("NE TAPEZ PAS le code, ne le choisissez pas, ne le lisez à personne.", ""),
        ("Appeler l’ANS tout de suite", "sauf si « Pas encore répondu » ou « Refusée ou ignorée »"),
        (
            "Porter plainte tout de suite",
            "si « Acceptée, ou code donné » ou « Actes faits au nom du médecin » ou « Je ne sais pas »",
        ),
    ]
    assert [code.address for code in told.numbers] == [
        payload(FACTS[each]) for each in ("ans-help", "assurance-maladie", "cnom")
    ]
    text = text_of(export_poster(GUIDES["fraud"], FACTS)).replace(NO_BREAK, " ")
    for number, line in enumerate(told.lines, 1):
        assert f"{number} {line.text} {line.condition.replace(NO_BREAK, ' ')}".strip() in text
    assert "étape" not in text  # the numbers of a poster are not those of the guide
    assert "ecps-guide" not in text
    assert "Où en est-on" not in text


def test_what_only_some_have_to_do_is_on_no_poster() -> None:
    """A critical step that applies after certain answers only, such as to delete an e-CPS, is not for everybody."""
    for guide in WITH_POSTER:
        for step in guide.steps:
            if step.critical and step.when:
                assert strip_markup(step.text) not in poster(guide, FACTS).lines
    assert any(step.critical and step.when for step in GUIDES["fraud"].steps)


def with_critical(text: str) -> Guide:
    data: dict[str, Any] = deepcopy(GUIDE)
    data["steps"][3]["do"] = text
    return shaped(Guide, data)


def test_the_lines_are_those_of_the_guide_and_four_at_most(facts: Facts) -> None:
    """Each sentence of a critical step is a line, without its markup, its question or its command; each stands once."""
    guide = with_critical("Lire **ceci**. Puis cela ! Puis cela ! Et alors ? Suivre le guide « A » : ecps-guide run a")
    assert [line.text.replace(NO_BREAK, " ") for line in poster(guide, facts).lines] == [
        "Lire « ceci ».",
        "Puis cela !",
        "Suivre le guide « A »",
        "Prévenir",
    ]
    assert len(poster(with_critical("Un. Deux. Trois. Quatre. Cinq."), facts).lines) == 4


@pytest.mark.parametrize(("critical", "asked"), [("false", " à « Cela marche-t-il ? »"), ("true", "")])
def test_a_line_of_a_poster_says_when_it_holds(facts: Facts, critical: str, asked: str) -> None:
    """A line that an answer leads to says which; to which question too, where its step is not on the poster."""
    data: dict[str, Any] = deepcopy(GUIDE)
    at = next(number for number, each in enumerate(data["steps"]) if each["id"] == "seen")
    data["steps"][at] |= {"critical": critical, "why": "x"}
    items = [{"id": "one", "text": "Quelqu’un", "record": ["time"]}]
    data["steps"].insert(
        at + 1, {"id": "call", "who": "doctor", "tick": "Appeler", "items": items, "when": {"seen": ["no"]}}
    )
    told = [(line.text, line.condition.replace(NO_BREAK, " ")) for line in poster(shaped(Guide, data), facts).lines]
    assert [each for each in told if each[1]] == [("Appeler", f"si « Non »{asked}")]
    assert len(told) > 1


def test_a_guide_without_a_critical_step_has_no_poster() -> None:
    """The refusal is a sentence that says why, and what to print instead; nothing is written."""
    for guide in GUIDES.values():
        if guide not in WITH_POSTER:
            with pytest.raises(NoPoster, match="pas d’étape critique"):
                export_poster(guide, FACTS)
    assert {guide.id for guide in WITH_POSTER} >= {"fraud"}


def test_lines_that_are_too_long_are_refused_and_never_made_small(facts: Facts) -> None:
    """Where the lines fit one page in no letters of 24 points or more, the refusal says what to shorten."""
    with pytest.raises(NoPoster, match="en lettres de 24 points"):
        export_poster(with_critical("Ne rien faire de tout cela " * 60), facts)


@pytest.mark.parametrize("text", ['#panic() "]; <script> $x$', "x" * 60, "Жанна 你好 🙂"])
def test_a_hostile_text_is_text_on_a_poster(facts: Facts, text: str) -> None:
    """What looks like Typst is printed as it stands; other scripts and long words make a poster too."""
    pdf = export_poster(with_critical(text), facts)
    assert len(PdfReader(BytesIO(pdf)).pages) == 1
    assert "".join(text.split())[:5] in "".join(text_of(pdf).split())


def test_show_writes_a_poster(tmp_path: Path) -> None:
    """`show --poster` writes the PDF, the same each time; with another format it says what to write."""
    target = tmp_path / "affiche.pdf"
    assert call("show", "fraud", "--format", "pdf", "--poster", "-o", str(target)).code == 0
    assert target.read_bytes() == export_poster(GUIDES["fraud"], FACTS)
    wrong = call("show", "fraud", "--poster", "-o", str(tmp_path / "other"))
    assert wrong.code == 2
    assert "--format pdf --poster" in wrong.said
    refused = call("show", "activate-mobile", "--format", "pdf", "--poster", "-o", str(tmp_path / "none.pdf"))
    assert refused.code == 1
    assert "pas d’affiche" in refused.said
    assert [path.name for path in tmp_path.iterdir()] == ["affiche.pdf"]
