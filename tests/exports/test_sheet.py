"""A guide handed out: all of it in every format, its codes read by a real reader, and no text that becomes markup."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from copy import deepcopy
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pypdf import PdfReader

from ecps_cli.cli.output import hand_out
from ecps_cli.core.events import Answered, Deviated, Event
from ecps_cli.core.guide import Fact, Facts, Guide, Step
from ecps_cli.core.moves import apply
from ecps_cli.core.session import End, Session, current
from ecps_cli.exports import to_pdf
from ecps_cli.exports.document import Words, joined, words
from ecps_cli.exports.flow import Arrow, arrows
from ecps_cli.exports.formats import GUIDE_FORMATS, _laid_out, export_guide
from ecps_cli.exports.naming import condition, letter_of, named_in, number_of
from ecps_cli.exports.to_markdown import _words as words_to_markdown
from ecps_cli.exports.to_mermaid import label
from ecps_cli.exports.unavailable import MissingExtra
from ecps_cli.french.event_text import on_paper
from ecps_cli.french.words import Span, quoted_line, strip_markup, who_and_device
from ecps_cli.installation import how_to_add
from ecps_cli.loading.library import Library
from ecps_cli.loading.loader import load_guide
from ecps_cli.qr import payload
from support.commands import call
from support.documents import EVERY_BLOCK, WORDS
from support.html_page import Page
from support.sample import GUIDE, START
from support.scripts import Script
from support.shapes import shaped
from support.shipped import EACH_GUIDE, FACTS, GUIDES, WALKS
from support.tiers import each_value, first_of

HOSTILE = (
    '#import "x" #read("/etc/passwd") "] --> x["y <script>alert(1)</script> </li></ol> ![i](https://e.example/i) '
    "*gras* _a_ | b | `code` $x^2$ $$y$$ ~~z~~ \\ &amp; #lt; #quot; https://evil.example <https://evil.example> @moi "
    "%%{init: {}}%% style x: #abc; end ```"
)
SHEETS = ("markdown", "html", "pdf")
LISTED = ["- deux", "1. un", "12) trois", "> cité", "===", "# titre", "+ plus", "---", "    quatre"]
"""Texts that begin as a block of Markdown does."""


def made(fmt: str, guide: Guide, facts: Facts = FACTS) -> str:
    text = export_guide(fmt, guide, facts, dict)
    assert isinstance(text, str)
    return text


def pdf_of(guide: Guide, facts: Facts = FACTS) -> bytes:
    pdf = export_guide("pdf", guide, facts, dict)
    assert isinstance(pdf, bytes)
    return pdf


def squeezed(text: str) -> str:
    """Return a text without what lays it out: spaces, line ends, places where a word may be broken."""
    return re.sub(r"[\s\u200b]", "", text)


def markdown_runs(source: str) -> Iterator[str]:
    """Yield the text of each paragraph and item; refuse all markup but lists, headings, a rule, bold text and links."""
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(source):
        assert token.type in {
            *(f"{name}_{end}" for name in ("ordered_list", "bullet_list", "list_item") for end in ("open", "close")),
            *("paragraph_open", "paragraph_close", "heading_open", "heading_close", "hr", "inline"),
        }, token
        children = token.children or []
        known = {"text", "text_special", "strong_open", "strong_close", "hardbreak", "link_open", "link_close"}
        assert {child.type for child in children} <= known, source
        if token.type == "inline":
            yield "".join("\n" if child.type == "hardbreak" else child.content for child in children)


def said(fmt: str, guide: Guide, facts: Facts = FACTS) -> str:
    """Return all that a reader of a format reads, squeezed."""
    match fmt:
        case "pdf":
            return squeezed("".join(page.extract_text() for page in PdfReader(BytesIO(pdf_of(guide, facts))).pages))
        case "html":
            return squeezed("".join(body_of(made(fmt, guide, facts)).runs))
        case "markdown":
            return squeezed("".join(markdown_runs(made(fmt, guide, facts))))
        case "json":
            return squeezed("".join(strings(json.loads(made(fmt, guide, facts)))))
        case _:
            return squeezed("".join(labels(made(fmt, guide, facts))))


def body_of(page: str) -> Page:
    """Return what stands in the body of a page."""
    return Page(page[page.index("<body") : page.index("</html>")].replace("<br>", ""))


def strings(value: Any) -> Iterator[str]:
    """Yield every text in what JSON held, its small Markdown as bare text."""
    if isinstance(value, str):
        yield strip_markup(value)
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from strings(each)


_NODE = re.compile(
    r'  ([se]\d+)(\[|\[/|\{\{|\[\[|\(\[)"([^"]*)"(\]|/\]|\}\}|\]\]|\]\))(:::(?:critical|success|failure))?'
)
_EDGE = re.compile(r'  ([se]\d+) (?:-->|-- "([^"]*)" -->|-\. "([^"]*)" \.->|-\.->) ([se]\d+)')


def labels(mermaid: str) -> list[str]:
    """Return the labels of a flowchart, decoded; refuse any line that is no node, arrow or style of ours."""
    first, *lines = mermaid.splitlines()
    assert first == "flowchart TD"
    found = []
    for line in lines:
        node, edge = _NODE.fullmatch(line), _EDGE.fullmatch(line)
        assert node or edge or re.fullmatch(r"  classDef (critical|success|failure) [a-z0-9:#,-]+", line), line
        texts = [node[3].replace("<br/>", "\n")] if node else [edge[2], edge[3]] if edge else []
        found += [decoded(text) for text in texts if text]
    return found


def decoded(text: str) -> str:
    """Return a label as Mermaid shows it."""
    assert not re.search(r"[<>`&%{}\[\]|$\\_*~^]", text), text
    return re.sub(r"#(\d+);", lambda mark: chr(int(mark[1])), text)


# --------------------------------------------------------------------------------------------------- all of it is there


def drawn(guide: Guide) -> Iterator[str]:
    """Yield what a drawing must hold of a guide: steps, answers, deviations, outcomes."""
    for step in guide.steps:
        yield from (step.text, who_and_device(step), *step.options.values(), *(each.if_ for each in step.deviations))
    yield from (outcome.text for outcome in guide.outcomes.values())


def told(guide: Guide, facts: Facts) -> Iterator[str]:
    """Yield what a sheet must hold of a guide."""
    yield from (guide.title, guide.version, *guide.fits, *guide.needs)
    for way in guide.otherwise:
        yield from (way.if_, way.do or way.guide or "")
    for step in guide.steps:
        yield from filter(None, (step.section, step.text, step.expect, step.why, step.help))
        yield from (*step.options.values(), *(item.text for item in step.items))
        yield from (text for each in step.deviations for text in (each.if_, each.do))
    for outcome in guide.outcomes.values():
        yield from (outcome.text, *outcome.next)
    for fact in (facts[each] for each in named_in(guide)):
        yield from (fact.value, *([fact.name] if fact.kind != "source" else []))


@pytest.mark.parametrize(("guide", "fmt"), each_value(list(GUIDES.values()), list(GUIDE_FORMATS)))
def test_all_of_a_guide_is_in_every_format(guide: Guide, fmt: str) -> None:
    """Each step, answer, item, deviation, outcome, number, address and source is there, read as a reader reads it."""
    text = said(fmt, guide)
    wanted = drawn(guide) if fmt == "mermaid" else told(guide, FACTS)
    paper = on_paper if fmt in SHEETS else str
    bare = quoted_line if fmt == "mermaid" else strip_markup
    assert [each for each in wanted if squeezed(bare(paper(each))) not in text] == []


def test_every_kind_of_block_has_a_layout_in_each_format() -> None:
    """No format leaves out a part of a document: each block has its words on the page, and the PDF draws a picture."""
    markdown, html, pdf = (_laid_out(fmt, EVERY_BLOCK) for fmt in SHEETS)
    assert isinstance(pdf, bytes)
    printed = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    missing = [[each for each in WORDS if each not in text] for text in (str(markdown), str(html), printed)]
    assert missing == [[], [], ["un-dessin"]]
    red = b"\x00\x00\xff"
    assert red in bytes(pypdfium2.PdfDocument(pdf)[0].render().buffer)


@pytest.mark.parametrize(("guide", "fmt"), each_value(list(GUIDES.values()), list(SHEETS)))
def test_no_command_is_printed_on_a_sheet(guide: Guide, fmt: str) -> None:
    """Whoever holds a sheet has no terminal: the guide that comes next is named by its title."""
    assert "ecps-guide" not in said(fmt, guide)


@pytest.mark.parametrize(("guide", "fmt"), each_value(list(GUIDES.values()), ["markdown", "html", "pdf"]))
def test_a_sheet_has_its_dates_its_help_line_and_says_that_it_is_not_official(guide: Guide, fmt: str) -> None:
    """Version, the day of the check, that of the next one, whom to call, who does each step on what, how often."""
    text = said(fmt, guide)
    assert squeezed(f"Version {guide.version}, vérifiée le {guide.verified_on:%d/%m/%Y}") in text
    assert squeezed(f"à relire avant le {guide.review_by:%d/%m/%Y}") in text
    assert squeezed("Document non officiel : ni de l’ANS, ni de l’Ordre, ni de l’Assurance Maladie.") in text
    assert all(squeezed(FACTS[each].value) in text[:400] for each in guide.contacts)
    assert all(squeezed(who_and_device(step)) in text for step in guide.steps)
    limits = [each for step in guide.steps for each in step.deviations if each.max]
    assert len(limits) == text.count("foisauplus)")
    assert text.count("ÀNEPASMANQUER" if fmt == "pdf" else "Ànepasmanquer") == sum(
        step.critical for step in guide.steps
    )


@EACH_GUIDE
def test_there_is_a_box_for_each_step_answer_and_item(guide: Guide) -> None:
    """What can be ticked has its box, and what is to be written down by hand has its blank."""
    wanted = len(guide.steps) + sum(len(step.options) + len(step.items) for step in guide.steps)
    blanks = sum(len(item.record) for step in guide.steps for item in step.items)
    assert made("markdown", guide).count("[ ] ") == wanted
    html = made("html", guide)
    assert html.count('class="box"') == wanted
    assert html.count('class="blank"') == blanks
    assert made("markdown", guide).count(" ……") == blanks


@EACH_GUIDE
def test_the_drawing_has_every_node_and_every_way(guide: Guide) -> None:
    """One node a step and an outcome, one arrow a way; deviations are dotted, outcomes rounded."""
    source = made("mermaid", guide)
    assert re.findall(r"^  s(\d+)[\[{]", source, re.MULTILINE) == [str(n + 1) for n in range(len(guide.steps))]
    assert len(re.findall(r'^  e\d+\(\["', source, re.MULTILINE)) == len(guide.outcomes)
    edges = [line for line in source.splitlines() if _EDGE.fullmatch(line)]
    ways = arrows(guide)
    assert len(edges) == len(ways)
    assert sum(".->" in edge for edge in edges) == sum(way.kind in ("deviation", "unticked") for way in ways)


# ------------------------------------------------------------------------------------------------------------- one page


def sizes(pdf: bytes) -> dict[float, str]:
    """Sizes of the letters of a PDF, in points, each with the text that is set in it."""
    found: dict[float, str] = {}
    for page in pypdfium2.PdfDocument(pdf):
        text = page.get_textpage()
        for index in range(text.count_chars()):
            size = round(pypdfium2.raw.FPDFText_GetFontSize(text, index), 1)
            letter = text.get_text_range(index, 1)
            if letter.strip():
                found[size] = found.get(size, "") + letter
    return found


@EACH_GUIDE
def test_a_sheet_is_two_or_three_sides_of_a4_that_can_be_read(guide: Guide) -> None:
    """No letter is under 9 points, and the sheet for a fraud takes one sheet of paper, both sides."""
    pdf = pdf_of(guide)
    pages = PdfReader(BytesIO(pdf)).pages
    assert len(pages) <= (2 if guide.id == "fraud" else 3)
    assert {tuple(round(float(side)) for side in page.mediabox[2:]) for page in pages} == {(595, 842)}
    assert min(sizes(pdf)) >= 9


def test_a_small_guide_is_set_larger_and_a_huge_one_on_more_pages(guide: Guide, facts: Facts) -> None:
    """The letters are as large as the pages allow; a guide that few pages cannot hold still makes a PDF."""
    small = pdf_of(guide, facts)
    assert len(PdfReader(BytesIO(small)).pages) == 1
    assert min(sizes(small)) >= 9
    data = deepcopy(GUIDE)
    data["steps"] = [{**data["steps"][0], "id": f"open-{number}"} for number in range(60)]
    data["steps"][-1]["end"] = "done"
    assert len(PdfReader(BytesIO(pdf_of(shaped(Guide, data), facts))).pages) > 2


@pytest.mark.parametrize(
    ("taken", "largest", "chosen"),
    [
        (0.5, 11.2, 11.2),
        (0.8, 11.2, 10.0),  # 0.8 of the room: letters 1.118 times as large fill it
        (0.5, 10.0, 10.0),
        (0.5, 9.0, 9.0),
        (1.0, 11.2, 9.0),
    ],
)
def test_the_letters_never_cost_a_page(taken: float, largest: float, chosen: float) -> None:
    """They are as large as the room that the smallest leave, and smaller where that would take a page more."""

    class Laid(float):
        def query(self, *_: object, **__: object) -> str:
            return json.dumps([2 if self <= largest else 3, taken])

    made = to_pdf._fitting(Laid, 2, taken)  # type: ignore[arg-type]
    assert float(made) == chosen  # type: ignore[arg-type]


@pytest.mark.parametrize("fmt", GUIDE_FORMATS)
def test_the_same_guide_makes_the_same_bytes(guide: Guide, facts: Facts, fmt: str) -> None:
    """A guide has one sheet in each format, whenever it is made."""
    assert export_guide(fmt, guide, facts, dict) == export_guide(fmt, shaped(Guide, GUIDE), dict(facts), dict)


# ------------------------------------------------------------------------------------------------------------ the codes


@pytest.mark.parametrize("guide", first_of(2, GUIDES.values()), ids=GUIDES)
def test_every_code_of_the_pdf_is_read(guide: Guide) -> None:
    """zxing-cpp reads in the picture of the pages each number and each address that the guide names, and no other."""
    read = set()
    for page in pypdfium2.PdfDocument(pdf_of(guide)):
        picture = page.render(scale=3).to_pil().convert("L")
        read |= {each.text for each in zxingcpp.read_barcodes(picture, try_invert=False)}
    assert read == {payload(FACTS[each]) for each in named_in(guide) if FACTS[each].kind in ("phone", "url")}


def test_a_code_of_the_page_is_dark_on_white_by_itself() -> None:
    """The picture of a code fills its own white first, has its name, and takes no colour from the page."""
    source = made("html", GUIDES["fraud"])
    pictures = re.findall(r'<div role="img" aria-label="QR code : [^"<]+">(<svg .*?</svg>)</div>', source)
    assert len(pictures) == source.count("<svg") == 8
    for picture in pictures:
        assert re.fullmatch(
            r'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 (\d+) \1"><path fill="#fff" d="M0 0h\1v\1h-\1z"/>'
            r'<path stroke="#000" d="[Mmhvz 0-9.-]+"/></svg>',
            picture,
        )


# ----------------------------------------------------------------------------------------------------------------- JSON


@EACH_GUIDE
def test_the_json_is_the_guide_and_the_facts_it_names(guide: Guide) -> None:
    """Read back by the model, and by the loader of authors' files, it is the same guide, with the same facts."""
    read = json.loads(made("json", guide))
    assert [*read] == ["guide", "facts"]
    assert shaped(Guide, read["guide"]) == guide
    facts = {each: shaped(Fact, fact) for each, fact in read["facts"].items()}
    assert facts == {each: FACTS[each] for each in facts}
    assert {*named_in(guide)} <= {*facts}
    assert load_guide(json.dumps(read["guide"], ensure_ascii=False), "guide.json", facts, stem=guide.id) == guide


