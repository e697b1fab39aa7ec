"""QR codes: a real reader reads in them what they are made of."""

from __future__ import annotations

import sys
from pathlib import Path

import pyte
import pytest
import zxingcpp
from PIL import Image

from ecps_cli.core.guide import Fact
from ecps_cli.loading import folders
from ecps_cli.qr import QUIET, modules, payload
from support import screen_picture
from support.commands import call
from support.shapes import shaped
from support.shipped import FACTS
from support.tiers import each_value, first_of


def picture(code: tuple[tuple[bool, ...], ...], scale: int = 4) -> Image.Image:
    image = Image.new("L", (len(code[0]), len(code)))
    image.putdata([0 if dark else 255 for row in code for dark in row])
    return image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST)


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("url", "https://wallet.esw.esante.gouv.fr", "https://wallet.esw.esante.gouv.fr"),
        ("phone", "0 806 800 213", "tel:0806800213"),
        ("phone", "3608", "tel:3608"),
        ("phone", "+33 1 53 89 32 00", "tel:+33153893200"),
    ],
)
def test_a_reader_reads_what_a_fact_says(kind: str, value: str, said: str) -> None:
    """The code of a fact is read by zxing-cpp as its address, or as its number to dial."""
    fact = shaped(Fact, {"kind": kind, "name": "Un fait", "value": value})
    assert payload(fact) == said
    assert [each.text for each in zxingcpp.read_barcodes(picture(modules(payload(fact))))] == [said]


def test_the_quiet_zone_is_light() -> None:
    """Four light modules stand around a code, and none of its own rows is longer than another."""
    code = modules("tel:3608")
    border = [*code[:QUIET], *code[-QUIET:], *(row[:QUIET] + row[-QUIET:] for row in code)]
    assert not any(dark for row in border for dark in row)
    assert {len(row) for row in code} == {len(code)}


# ----------------------------------------------------------------------------------------- off a terminal's screen

if sys.platform != "win32":
    from support.real_terminal import RealTerminal

CODED = {fact_id: fact for fact_id, fact in FACTS.items() if fact.kind in ("url", "phone")}
CAMERA = "avec l’appareil photo du téléphone, pas avec l’application e-CPS"
FULL = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
FORMS: dict[str, dict[str, str]] = {"half-blocks": {}, "full-blocks": FULL}
"""A stream that has half blocks, and one that has not."""

posix = pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is POSIX")


def read(terminal: RealTerminal, theme: dict[str, str]) -> set[str]:
    """Return what a reader finds in pictures of the screen, each code before it in turn."""
    pictures = screen_picture.pictures(terminal.screen, theme)
    return {found.text for each in pictures for found in zxingcpp.read_barcodes(each)}


def both_themes(terminal: RealTerminal) -> set[str]:
    """Return what a reader finds on the screen, which must be the same on a dark theme and on a light one."""
    dark, light = read(terminal, screen_picture.DARK), read(terminal, screen_picture.LIGHT)
    assert dark == light
    return dark


@pytest.mark.terminal
@posix
@pytest.mark.parametrize("form", first_of(1, FORMS))
def test_every_code_is_read_off_the_screen(form: str) -> None:
    """Each address and number of the shipped facts is read off the screen of `qr`, on dark and light themes."""
    with RealTerminal(
        "qr", *CODED, columns=132, rows=50 * len(CODED), environ={"NO_COLOR": "", **FORMS[form]}
    ) as terminal:
        assert terminal.end() == 0
        assert both_themes(terminal) == {payload(fact) for fact in CODED.values()}
        assert bool(set("▀▄█") & set(terminal.text)) is (form == "half-blocks")
        for fact in CODED.values():
            assert fact.value in terminal.text


