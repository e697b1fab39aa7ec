"""What a terminal sends, sorted: keys a person pressed, and sequences that the terminal sent by itself.

A terminal answers late to questions about its colours and kind, reports its focus, sends Alt and keypad keys as escape
sequences; prompt_toolkit splits what it does not know into single letters, which here are keys. So every whole sequence
(ECMA-48: CSI, OSC, DCS, SOS, PM, APC; SS3; ESC and a character) is read as one: a key where prompt_toolkit knows it, a
digit of the keypad, a marked paste, or nothing.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from asyncio import TimerHandle

    from prompt_toolkit.key_binding import KeyPress

_BODY = r"""
    \[\[[A-E]                                # function keys of the Linux console
  | \[M[\s\S]{3}                             # a mouse report of X10
  | \[ (?![M\[]) [0-?]* [\ -/]* [@-~]       # CSI
  | \] [^\x07\x1b\x9c]* (?:\x07|\x1b\\|\x9c) # OSC
  | [PX^_] [^\x1b\x9c]* (?:\x1b\\|\x9c)      # DCS, SOS, PM, APC
  | O [0-9;]* [ -~]                          # SS3
  | [^\[\]PX^_O\x1b]                         # Alt and a character
"""
_SEQUENCE = re.compile(rf"\x1b(?:{_BODY})", re.VERBOSE)
_BEGUN = re.compile(
    r"\x1b(?:\[\[?|\[M[\s\S]{0,2}|\[[0-?]*[ -/]*|\][^\x07\x1b\x9c]*\x1b?|[PX^_][^\x1b\x9c]*\x1b?|O[0-9;]*)?\Z"
)
"""What may become a sequence once more has come."""

_PASTE, _PASTED = "\x1b[200~", "\x1b[201~"
_ONE_BYTE = dict(
    zip("\x8f\x90\x98\x9b\x9d\x9e\x9f", ("\x1bO", "\x1bP", "\x1bX", "\x1b[", "\x1b]", "\x1b^", "\x1b_"), strict=True)
)
"""The introducers of sequences in one byte (C1), and in two."""

KEYPAD = {
    **{f"\x1bO{chr(ord('p') + digit)}": str(digit) for digit in range(10)},
    **{f"\x1bO{code}": sign for code, sign in zip("MXjklmno", "\r=*+,-./", strict=True)},
}
"""The keypad in application mode (DECKPAM, as in xterm's ctlseqs): what each key stands for."""

LATE = 1.0
"""Seconds after which a sequence that was begun is given up: what comes then is typed."""


def without_sequences(line: str) -> str:
    """Line of text without the sequences of a terminal; keypad keys are what they stand for."""
    return _SEQUENCE.sub(lambda found: KEYPAD.get(found[0], ""), line) if "\x1b" in line else line


class Sorter:
    """Sorts what a terminal sends, piece by piece."""

    def __init__(self, known: Callable[[str], bool], clock: Callable[[], float] = time.monotonic) -> None:
        """Take what tells the sequences that are keys, and a clock of seconds."""
        self._known = known
        self._clock = clock
        self._held = ""
        self._since = 0.0
        self._pasting = False

    def sort(self, data: str) -> str:
        """What is left of some data for a parser of keys; a sequence that is not whole yet is held."""
        for one, two in _ONE_BYTE.items():
            data = data.replace(one, two)
        if self._held and not self._pasting and self._clock() - self._since > LATE:
            self._held = ""
        data, self._held = self._held + data, ""
        kept = []
        position = 0
        while position < len(data):
            if self._pasting:
                end = data.find(_PASTED, position)
                stop = end + len(_PASTED) if end >= 0 else len(data) - _overlap(data, _PASTED)
                self._held = data[stop:] if end < 0 else ""
                self._pasting = end < 0
                if self._pasting:
                    kept.append(data[position:stop])
                    break
            elif data[position] != "\x1b":
                found = data.find("\x1b", position)
                stop = found if found >= 0 else len(data)
            elif whole := _SEQUENCE.match(data, position):
                kept.append(self._meaning(whole[0]))
                position = whole.end()
                continue
            elif _BEGUN.match(data, position):
                self._held, self._since = data[position:], self._clock()
                break
            else:
                stop = position + 1  # an escape before what begins no sequence
            kept.append(data[position:stop])
            position = stop
        return "".join(kept)

    def _meaning(self, sequence: str) -> str:
        self._pasting = sequence == _PASTE
        if self._pasting or self._known(sequence):
            return sequence
        return KEYPAD.get(sequence, "")

    def flush(self) -> str:
        """The Escape key, when nothing came after it; a longer sequence that was begun may still go on."""
        held, self._held = (self._held, "") if self._held == "\x1b" else ("", self._held)
        return held


def _overlap(text: str, mark: str) -> int:
    """How many characters at the end of a text may be the beginning of a mark."""
    return next((size for size in range(len(mark) - 1, 0, -1) if text.endswith(mark[:size])), 0)


# ------------------------------------------------------------------------------------------------- keys held down

REPEAT = 0.35
"""Seconds within which the same key again is no answer: it is held down."""
DOUBT = 1.0
"""Seconds within which the same key may be the first repeat of one held down: keyboards wait half a second for it."""
PATIENCE = 0.08
"""Seconds to wait for a second repeat, which keyboards send every 33 ms."""

RETURN, LINE_FEED = "c-m", "c-j"
"""Enter as prompt_toolkit names it; and while no question stands and the terminal takes whole lines."""


class Repeats:
    """Tells a key that is held down from one that is pressed again."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Take a clock of seconds."""
        self._clock = clock
        self._key = ""
        self._at = self._begun = self._asked = 0.0
        self.editing = False
        """Whether letters are typed into a line: then only Enter answers, and may be held down."""

    def take_over(self, earlier: Repeats) -> None:
        """Know what was pressed for an earlier prompter on the same keyboard: it may be held down still."""
        if earlier is not self and earlier._clock is self._clock:
            self._key, self._at, self._begun = earlier._key, earlier._at, earlier._begun

    def asked(self, editing: bool) -> None:
        """Take note that a new question stands: the key pressed last is no answer to it yet."""
        self._asked, self.editing = self._clock(), editing

    def gap(self, key: str) -> float:
        """Seconds since the same key, or since the question that came after it; infinite for a key that may repeat.

        A letter repeats where it was first pressed at an earlier question: twice at one, it may be a number that is
        typed ahead. The key is taken note of.
        """
        now = self._clock()
        key = RETURN if key == LINE_FEED else key
        gap = min(now - self._at, now - self._asked) if key == self._key else float("inf")
        self._key, self._at = key, now
        if gap >= DOUBT:
            self._begun = now
        if key == RETURN:
            return gap
        answers = len(key) == 1 and not self.editing and self._begun < self._asked
        return gap if answers else float("inf")


class _Gate:
    """Lets the presses of keys through, but for repeats.

    Where a press may be one, it waits: another key, or none for a while, lets it through; the same key does not.
    """

    def __init__(self, callback: Callable[[KeyPress], None], repeats: Repeats) -> None:
        self._callback = callback
        self.repeats = repeats
        self._waiting: tuple[KeyPress, TimerHandle] | None = None

    def __call__(self, press: KeyPress) -> None:
        gap = self.repeats.gap(str(getattr(press.key, "value", press.key)))
        if self._waiting:
            earlier, timer = self._waiting
            self._waiting = None
            timer.cancel()
            if earlier.key != press.key:  # whoever holds a key down presses no other
                self._callback(earlier)
        if gap >= DOUBT:
            self._callback(press)
        elif gap >= REPEAT:
            self._wait(press)

    def _wait(self, press: KeyPress) -> None:
        from asyncio import get_running_loop

        from prompt_toolkit.application import get_app

        def let_through() -> None:
            self._waiting = None
            get_app().key_processor.feed(press)
            get_app().key_processor.process_keys()

        try:
            self._waiting = press, get_running_loop().call_later(PATIENCE, let_through)
        except RuntimeError:  # between two questions: it answers neither
            return


BEHIND = 1.0
"""Seconds within which an Enter belongs to the number before it, which has chosen already."""


@dataclass
class Chosen:
    """The number that was pressed last to choose, alone, on a keyboard."""

    presses: int = 0
    """How many keys were pressed there."""
    by: int = -1
    """Which of them it was."""
    at: float = 0.0

    def just_before(self) -> bool:
        """Whether it came right before the key that is heard now."""
        return self.presses == self.by + 1 and time.monotonic() - self.at < BEHIND


CHOSEN: WeakKeyDictionary[Any, Chosen] = WeakKeyDictionary()
"""By input of prompt_toolkit: one prompter asks on a keyboard after the other."""


# ------------------------------------------------------------------------------------------- into prompt_toolkit


def guard(source: Any, repeats: Repeats | None) -> None:
    """Make an input of prompt_toolkit give keys only, and none that is held down (where `repeats` is given).

    An input without escape sequences (that of Windows) stays as it is.
    """
    from prompt_toolkit.input.ansi_escape_sequences import ANSI_SEQUENCES
    from prompt_toolkit.input.vt100_parser import Vt100Parser

    if not isinstance(getattr(source, "vt100_parser", None), Vt100Parser):
        return
    if hasattr(source.vt100_parser, "sorter"):  # of an earlier prompter on this terminal: its clock is not ours
        gate = source.vt100_parser.feed_key_callback
        if repeats and isinstance(gate, _Gate):
            repeats.take_over(gate.repeats)
            gate.repeats = repeats
        return

    class Parser(Vt100Parser):
        """The parser of keys, behind a sorter."""

        def __init__(self, callback: Callable[[KeyPress], None]) -> None:
            self.sorter = Sorter(ANSI_SEQUENCES.__contains__)
            self._sorted = False
            super().__init__(callback)

        def feed(self, data: str) -> None:
            """Feed what is typed; around a paste, prompt_toolkit calls this again with what was sorted already."""
            if self._sorted:
                super().feed(data)
                return
            self._sorted = True
            super().feed(self.sorter.sort(data))
            self._sorted = False

        def flush(self) -> None:
            """Feed an Escape key that nothing followed."""
            super().feed(self.sorter.flush())
            super().flush()

    callback = source.vt100_parser.feed_key_callback
    source.vt100_parser = Parser(_Gate(callback, repeats) if repeats else callback)


def drain(descriptor: int) -> None:
    """Read and forget the rest of what is being pasted on a terminal that does not say where a paste ends.

    It has ended when nothing has come for a tenth of a second.
    """
    if sys.platform != "win32":  # there, prompt_toolkit tells a paste by its speed
        import select

        while select.select([descriptor], [], [], 0.1)[0] and os.read(descriptor, 65536):
            pass