def test_the_json_has_the_keys_of_the_format() -> None:
    """Its keys are those that an author writes: `if`, `validate`; ways and durations are written as an author does."""
    data = deepcopy(GUIDE)
    data["steps"][3]["deadline"] = "3 min"
    read = json.loads(made("json", shaped(Guide, data), dict.fromkeys(NAMED, FACTS["ans-help"])))["guide"]
    assert read["steps"][0]["deviations"][0] == data["steps"][0]["deviations"][0]
    assert read["steps"][0]["deviations"][2]["then"] == {"end": "stopped"}
    assert read["steps"][1]["validate"] == "rpps"
    assert read["steps"][3]["deadline"] == "3 min"
    assert (read["verified_on"], read["review_by"]) == ("2026-11-24", "2027-05-24")
    assert [*read] == [*GUIDE]


NAMED = ("fiche", "aide", "page", "fiche-2026")


# ----------------------------------------------------------------------------------------------------- where steps lead


def moves(script: Script) -> Iterator[tuple[Event, Step | End]]:
    """Yield each event that leads on, with where it leads."""
    session = Session(script.session.guide, START)
    for event in script.session.events:
        before, session = current(session), apply(session, event)
        now = current(session)
        if not isinstance(before, End) and now is not before:
            yield event, now


@EACH_GUIDE
def test_every_move_of_every_walk_is_an_arrow(guide: Guide) -> None:
    """No walk goes where the sheet and the drawing show no way."""
    ways = {(way.step, way.kind, way.via, way.to_step, way.to_outcome) for way in arrows(guide)}
    for event, now in (move for script in WALKS[guide.id] for move in moves(script)):
        step = guide.step(event.step)
        kind, via = "done", ""
        if isinstance(event, Deviated):
            kind, via = "deviation", event.deviation
        elif isinstance(event, Answered) and step and event.value in step.options:
            kind, via = "answer", event.value
        elif step and isinstance(now, End) and now.id == step.end_if_unticked:
            kind = "unticked"
        there = ("", now.id) if isinstance(now, End) else (now.id, "")
        assert (event.step, kind, via, *there) in ways


