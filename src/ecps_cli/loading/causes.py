"""The mistake behind a failure: where the parser gave up is seldom where the author slipped.

Each cause of the table finds lines that look like one slip, says what to do, and does it to a copy of the text. It is
believed only if the copy is then read further than the text was: a remedy that is named is one that works.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

from ecps_cli.core.text import shorten
from ecps_cli.loading.problems import COMMENT, NO_BREAK, UNCLOSED, Diagnostic, Position, lines_of

BULLETS = "–—−‒‑•·‣▪◦●*"
"""What a word processor, or a hand used to it, puts in place of the hyphen of a list."""
_OPENING, _CLOSING = "“”„‟«", "“”„‟»"
TYPOGRAPHIC = re.compile(rf"([{_OPENING}])([^{_OPENING}{_CLOSING}]*)([{_CLOSING}])")
"""A text between quotes of typography, where YAML has its own."""

# ----------------------------------------------------------------------------------- from a failure back to the mistake

WINDOW = 200
"""How many lines before the failure are looked at, the nearest first."""
GUESSES = 3
"""How many guesses of one cause are tried: each costs a reading of the text."""


class Guess(NamedTuple):
    """A slip that may explain the failure: its sentence, and the lines of the text with the slip mended."""

    position: Position
    said: str
    mended: list[str]


Finder = Callable[[list[str], int], Iterator[Guess]]
"""What looks for one slip in lines, of which reading failed at one; it may guess several times."""


def cause_of(text: str, failed: Position, read: Callable[[str], Position | None]) -> Diagnostic | None:
    """Mistake for which reading a text failed at a position; None when no cause of the table explains it.

    `read` says where reading a text fails, or None.
    """
    lines = lines_of(text)
    for find, code in CAUSES.values():
        for guess in islice(find(lines, min(failed.line, len(lines)) - 1), GUESSES):
            again = read("\n".join(guess.mended))
            if again is None or again.line > failed.line:
                return Diagnostic(guess.position, guess.said, code)
    return None


def _before(lines: list[str], failed: int, sign: re.Pattern[str]) -> Iterator[tuple[int, re.Match[str]]]:
    """Matches of a pattern in the `WINDOW` of lines up to the failure, with their line numbers, the last line first."""
    for number in range(failed, max(failed - WINDOW, -1), -1):
        for found in sign.finditer(lines[number]):
            yield number, found


def _with(lines: list[str], number: int, line: str) -> list[str]:
    return [*lines[:number], line, *lines[number + 1 :]]


def _at(number: int, column: int) -> Position:
    return Position(number + 1, column + 1)


_FENCE = re.compile(r"^\s*(?:```|~~~)")


def _fence(lines: list[str], _: int) -> Iterator[Guess]:
    """Lines of Markdown around the guide: without them, or with only what they enclose."""
    fences = [number for number, line in enumerate(lines) if _FENCE.match(line)]
    if fences:
        sign, last = lines[fences[0]].strip()[:3], fences[1] if len(fences) > 1 else len(lines)
        without = ["" if _FENCE.match(line) else line for line in lines]
        said = f"« {sign} » est du Markdown, pas du YAML. Enlevez chaque ligne qui commence par « {sign} »"
        yield Guess(_at(fences[0], 0), f"{said}, et gardez le reste.", without)
        inside = [line if fences[0] < number < last else "" for number, line in enumerate(lines)]
        yield Guess(_at(fences[0], 0), f"{said}, et ce qui n’est pas entre elles.", inside)


_OF_A_GUIDE = re.compile(r"(?:format|steps|outcomes):")


def _front_matter(lines: list[str], failed: int) -> Iterator[Guess]:
    """A « --- » before, after or between guides: what to remove, and never the first guide."""
    marker = next((number for number in range(failed, 0, -1) if lines[number].rstrip() == "---"), 0)
    if not marker:
        return
    before, after = lines[:marker], lines[marker + 1 :]
    in_before, in_after = (any(map(_OF_A_GUIDE.match, part)) for part in (before, after))
    if not any(map(str.strip, after)):
        yield Guess(_at(marker, 0), "rien ne suit ce « --- ». Enlevez cette ligne.", _with(lines, marker, ""))
    elif in_after and not in_before:
        said = f"ce qui précède le guide est un en-tête. Enlevez les lignes 1 à {marker + 1}."
        yield Guess(_at(0, 0), said, ["" for _ in lines[: marker + 1]] + after)
    elif in_after:
        said = "un fichier ne contient qu’un guide. Mettez celui qui suit ce « --- » dans un autre fichier."
        yield Guess(_at(marker, 0), said, before)
    elif in_before:
        said = "le guide est fini. Enlevez ce « --- » et ce qui suit, qui n’en fait pas partie."
        yield Guess(_at(marker, 0), said, before)


_HARD = re.compile(
    rf"^ *(?P<space>[{NO_BREAK}])|^ *-(?P<dash>[{NO_BREAK}])|^ *(?:- +)*[\w-]+ ?:(?P<colon>[{NO_BREAK}])"
)


def _no_break(lines: list[str], failed: int) -> Iterator[Guess]:
    """A no-break space where the structure of the file needs a plain one."""
    for number, found in _before(lines, failed, _HARD):
        mended = [_softened(line) for line in lines]
        said = "une espace insécable est ici, et le YAML n’y voit pas d’espace. Tapez à sa place une espace ordinaire."
        yield Guess(_at(number, found.end() - 1), said, mended)


def _softened(line: str) -> str:
    found = re.match(rf"^[ {NO_BREAK}]*(?:-[ {NO_BREAK}]+)*(?:[\w-]+[ {NO_BREAK}]?:[ {NO_BREAK}]+)?", line)
    end = found.end() if found else 0
    return re.sub(f"[{NO_BREAK}]", " ", line[:end]) + line[end:]


_BULLET = re.compile(rf"^\s*(?P<mark>[{re.escape(BULLETS)}](?=[\s{NO_BREAK}])|[–—•](?=\S)|-(?=[^\s-]))")


def list_mark(text: str) -> str | None:
    """Sentence about a text that begins as a line of a list, but not with « - » and a space; None for others."""
    found = _BULLET.match(text)
    if found is None:
        return None
    if found["mark"] == "-":
        return "il manque une espace après « - ». Une ligne de liste commence par un tiret, puis une espace."
    said = f"« {found['mark']} » ne commence pas une ligne de liste."
    return f"{said} Écrivez « - », le tiret du clavier, puis une espace."


def _bullet(lines: list[str], failed: int) -> Iterator[Guess]:
    """A line of a list that begins with another mark than a hyphen and a space."""
    for number, found in _before(lines, failed, _BULLET):
        said = list_mark(lines[number]) or ""
        for under in (False, True):  # the lines below it may have been set under its text, or not
            yield Guess(_at(number, found.start("mark")), said, [_relisted(line, under) for line in lines])


def _relisted(line: str, under: bool) -> str:
    found = _BULLET.match(line)
    if found is None:
        return line
    indent = line[: found.start("mark")]
    if under and found["mark"] == "-":
        indent = indent[:-1]
    return f"{indent}- {line[found.end('mark') :].lstrip(f' {NO_BREAK}')}"


_QUOTE = re.compile(r"""(?:^[ -]*|:[ ]+|[\[{,][ ]*)(?P<quote>["'])""")


def _open_quote(lines: list[str], failed: int) -> Iterator[Guess]:
    """A quote that is not closed on its line: the next one, lines below, seems to be too many."""
    for number, found in _before(lines, failed, _QUOTE):
        quote, line = found["quote"], lines[number].rstrip()
        if line.find(quote, found.end()) < 0:
            for place in {len(line), len(line.rstrip("}], "))}:  # in a list or a mapping, it may stand before its end
                mended = _with(lines, number, f"{line[:place]}{quote}{line[place:]}")
                yield Guess(_at(number, found.start("quote")), UNCLOSED, mended)


_INNER = (
    ("'", "''", "cette apostrophe ferme le texte avant sa fin. Dans le texte, écrivez « ’ », ou « '' »."),
    (
        '"',
        r"\"",
        'ce guillemet ferme le texte avant sa fin. Dans le texte, écrivez « \\" », ou des guillemets français.',
    ),
)


def _inner_quote(lines: list[str], failed: int) -> Iterator[Guess]:
    """A quote inside a quoted text, which it ends too early."""
    for number, found in _before(lines, failed, _QUOTE):
        line, begin = lines[number], found.end()
        end = len(line.rstrip("}], ")) - 1
        for quote, written, said in _INNER:
            if found["quote"] == quote and line[end:][:1] == quote and begin <= line.find(quote, begin) < end:
                mended = line[:begin] + line[begin:end].replace(quote, written) + line[end:]
                yield Guess(_at(number, line.find(quote, begin)), said, _with(lines, number, mended))


def _typographic(lines: list[str], failed: int) -> Iterator[Guess]:
    """Quotes of typography around a text that needs those of YAML."""
    for number, found in _before(lines, failed, TYPOGRAPHIC):
        inside = found[2].replace('"', "'").strip(f" {NO_BREAK}")
        line = f'{lines[number][: found.start()]}"{inside}"{lines[number][found.end() :]}'
        yield Guess(_at(number, found.start()), typographic(found), _with(lines, number, line))


def typographic(found: re.Match[str]) -> str:
    """Sentence about quotes of typography."""
    said = f"« {found[1]} » et « {found[3]} » font partie du texte : ce ne sont pas les guillemets du YAML."
    return f'{said} Remplacez-les par « " » ; s’ils doivent se lire, mettez le tout entre « " ».'


_COMMENT = re.compile(r"(?:^|(?<=\s))#(?=\S)")


def _comment(lines: list[str], failed: int) -> Iterator[Guess]:
    """A text that holds « # » behind a space, and is cut there."""
    for number, found in _before(lines, failed, _COMMENT):
        yield Guess(_at(number, found.start()), COMMENT, _with(lines, number, _COMMENT.sub("+", lines[number])))


_COLON = re.compile(r"^\s*(?:- +)?[a-z_]+:(?=[^\s/])")


def _colon(lines: list[str], failed: int) -> Iterator[Guess]:
    """A colon without the space that would make a key of what precedes it."""
    for number, found in _before(lines, failed, _COLON):
        line = f"{found[0]} {lines[number][found.end() :]}"
        said = "il manque une espace après « : ». Ajoutez-la."
        yield Guess(_at(number, found.end() - 1), said, _with(lines, number, line))


_YAML, _ONE_DOCUMENT = "E104", "E107"
CAUSES: dict[str, tuple[Finder, str]] = {
    "Markdown fences": (_fence, _YAML),
    "front matter": (_front_matter, _ONE_DOCUMENT),
    "no-break space": (_no_break, _YAML),
    "bullet": (_bullet, _YAML),
    "quote not closed": (_open_quote, _YAML),
    "quote in quotes": (_inner_quote, _YAML),
    "quotes of typography": (_typographic, _YAML),
    "comment": (_comment, _YAML),
    "colon without a space": (_colon, _YAML),
}
"""Slips by name, in the order in which they are tried, each with the rule that it breaks."""

# ----------------------------------------------------------------------------------------------- what was decoded twice

_TWICE = re.compile("(?:[ÂÃÅ]|â[\u0080-\u00bf€‚ƒ„†‡‰ˆ…])[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
_TWICE_BEGINS = "ÂÃÅâ"
_ODD = {bytes([code]).decode("cp1252", "ignore") or chr(code): code for code in range(0x80, 0xA0)}
"""Bytes that Windows reads as something else than Latin-1 does."""
_FRENCH = re.compile("[«»À-ÿŒœŸ‘’“”–—…•€→°·\u00a0\u202f]")


def decoded_twice(text: str) -> tuple[Position, str] | None:
    """First place where UTF-8 was read as another encoding and saved again, with its sentence; None without one."""
    if not any(sign in text for sign in _TWICE_BEGINS) or not _TWICE.search(text):  # the first is fast, and enough
        return None
    for number, line in enumerate(lines_of(text), 1):
        for found in _TWICE.finditer(line):
            if _once(found[0]):
                begin, end = found.span()
                before, after = line[max(begin - 20, 0) : begin], line[begin : end + 20]
                word = before.rpartition(" ")[2] + after.partition(" ")[0]
                meant = _TWICE.sub(lambda each: _once(each[0]) or each[0], word)
                said = f"« {shorten(word)} » se lisait « {shorten(meant)} » : ce texte a été relu dans un autre codage."
                return Position(number, found.start() + 1), f"{said} Reprenez l’original, et enregistrez-le en UTF-8."
    return None


def _once(garbled: str) -> str | None:
    """Letter of French texts that these characters were before they were decoded twice; None if they were none."""
    raw = bytes(_ODD.get(each, ord(each) & 0xFF) for each in garbled)
    try:
        letter = raw.decode()
    except UnicodeDecodeError:
        return None
    return letter if _FRENCH.fullmatch(letter) else None
