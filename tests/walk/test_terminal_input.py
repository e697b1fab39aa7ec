"""What a terminal sends, sorted: tables for the sorter, and for the clock that tells a key held down."""

from __future__ import annotations

import asyncio

import pytest
from prompt_toolkit.input.ansi_escape_sequences import ANSI_SEQUENCES
from prompt_toolkit.input.vt100_parser import Vt100Parser

from ecps_cli.walk.terminal_input import DOUBT, LATE, REPEAT, Repeats, Sorter, guard, without_sequences


class Hand:
    """A clock that is put forward by hand."""

    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


def sorter(clock: Hand | None = None) -> Sorter:
    return Sorter(ANSI_SEQUENCES.__contains__, clock or Hand())


NOTHING = {
    "focus": "\x1b[I\x1b[O",
    "colour, ended by ST": "\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\",
    "colour, ended by BEL": "\x1b]10;rgb:ffff/ffff/ffff\x07",
    "colour, in one byte": "\x9d11;rgb:1e1e/1e1e/2e2e\x9c",
    "DA1": "\x1b[?64;1;2;6c",
    "DA1, in one byte": "\x9b?64;1;2;6c",
    "DA2": "\x1b[>84;0;0c",
    "XTVERSION": "\x1bP>|kitty(0.35.2)\x1b\\",
    "kitty keyboard": "\x1b[97;5u",
    "kitty graphics": "\x1b_Gi=31;OK\x1b\\",
    "privacy message": "\x1b^secret\x1b\\",
    "Alt and a letter": "\x1bq",
    "Alt and a digit": "\x1b5",
    "SS3 unknown": "\x1bOE",
    "X10 mouse": "\x1b[M qs",
}
KEYS = {
    "up": "\x1b[A",
    "up, in application mode": "\x1bOA",
    "Delete": "\x1b[3~",
    "F1 of the Linux console": "\x1b[[A",
    "letters": "oui",
    "digits": "99700218896",
    "Enter": "\r",
    "Ctrl-C": "\x03",
}


@pytest.mark.parametrize("name", NOTHING)
def test_a_sequence_that_is_no_key_is_nothing(name: str) -> None:
    """What a terminal sends by itself leaves nothing, and what stands around it stays."""
    assert sorter().sort(f"a{NOTHING[name]}b") == "ab"


@pytest.mark.parametrize("name", NOTHING)
def test_a_sequence_in_pieces_is_the_same(name: str) -> None:
    """Wherever a sequence is cut, even at each character, it is read as one."""
    text = f"a{NOTHING[name]}b"
    for cut in range(1, len(text)):
        sorting = sorter()
        assert sorting.sort(text[:cut]) + sorting.sort(text[cut:]) == "ab", cut
    sorting = sorter()
    assert "".join(map(sorting.sort, text)) == "ab"


@pytest.mark.parametrize("name", KEYS)
def test_a_key_stays_a_key(name: str) -> None:
    """What prompt_toolkit knows comes through as it was."""
    assert sorter().sort(KEYS[name]) == KEYS[name]


@pytest.mark.parametrize("name", KEYS)
def test_a_key_in_pieces_is_the_same(name: str) -> None:
    """A key that comes character by character is that key."""
    sorting = sorter()
    assert "".join(map(sorting.sort, KEYS[name])) == KEYS[name]


@pytest.mark.parametrize(
    ("sequence", "meaning"),
    [*((f"\x1bO{chr(ord('p') + digit)}", str(digit)) for digit in range(10)), ("\x1bOM", "\r"), ("\x1bOn", ".")],
)
def test_the_keypad_is_what_stands_on_it(sequence: str, meaning: str) -> None:
    """In application mode a digit of the keypad is the digit and its Enter is Enter, in keys and in lines."""
    assert sorter().sort(sequence) == meaning
    assert without_sequences(f"1{sequence}") == f"1{meaning}"


def test_a_paste_is_not_sorted() -> None:
    """What is pasted comes through between its marks, whatever it holds, in one piece or in many."""
    pasted = "\x1b[200~a\x1bqb\x1b]0;x\x07\x1b[201~"
    assert sorter().sort(f"{pasted}\x1bqc") == f"{pasted}c"
    sorting = sorter()
    assert "".join(map(sorting.sort, f"{pasted}\x1bqc")) == f"{pasted}c"