@EACH_GUIDE
def test_every_arrow_is_a_move_of_some_walk(guide: Guide) -> None:
    """The shipped guides show no way that nobody can go, but a list left unfinished and a step done again.

    Nor is a way back from another guide walked here: these scripts take its end, where it came to nothing.
    """
    over = {(step.id, each.id) for step in guide.steps for each in step.deviations if each.then.guide}
    walked = {
        (event.step, *(("", now.id) if isinstance(now, End) else (now.id, "")))
        for script in [walk for walks in WALKS.values() for walk in walks]
        if script.session.guide is guide
        for event, now in moves(script)
    }
    alone = [way for way in arrows(guide) if (way.step, way.via) not in over]
    others = [way for way in alone if (way.step, way.to_step, way.to_outcome) not in walked]
    assert [way for way in others if way.kind != "unticked" and way.to_step != way.step] == []


def test_a_condition_holds_until_the_step_that_needs_none(guide: Guide) -> None:
    """An answer goes straight to the step it leads to; where two steps are possible, the last is `otherwise`."""
    ways = arrows(guide)
    assert [(way.via, way.to_step, way.taken) for way in ways if way.step == "seen"] == [
        ("yes", "pin", "always"),
        ("no", "stop", "always"),
        ("unsure", "pin", "always"),
    ]
    assert [way for way in ways if way.step == "stop"] == [Arrow("stop", "done", "", "", "stopped")]
    data = deepcopy(GUIDE)
    data["steps"][4:4] = [{**data["steps"][4], "id": "first"}, {"id": "between", "who": "support", "ask": "Quoi ?"}]
    data["steps"].insert(6, {**data["steps"][7], "id": "if-no", "when": {"first": ["no"]}, "end": None})
    told = [way for way in arrows(shaped(Guide, data)) if way.step == "between"]
    assert [(way.to_step, way.taken) for way in told] == [("if-no", "if"), ("seen", "otherwise")]


