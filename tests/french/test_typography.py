"""French typography: where a no-break space stands, where a line may end."""

from __future__ import annotations

import pytest

from ecps_cli.core.text import NO_BREAK, typeset
from ecps_cli.french.question import Question
from ecps_cli.french.typography import (
    broken,
    line_lines,
    list_question,
    option_lines,
    protect_spaces,
    question_lines,
    restore_spaces,
    transliterate,
)

ADDRESS = "https://esante.gouv.fr/produits-services/e-cps/une/page/assez/longue"


@pytest.mark.parametrize("number", ["8 997 002 18896", "0 806 800 213", "8 *** **** 8896", "36 46"])
def test_a_number_is_never_broken(number: str) -> None:
    """A number of several groups, masked or not, is on one line, with the plain spaces that it came with."""
    for width in range(1, 60):
        lines = broken(f"Composer le numéro {number} puis attendre la réponse.", width)
        assert sum(number in line for line in lines) == 1, width


@pytest.mark.parametrize("width", [10, 20, 40, 80, 200])
@pytest.mark.parametrize("text", ["Un mot trop-long-pour-la-ligne", f"Voir {ADDRESS} ; puis « là » !", "", "a\n\nb"])
def test_lines_are_broken_between_words(text: str, width: int) -> None:
    """No line is longer than the width but for a word that is, no word is cut, and nothing is lost."""
    lines = broken(text, width)
    assert all(len(line) <= width or " " not in line for line in lines)
    assert " ".join(lines).replace(NO_BREAK, " ").split() == text.split()


def test_no_line_of_french_begins_with_a_sign() -> None:
    """What stands before : ; ! ? » and after « stays with it at every width."""
    for width in range(1, 60):
        for line in broken("Est-ce vrai ? Oui : « non » ; vraiment !", width):
            assert not line.startswith((":", ";", "!", "?", "»"))
            assert not line.endswith("«")


def test_a_key_stays_with_what_it_does() -> None:
    """In a question broken over lines, no line ends between a key and its meaning, nor begins with a point."""
    question = "Entrée : vu · p : autre chose · r : retour · s : passer · q : pause · ? : aide"
    for width in range(20, 80):
        lines = question_lines(question, width)
        assert max(map(len, lines)) < width
        assert not any(line.endswith((" :", f"{NO_BREAK}:")) or line.startswith("·") for line in lines)


@pytest.mark.parametrize(
    ("height", "asked"),
    [
        (24, "> Réponse (numéro, p : autre cas, ? : aide)"),
        (10, "> Réponse (numéro, p : autre cas, ? : aide)"),
        (9, "> Réponse (? : aide)"),
        (7, "> Réponse (? : aide)"),
        (6, "> Réponse (? : aide, flèches : la suite)"),
    ],
)
def test_a_list_leaves_room_for_the_action_or_says_that_it_goes_on(height: int, asked: str) -> None:
    """Where a list leaves no three rows above it, its question names one key; where it is cut, it says so."""
    question = Question("> Réponse", ("numéro", "p : autre cas", "? : aide"))
    assert list_question(question, ["Cas"] * 6, 80, height).whole() == asked


@pytest.mark.parametrize(
    ("keys", "brief"), [(("r : retour",), "Où ? (r : retour)"), ((), "Où ? (flèches, puis Entrée)")]
)
def test_what_is_left_above_a_long_list_is_a_key_or_the_hint(keys: tuple[str, ...], brief: str) -> None:
    """The last key stays whole, or the hint where no key is named: never the words behind its last comma."""
    question = Question("Où ?", ("flèches, puis Entrée", *keys))
    assert list_question(question, ["Cas"] * 6, 80, 8).whole() == brief


def test_a_number_has_room_beside_its_question() -> None:
    """Where the last line of a question leaves too little room for 12 digits, they begin on the next one."""
    question = "Réponse (p : autre cas, o : ouvrir, k : QR, c : copier, ? : aide) :"
    for width in range(40, 120):
        *whole, last = line_lines(question, width)
        assert len(last) + len("8 997 0021 8896") < width
        assert "\n".join([*whole, last]).rstrip() == "\n".join(question_lines(question, width))
    assert (line_lines(question, 80)[-1], line_lines(question, 90)[-1][-1]) == ("", ":")


def test_a_default_stays_with_the_key_that_takes_it() -> None:
    """`[Entrée : 28/11/2026]` is broken nowhere, however narrow the window."""
    lines = [line for width in range(26, 60) for line in question_lines("Réponse : [Entrée : 28/11/2026]", width)]
    assert [line for line in lines if "Entrée" in line and "2026]" not in line] == []


def test_an_option_is_broken_wherever_it_must() -> None:
    """A list hides what is wider than the screen: there a word too long for a line is broken."""
    assert max(map(len, option_lines(ADDRESS, 40))) <= 32


def test_gluing_keeps_the_length() -> None:
    """Styles stand at the same places in a text whose spaces are protected; restored, it is the typeset text again."""
    for text in ("Composer 36 46 : « oui »", "8 *** **** 8896", "a b", ""):
        assert len(protect_spaces(text)) == len(text)
        assert restore_spaces(protect_spaces(text)) == typeset(text)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "cp850", "cp437"])
def test_an_accent_typed_apart_from_its_letter_is_no_question_mark(encoding: str) -> None:
    """What adds no character of its own, a combining accent or a mark of direction, is left out where it is missing."""
    assert transliterate("e\u0301te\u0301 \u202aici\u202c", encoding) == "ete ici"
    assert "?" not in transliterate("ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆàâäçéèêëîïôöùûüÿœæ’«»…€", encoding)