@pytest.mark.terminal
@posix
@pytest.mark.parametrize(
    ("form", "colours"),
    each_value(list(FORMS), [("xterm", ""), ("xterm-256color", ""), ("xterm-256color", "truecolor")]),
)
def test_a_code_needs_no_more_than_sixteen_colours(form: str, colours: tuple[str, str]) -> None:
    """A code is black on white in 16 colours, in 256 and in all: neither colour is ever that of the theme."""
    environ = {"NO_COLOR": "", **dict(zip(("TERM", "COLORTERM"), colours, strict=True)), **FORMS[form]}
    with RealTerminal("qr", "ans-help", rows=40, environ=environ) as terminal:
        assert terminal.end() == 0
        assert both_themes(terminal) == {"tel:0806800213"}
        assert form == "full-blocks" or "0 806 800 213" in terminal.text


@pytest.mark.terminal
@posix
def test_the_longest_code_fits_80_by_24_even_in_an_exercise(tmp_path: Path) -> None:
    """`k` shows the store's code, its sentence, its address whole and the question, all on 24 lines of 80."""
    environ = {"NO_COLOR": "", "ECPS_DATA": str(tmp_path)}
    with RealTerminal("activate", "--mobile", "--practice", environ=environ) as terminal:
        terminal.wait("Numéro RPPS du médecin")
        terminal.press("99700218896", "Enter", then="Étape 2 sur")
        terminal.press("Enter", then="Étape 3 sur")
        terminal.press("k", then="2) Application e-CPS sur le Play Store")
        terminal.press("2", "Enter", then="Entrée : revenir à l’étape")
        assert both_themes(terminal) == {FACTS["play-store"].value}
        assert "EXERCICE" in terminal.text
        assert f"\n{FACTS['play-store'].value}\n" in terminal.text
        beside = " ".join(line[41:] for line in terminal.text.splitlines()[1:20])
        assert CAMERA in " ".join(beside.split())
        terminal.press("Enter", then="Étape 3 sur")


@pytest.mark.terminal
@posix
@pytest.mark.parametrize(
    ("size", "environ", "sentence"),
    [
        (
            (80, 18),
            {},
            "trop petite pour le QR code : agrandissez-la à 41 colonnes et 23 lignes au moins.",
        ),
        ((30, 60), {}, "trop petite pour le QR code : agrandissez-la à 41 colonnes et"),
        ((80, 60), FULL, "agrandissez-la "),
        ((80, 60), {"NO_COLOR": "1"}, "il lui faut un écran en couleurs"),
        ((80, 60), {"TERM": "dumb"}, "il lui faut un écran en couleurs"),
    ],
)
def test_where_no_code_can_be_read_the_address_is_there(
    size: tuple[int, int], environ: dict[str, str], sentence: str
) -> None:
    """In a window too small, without colours or on a dumb terminal: a sentence says why, and the address is whole."""
    columns, rows = size
    environ = {"NO_COLOR": "", **environ}
    with RealTerminal("qr", "play-store", columns=columns, rows=rows, environ=environ) as terminal:
        assert terminal.end() == 0
        assert sentence in " ".join(terminal.text.split())
        assert FACTS["play-store"].value in "".join(line.ljust(columns) for line in terminal.screen.display).rstrip()
        assert not both_themes(terminal)
        assert not set("▀▄█") & set(terminal.text)


@pytest.mark.terminal
@posix
def test_a_legacy_console_has_half_blocks() -> None:
    """Code pages 437 and 850 have the half blocks: what they are sent is read on their screen."""
    for encoding in ("cp437", "cp850"):
        environ = {"NO_COLOR": "", "PYTHONUTF8": "0", "PYTHONIOENCODING": encoding}
        with RealTerminal("qr", "cnom", environ=environ) as terminal:
            assert terminal.end() == 0
            terminal.screen.reset()
            pyte.Stream(terminal.screen).feed(terminal.raw.decode(encoding))
            assert "█▀▀▀▀▀█" in terminal.text
            assert both_themes(terminal) == {"tel:0153893200"}