def test_a_question_that_a_deviation_leaves_open_satisfies_no_condition() -> None:
    """Whoever leaves a question without an answer passes by the steps that need one, and by no other."""
    data = deepcopy(GUIDE)
    data["steps"][4]["deviations"] = [{"id": "hidden", "if": "Rien.", "do": "Continuer.", "then": "continue"}]
    ways = [way for way in arrows(shaped(Guide, data)) if way.via == "hidden"]
    assert [way.to_step for way in ways] == ["tell"]


def test_a_step_is_reached_past_a_question_even_where_no_answer_leads_to_it() -> None:
    """A step that comes only when a question was passed over still has its ways out on the sheet."""
    data = deepcopy(GUIDE)
    data["steps"][6]["end"] = "done"
    guide = shaped(Guide, data)
    assert not [way for way in arrows(guide) if way.to_step == "tell"]
    assert [way.to_outcome for way in arrows(guide) if way.step == "tell"] == ["done"]


def test_the_shorter_list_of_answers_is_the_condition() -> None:
    """A step that applies with all answers but few says these; the question is named by its number."""
    fraud = GUIDES["fraud"]
    steps = {step.id: step for step in fraud.steps}
    assert condition(fraud, steps["block-line"]) == "si « Téléphone perdu ou volé » (étape\u00a01)"
    assert (
        condition(fraud, steps["log-out"]) == "sauf si « Pas encore répondu » ou « Refusée ou ignorée » (étape\u00a01)"
    )
    assert condition(fraud, steps["reports"]) == ""
    assert number_of(fraud, "situation") == 1