def test_an_escape_alone_is_the_escape_key() -> None:
    """An escape that nothing followed is let through when the parser gives up waiting; a begun sequence is not."""
    sorting = sorter()
    assert sorting.sort("\x1b") == ""
    assert sorting.flush() == "\x1b"
    assert sorting.sort("\x1b]11;rgb") == ""
    assert sorting.flush() == ""
    assert sorting.sort(":0/0/0\x07q") == "q"


def test_a_sequence_that_never_ends_is_given_up() -> None:
    """After a second, what was begun is forgotten, and what comes then is typed."""
    clock = Hand()
    sorting = sorter(clock)
    assert sorting.sort("\x1b]11;rgb") == ""
    clock.time += LATE + 0.1
    assert sorting.sort("oui") == "oui"


# ---------------------------------------------------------------------------------------------------------- repeats

ENTER = "c-m"


@pytest.mark.parametrize(
    ("editing", "key", "again", "repeats"),
    [
        (False, ENTER, ENTER, True),
        (False, ENTER, "c-j", True),
        (False, "c-j", ENTER, True),
        (False, "9", "9", False),
        (False, "v", "s", False),
        (False, "down", "down", False),
        (True, "9", "9", False),
        (True, ENTER, ENTER, True),
    ],
)
def test_the_same_key_at_once_is_a_repeat(editing: bool, key: str, again: str, repeats: bool) -> None:
    """Enter within 350 ms may be a repeat; an arrow may not, nor a letter in a line or twice at one question."""
    clock = Hand()
    telling = Repeats(clock)
    telling.asked(editing)
    assert telling.gap(key) == float("inf")
    clock.time += 0.03
    assert (telling.gap(again) < REPEAT) is repeats


def test_a_letter_repeats_over_questions() -> None:
    """A letter that answered a question, still held down at the next one, answers nothing there, however long."""
    clock = Hand()
    telling = Repeats(clock)
    telling.asked(editing=False)
    assert telling.gap("v") == float("inf")
    clock.time += 0.05
    telling.asked(editing=False)
    clock.time += 0.45
    assert REPEAT <= telling.gap("v") < DOUBT
    for _ in range(100):
        clock.time += 0.03
        assert telling.gap("v") < REPEAT
    clock.time += DOUBT
    assert telling.gap("v") >= DOUBT


def test_a_repeat_is_counted_from_the_last_of_them() -> None:
    """However long a key is held down, each repeat is one; pressed anew after more than a second, it is not."""
    clock = Hand()
    telling = Repeats(clock)
    telling.gap(ENTER)
    for _ in range(100):
        clock.time += 0.03
        assert telling.gap(ENTER) < REPEAT
    clock.time += DOUBT
    assert telling.gap(ENTER) >= DOUBT


def test_a_new_question_begins_the_time_anew() -> None:
    """The key that answered the last question is no answer to one that has stood for less than 350 ms."""
    clock = Hand()
    telling = Repeats(clock)
    telling.gap(ENTER)
    clock.time += 5
    telling.asked(editing=False)
    clock.time += 0.2
    assert telling.gap(ENTER) < REPEAT
    telling.asked(editing=False)
    assert telling.gap("q") == float("inf"), "another key answers at once"


class Feeding:
    """An input of prompt_toolkit with a parser of keys, and what that parser gave."""

    def __init__(self) -> None:
        self.pressed: list[str] = []
        self.vt100_parser = Vt100Parser(lambda press: self.pressed.append(str(getattr(press.key, "value", press.key))))


@pytest.mark.parametrize(("next_key", "heard"), [("M", [ENTER, ENTER, "M"]), (ENTER, [ENTER])])
def test_a_press_that_waits_is_let_through_by_another_key(next_key: str, heard: list[str]) -> None:
    """A second Enter half a second after the first may be a repeat: the same key again says so, another says not."""

    async def typed() -> list[str]:
        clock, source = Hand(), Feeding()
        guard(source, Repeats(clock))
        for key, pause in ((ENTER, 5), (ENTER, 0.5), (next_key, 0.05)):
            clock.time += pause
            source.vt100_parser.feed({ENTER: "\r"}.get(key, key))
        return source.pressed

    assert asyncio.run(typed()) == heard