@pytest.mark.terminal
@posix
def test_a_narrow_window_has_the_sentence_under_the_code() -> None:
    """Where there is no room beside a code, its sentence stands under it, and the code is read."""
    with RealTerminal("qr", "wallet", columns=45, rows=30, environ={"NO_COLOR": ""}) as terminal:
        assert terminal.end() == 0
        assert both_themes(terminal) == {"https://wallet.esw.esante.gouv.fr"}
        assert CAMERA in " ".join(terminal.text.split())


@pytest.mark.terminal
@posix
def test_the_help_line_is_one_screen_and_says_how_to_have_a_code() -> None:
    """`help-line` shows each contact once, and the help page, on one screen; `qr` has the codes, by their names."""
    with RealTerminal("help-line", environ={"NO_COLOR": ""}) as terminal:
        assert terminal.end() == 0
        shown = terminal.text.strip().splitlines()
        assert shown[0] == "ANS, assistance e-CPS : 0 806 800 213"
        assert shown[-1] == "En QR code : ecps-guide qr ans-help"
        assert "Assurance Maladie : 3608" in shown
        assert FACTS["help-page"].value in shown
        assert not set("▀▄█") & set(terminal.text)


# --------------------------------------------------------------------------------------------- without a terminal


def test_in_a_pipe_the_addresses_alone() -> None:
    """In a pipe, `qr` prints names, addresses and numbers on standard output, and why there is no code beside it."""
    ran = call("qr", "wallet", "ans-help", "wallet")
    assert ran.out.splitlines() == [
        "Page d’activation avec la carte CPS :",
        "https://wallet.esw.esante.gouv.fr",
        "",
        "ANS, assistance e-CPS : 0 806 800 213",
    ]
    assert (ran.code, ran.err.count("Pas de QR code ici")) == (0, 1)


@pytest.mark.parametrize("typed", ["3608", "0806800213", "0 806 800 213", "https://wallet.esw.esante.gouv.fr"])
def test_a_fact_is_named_by_its_value_too(typed: str) -> None:
    """Whoever has the number or the address before them need not know how the facts are called."""
    ran = call("qr", typed)
    assert ran.code == 0
    assert "".join(typed.split()) in "".join(ran.out.split())


def test_a_former_number_says_what_replaced_it() -> None:
    """The code of a number that has been replaced is not handed out without saying so."""
    ran = call("qr", "ans-help-2024")
    assert "« ans-help-2024 » est ancien : il est remplacé par « ans-help », 0 806 800 213" in ran.err


@pytest.mark.parametrize(
    ("fact", "sentence"),
    [
        ("play-stor", "Le fait « play-stor » n’existe pas. Vouliez-vous dire « play-store » ?"),
        ("rien-de-tel", "Le fait « rien-de-tel » n’existe pas. Les adresses et les numéros : ecps-guide qr"),
        ("term-rpps", "Le fait « term-rpps » n’est ni une adresse ni un numéro. Choisissez parmi"),
    ],
)
def test_a_fact_without_a_code_is_refused(fact: str, sentence: str) -> None:
    """What is no fact, or no address and no number, is refused with what there is; nothing else is printed."""
    ran = call("qr", "wallet", fact)
    assert (ran.code, ran.out) == (1, "")
    assert sentence in ran.err


def test_the_help_line_in_a_pipe_is_a_list() -> None:
    """In a pipe, `help-line` lists the contacts in the order of the guides, then the page, without a word on codes."""
    ran = call("help-line")
    assert (ran.code, ran.err) == (0, "")
    assert [line for line in ran.out.splitlines() if line] == [
        "ANS, assistance e-CPS : 0 806 800 213",
        "Assurance Maladie : 3608",
        "Page d’aide e-CPS de l’ANS :",
        "https://esante.gouv.fr/produits-services/e-cps",
    ]


def test_a_folder_without_contacts_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no guide has a help line, and none comes along, there is a sentence, and exit code 1."""
    monkeypatch.setattr(folders, "shipped", lambda _: tmp_path / "none")
    ran = call("help-line", "--guides", str(tmp_path))
    assert (ran.code, ran.out) == (1, "")
    assert "Aucun de ces guides ne donne de numéro d’aide." in ran.err