def test_two_conditions_must_both_hold() -> None:
    """Several conditions are joined by « et »; a question that is not there, which the loader refuses, is left out."""
    data = deepcopy(GUIDE)
    data["steps"].insert(5, {"id": "sure", "choose": "Sûr ?", "options": {"yes": "Certain", "no": "Doute"}})
    data["steps"][6]["when"] = {"seen": ["no"], "sure": ["yes", "no"], "nowhere": ["yes"]}
    guide = shaped(Guide, data)
    assert condition(guide, guide.steps[6]) == "si « Non » (étape\u00a05) et si « Certain » ou « Doute » (étape\u00a06)"


def test_outcomes_have_letters_and_more_than_an_alphabet() -> None:
    """An outcome is a letter; the twenty-seventh is A1."""
    data = deepcopy(GUIDE)
    data["outcomes"] |= {f"o{number}": {"success": "true", "text": "Fin."} for number in range(30)}
    guide = shaped(Guide, data)
    assert [letter_of(guide, each) for each in [*guide.outcomes][:2]] == ["A", "B"]
    assert letter_of(guide, [*guide.outcomes][26]) == "A1"


# -------------------------------------------------------------------------------------------------------- hostile texts


def everywhere(text: str) -> tuple[Guide, Facts]:
    """Return a guide, and facts, in which every text is this one."""
    data = deepcopy(GUIDE)
    for step in data["steps"]:
        step |= {each: text for each in (*("do", "ask", "choose", "tick"), "section", "expect", "why") if each in step}
        step |= {"why": text, "help": f"{text} {step['id']}", "links": ["page"], "contacts": ["aide"]}
        step["deviations"] = [{**each, "if": text, "do": text} for each in step.get("deviations", ())]
        step["items"] = [{**each, "text": text} for each in step.get("items", ())]
        step["options"] = dict.fromkeys(step.get("options", {}), text)
    for outcome in data["outcomes"].values():
        outcome |= {"text": text, "next": [text]}
    data |= {"title": text, "version": text, "fits": [text], "needs": [text], "otherwise": [{"if": text, "do": text}]}
    text = text.strip()  # as the loader strips it
    facts = {
        "fiche": Fact(kind="source", name=text, value=text),
        "aide": Fact(kind="phone", name=text, value="0 806 800 213", price=text, source="fiche"),
        "page": Fact(kind="url", name=text, value="https://example.org/une/page?a=1&amp;b=(2)", source="fiche"),
    }
    return shaped(Guide, data), facts


@pytest.mark.parametrize("text", [HOSTILE, *LISTED, "a\nb\n\n- c\n    d"])
@pytest.mark.parametrize("fmt", GUIDE_FORMATS)
def test_a_hostile_text_is_the_same_text_in_every_format(fmt: str, text: str) -> None:
    """Whatever stands in every text of a guide is read back, by a parser of the format, as that text alone."""
    guide, facts = everywhere(text)
    wanted = squeezed(strip_markup(guide.steps[0].text))
    found = said(fmt, guide, facts)
    assert found.count(wanted) >= (17 if fmt == "mermaid" else 40)


def test_the_page_of_a_hostile_guide_has_our_elements_only() -> None:
    """No script, picture from elsewhere, form or handler; the only links are the facts' own https and tel addresses."""
    page = Page(made("html", *everywhere(HOSTILE)).replace("<br>", ""))
    assert {*page.tags} <= {
        *("html", "head", "meta", "title", "style", "body", "header", "main", "section", "footer", "h1", "h2"),
        *("p", "div", "ol", "ul", "li", "span", "strong", "em", "b", "a", "svg", "path"),
    }
    assert not {name for name, _ in page.attributes if name.startswith("on") or name in ("src", "action", "style")}
    assert {value for name, value in page.attributes if name == "href"} == {
        "tel:0806800213",
        "https://example.org/une/page?a=1&amp;b=(2)",
    }
    assert any("default-src 'none'" in (value or "") for name, value in page.attributes if name == "content")
    assert page.open == []


def test_the_markdown_of_a_hostile_guide_links_to_its_facts_only() -> None:
    """A reader of Markdown finds one link: the address of a fact, bare."""
    source = made("markdown", *everywhere(HOSTILE))
    tokens = [child for token in MarkdownIt("commonmark").parse(source) for child in token.children or []]
    assert {child.attrs["href"] for child in tokens if child.type == "link_open"} == {
        "https://example.org/une/page?a=1&amp;b=(2)"
    }
    assert "```" not in source


MARKS = st.text("#*_`[]()<>!|\\~&;$^{}@:/.-+=1 awxé«»’\n\"'", min_size=1, max_size=30)
many = settings(deadline=None, max_examples=200)


@many
@given(st.lists(st.tuples(MARKS, st.booleans()), min_size=1, max_size=4))
@example([("a", False), ("(b)", True), ("c", False)])
@example([("a ", False), (" b ", True), ("c", False)])
@example([("*", True), ("*", False)])
@example([(" #", False), (" 1", False)])
def test_bold_runs_are_read_back_from_markdown(parts: list[tuple[str, bool]]) -> None:
    """Whatever the runs, bold or not, a reader of Markdown reads the same text, in an item too, and no other markup."""
    runs: Words = joined(Span(text, bold) for text, bold in parts)
    lines = "".join(span.text for span in runs).split("\n")
    wanted = [" ".join(line.split()) for line in lines if line.strip()]
    for prefix in ("", "- ", "12. [ ] "):
        found = [each for each in markdown_runs(prefix + words_to_markdown(runs, " " * len(prefix))) if each.strip()]
        text = "\n".join(found).removeprefix("[ ]" if "[" in prefix else "")
        assert [" ".join(line.split()) for line in text.split("\n") if line.strip()] == wanted


def test_a_label_is_bold_in_markdown_where_it_can_be() -> None:
    """A label that a guide sets bold is bold; where Markdown could not read it as bold, it is plain."""
    assert words_to_markdown(words("Appuyer sur **J'accepte les CGU**.")) == "Appuyer sur **J'accepte les CGU**."
    assert words_to_markdown(words("a**(b)**c")) == "a(b)c"
    assert words_to_markdown(words("a **(b)** c")) == "a **(b)** c"
    assert words_to_markdown(words("Voir :\n- un\n- deux"), "   ") == "Voir\u00a0:\\\n   • un\\\n   • deux"


@many
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | MARKS)
@example("style x: #abc;")
@example("fa:fa-car $$x$$")
@example("12) - 1. a")
def test_no_text_leaves_its_label(text: str) -> None:
    """A label shows its text, on one line, and holds nothing that ends it or that Mermaid knows."""
    made_of = label(text)
    assert decoded(made_of).replace("\u200b", "") == " ".join(text.split()).replace("\u200b", "")
    assert not re.search(r'["\n]', made_of)
    assert not re.search(r"style.*:\S*#.*;", made_of)
    assert "$$" not in decoded(made_of)


def test_hostile_texts_reach_the_pdf_as_text() -> None:
    """What looks like Typst, or like a command, is printed as it stands in the guide; so is a word of any length."""
    guide, facts = everywhere("x" * 300)
    assert "x" * 300 in said("pdf", guide, facts)
    guide, facts = everywhere('"]); #panic() \\u{0} مرحبا 你好 🙂')
    assert '"]);#panic()' in said("pdf", guide, facts)


# ----------------------------------------------------------------------------------------------------- the command line


@pytest.mark.parametrize("fmt", [*GUIDE_FORMATS, "text"])
def test_a_format_that_names_no_other_guide_opens_none(
    fmt: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guides of `otherwise` are opened for the formats that name them, and for no other."""
    opened: list[str] = []
    find = Library.find
    monkeypatch.setattr(Library, "find", lambda shelf, name: find(shelf, opened.append(name) or name))
    assert call("show", "fraud", "--format", fmt, "-o", str(tmp_path / "fiche")).code == 0
    assert opened == (["fraud"] if fmt in ("json", "mermaid") else ["fraud", "activate-mobile"])


@pytest.mark.parametrize("fmt", GUIDE_FORMATS)
def test_show_writes_the_format_on_standard_output_or_into_a_file(tmp_path: Path, fmt: str) -> None:
    """What `-o` writes is what standard output gets; nothing else is written there."""
    target = tmp_path / "fiche"
    ran = call("show", "fraud", "--format", fmt, "-o", str(target))
    assert (ran.code, ran.out) == (0, "")
    assert "Écrit :" in ran.said
    raw = target.read_bytes()
    named = {"activate-mobile": "« Créer sa e-CPS en mobilité ou sans sa carte CPS »"}
    exported = export_guide(fmt, GUIDES["fraud"], FACTS, lambda: named)
    assert raw == (exported if isinstance(exported, bytes) else f"{exported}\n".encode())
    if fmt != "pdf":
        assert call("show", "fraud", "--format", fmt, encoding="utf-8").out == raw.decode().replace("\u00a0", " ")
    assert [path.name for path in tmp_path.iterdir()] == ["fiche"]


def test_the_text_of_a_guide_goes_into_a_file_as_it_goes_into_a_pipe(tmp_path: Path) -> None:
    """The sheet of the terminal, into a file: the same lines, without colours."""
    target = tmp_path / "fiche.txt"
    assert call("show", "fraud", "-o", str(target)).code == 0
    text = target.read_text("utf-8").replace("\u00a0", " ")
    assert text.split() == call("show", "fraud").out.split()
    assert "\x1b" not in text


def test_show_never_overwrites_unless_it_is_told_to(tmp_path: Path) -> None:
    """The refusals are those of `report`: a file that exists, a folder that does not."""
    target = tmp_path / "fiche.md"
    target.write_text("à moi", "utf-8")
    refused = call("show", "fraud", "--format", "markdown", "-o", str(target))
    assert refused.code == 1
    assert "existe déjà" in refused.said
    assert "--force" in refused.said
    assert target.read_text("utf-8") == "à moi"
    assert call("show", "fraud", "--format", "markdown", "-o", str(target), "--force").code == 0
    assert target.read_text("utf-8").startswith("# Fiche — Fraude")
    nowhere = call("show", "fraud", "-o", str(tmp_path / "missing" / "fiche.txt"))
    assert nowhere.code == 1
    assert "ne peut pas être écrit" in nowhere.said


def test_what_show_cannot_do_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another format, another guide, a package that is not there: what to do instead."""
    wrong = call("show", "fraud", "--format", "docx")
    assert wrong.code == 2
    assert "text, markdown, html, pdf, json, mermaid" in wrong.said
    assert call("show", "fraude", "--format", "html").code == 1
    monkeypatch.setitem(sys.modules, "typst", None)
    missing = call("show", "fraud", "--format", "pdf")
    assert missing.code == 1
    assert how_to_add("pdf") in missing.said
    with pytest.raises(MissingExtra):
        pdf_of(GUIDES["fraud"])


def test_a_pdf_is_not_for_the_screen(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """On a terminal a PDF is refused, with the option that puts it into a file; a text is shown."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert hand_out(b"%PDF-", None, force=False, example="fiche.pdf") == 1
    assert hand_out("flowchart TD", None, force=False, example="fiche.txt") == 0
    out, err = capsys.readouterr()
    assert out == "flowchart TD\n"
    assert err == "Un PDF ne s’affiche pas dans un terminal. Donnez un fichier\u00a0: -o fiche.pdf\n"


def test_a_format_that_does_not_exist_is_refused(guide: Guide, facts: Facts) -> None:
    """No other word is taken for a format."""
    with pytest.raises(ValueError, match="no such format"):
        export_guide("docx", guide, facts, dict)
