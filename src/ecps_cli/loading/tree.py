"""YAML text into plain data: every scalar is the text that was written, every value and key knows its position."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NoReturn

import yaml

from ecps_cli.core.model import KeyPath
from ecps_cli.core.text import shorten
from ecps_cli.loading.problems import COMMENT, Diagnostic, Finding, Position, lines_of, refuse
from ecps_cli.loading.syntax import DEEPEST, TOO_DEEP, TOO_MUCH, in_french, position_of

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's parser, or the one in Python where PyYAML was built without it. Only its events are used: they build
nothing, so no text can turn into a number, a date or an object."""

LONGEST = 20_000
"""How many values a file may hold; a long guide has two thousand."""

KEY = "[key]"
"""At the end of a path: the key itself, not its value (Pydantic's own mark)."""

_START = yaml.Mark("", 0, 0, 0, "", 0)


_STARTS: dict[type, type] = {yaml.MappingStartEvent: dict, yaml.SequenceStartEvent: list}
_ENDS = (yaml.MappingEndEvent, yaml.SequenceEndEvent)


def _plain(text: str) -> Any:
    """Data of a usual text, read without the places of its values: to keep them takes half as long again.

    None for a text of which something may have to be said, and so a place be needed: it is no YAML, is too long or too
    deep, has a key twice, an empty value, an escape, or a mark of YAML.
    """
    if "\\" in text:
        return None
    stack: list[list[Any]] = []
    inside: list[Any] = []
    count = 0
    loader = Loader(text)
    try:
        while event := loader.get_event():
            kind = type(event)
            if kind is yaml.ScalarEvent:
                if not event.value or event.anchor or event.tag:
                    return None
                inside.append(event.value)
            elif kind in _STARTS:
                if event.anchor or event.tag or len(stack) == DEEPEST:
                    return None
                stack.append(inside)
                inside = []
            elif kind in _ENDS:
                count += len(inside)
                made: Any = inside
                if kind is yaml.MappingEndEvent:
                    pairs = iter(inside)
                    made = dict(zip(pairs, pairs))  # noqa: B905 — there are as many keys as values
                    if 2 * len(made) < len(inside):
                        return None
                inside = stack.pop()
                inside.append(made)
            elif kind is yaml.AliasEvent:
                return None
    except (yaml.MarkedYAMLError, TypeError):  # it is no YAML, or a key is no text
        return None
    finally:
        loader.dispose()
    return inside[0] if len(inside) == 1 and count < LONGEST else None


class _Collection:
    """A list or mapping of the file, with the marks at which it and each value and key in it begin."""

    __slots__ = ("awaited", "cut", "is_flow", "is_list", "keys", "mark", "places", "value")

    def __init__(self, value: Any, event: Any) -> None:
        self.value = value
        """Plain lists and dicts of texts."""
        self.mark: Any = event.start_mark
        self.places: Any = type(value)()
        """For each value in it, by index or key: the mark of a text, or a collection."""
        self.keys: dict[str, Any] = {}
        """The marks of a mapping's keys."""
        self.is_list = type(value) is list
        self.is_flow: bool = event.flow_style
        self.awaited: Any = None
        """While a mapping is read: the key whose value comes next; None when a key comes next."""
        self.cut: _Cut | None = None
        """In a mapping between braces: the unquoted text that was read last, which a comma may have cut."""


class Tree:
    """What a file says, where it says it, and what is wrong with it already."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.data: Any = ""
        """All that the file says, as dicts, lists and texts."""
        self._root: Any = None
        self.diagnostics: list[Diagnostic] = []
        """What is wrong with it already."""
        self.spoiled: set[Any] = set()
        """The marks of texts that a diagnostic is about: nothing more is said of them."""

    @property
    def root(self) -> Any:
        """Place of its data, a mark or a collection; a text that was read without places is read again for it."""
        if self._root is None:
            _Builder(self).read()
        return self._root

    @root.setter
    def root(self, place: Any) -> None:
        self._root = place

    def position(self, path: KeyPath) -> Position:
        """Position of a value, or of a key (a path that ends in `KEY`); of what is around it where there is none."""
        return position_of(self._mark(path))

    def keys(self, path: KeyPath) -> Collection[str]:
        """Keys of the mapping at a path."""
        place = self._place(path)
        return place.keys if isinstance(place, _Collection) else ()

    def report(self, finding: Finding) -> None:
        """Add to the tree's own diagnostics what is found at a path, before the tree changes there."""
        self.diagnostics.append(Diagnostic(self.position(finding.path), finding.message, finding.code))

    def rename(self, path: KeyPath, key: str) -> None:
        """Put what is at a path under another key of the same mapping."""
        parent = self._place(path[:-1])
        for mapping in (parent.value, parent.places, parent.keys):
            mapping[key] = mapping.pop(path[-1])

    def located(self, findings: Iterable[Finding]) -> list[Diagnostic]:
        """Diagnostics of the tree itself, and of findings on what it holds."""
        marks = ((self._mark(path), message, code) for path, message, code in findings)
        found = [
            Diagnostic(position_of(mark), message, code) for mark, message, code in marks if mark not in self.spoiled
        ]
        return self._inside([*self.diagnostics, *found])

    def refuse(self, name: str, diagnostics: Iterable[Diagnostic]) -> NoReturn:
        """Raise these diagnostics with the tree's own.

        Raises:
            LoadError: always.

        """
        refuse(name, self._inside([*self.diagnostics, *diagnostics]))

    def _mark(self, path: KeyPath) -> Any:
        is_key = path[-1:] == (KEY,)
        place = self._place(path[:-2] if is_key else path)
        if not isinstance(place, _Collection):
            return place
        return place.keys.get(str(path[-2]), place.mark) if is_key else place.mark

    def _place(self, path: KeyPath) -> Any:
        """Place of the value at a path; of what is around it where there is none."""
        place = self.root
        for part in path:
            try:
                place = place.places[part]
            except (AttributeError, KeyError, IndexError, TypeError):  # nothing is in a text
                break
        return place

    def _inside(self, diagnostics: list[Diagnostic]) -> list[Diagnostic]:
        """Diagnostics, each at a position inside the text: libyaml counts a line after it."""
        if not diagnostics:
            return []
        lines = lines_of(self.text)
        end = Position(len(lines), len(lines[-1]) + 1)
        return [each._replace(position=min(each.position, end)) for each in diagnostics]


def read_tree(text: str, name: str) -> Tree:
    """Tree of a text in YAML; faults that leave a tree are among its diagnostics.

    Raises:
        LoadError: the text is no YAML, or holds what cannot be shown, or too much.

    """
    text = text.removeprefix("\ufeff")
    tree = Tree(text)
    if not _USUAL.fullmatch(text) and (unseen := list(_unseen(text))):
        from ecps_cli.loading.causes import decoded_twice

        twice = decoded_twice(text)  # then some of its letters are halves that cannot be seen
        tree.refuse(name, [Diagnostic(*twice, _HIDDEN_CODE)] if twice else unseen)
    tree.data = _plain(text)
    if tree.data is None and (stopped := _read(tree)):
        from ecps_cli.loading.causes import cause_of  # its patterns cost milliseconds, and only a fault needs them

        position, said = stopped
        tree.refuse(name, [(cause_of(text, position, _failure) if said.code in _CAUSED else None) or said])
    return tree


def _read(tree: Tree) -> tuple[Position, Diagnostic] | None:
    """Read the text of a tree into it; return where that stopped and what is said of it, None if it did not."""
    try:
        _Builder(tree).read()
    except yaml.MarkedYAMLError as error:
        return position_of(error.problem_mark or error.context_mark), in_french(error, tree.text)
    except _Stop as stop:
        return stop.diagnostic.position, stop.diagnostic
    return None


def _failure(text: str) -> Position | None:
    """Position at which reading a text stops; None if it does not."""
    stopped = _read(Tree(text))
    return stopped and stopped[0]


# ------------------------------------------------------------------------------------------- characters without a shape

_HIDDEN = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls, but tab and line breaks
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # the order of writing
    "\u00ad\u200b\u2060-\u2065\u206a-\u206f\ufeff"  # nothing to see; U+200C and U+200D stay: they join emoji
    "\u2028\u2029"  # line breaks to some, not to others
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # halves of characters, and what is no character
    "\U0001fffe\U0001ffff\U0002fffe\U0002ffff\U0003fffe-\U0010ffff"  # the same, tags, planes without characters
)
_USUAL = re.compile("[\n\t -~\u00a0-\u00ac\u00ae-\u00ffŒœ‘’“”–—…€→\u202f]*")
"""A text without any, as most are: seven times as fast."""
_UNSEEN = re.compile(f"[\r{_HIDDEN}]")  # a bare return overprints its line; in a text, it is one of the line breaks


def _unseen(text: str) -> Iterator[Diagnostic]:
    if _UNSEEN.search(text):
        for number, line in enumerate(lines_of(text), 1):
            for found in _UNSEEN.finditer(line):
                yield Diagnostic(Position(number, found.start() + 1), _hidden(found[0]), _HIDDEN_CODE)


_HIDDEN_CODE = "E503"


def _hidden(character: str) -> str:
    return f"le caractère invisible U+{ord(character):04X} n’est pas permis. Effacez-le."


# --------------------------------------------------------------------------------------------------- events into a tree


class _Stop(Exception):
    """Nothing after this can be read."""

    def __init__(self, position: Position, said: str, code: str) -> None:
        super().__init__(said)
        self.diagnostic = Diagnostic(position, said, code)


_NOWHERE = object()
"""Stands for a key that cannot be used: its value is not kept."""


class _Cut:
    """Sentence about a text that commas cut; put together when it is read, since the last comma may be to come."""

    def __init__(self, text: str, mark: Any) -> None:
        self.text = text
        self.mark = mark

    def __str__(self) -> str:
        return f"une virgule coupe « {shorten(self.text, 60)} ». Mettez tout ce texte entre guillemets."


_LOST = re.compile(r"[ \t]+#(?=[^\s#])")
"""A comment in place of a value: it was probably to be the text."""


class _Builder:
    """Reads events into a tree, with a stack of its own: nested text costs it no recursion."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.escapes = "\\" in tree.text
        """Whether a character may be written by its code."""

    def read(self) -> None:
        """Read the whole text, or as far as it goes."""
        self.tree.data = ""
        loader = Loader(self.tree.text)
        try:
            self._build(iter(loader.get_event, None))
        finally:
            loader.dispose()
        if self.tree.data == "":
            said = "le fichier est vide. Écrivez-y quelque chose, ou choisissez un autre fichier."
            raise _Stop(Position(1, 1), said, "E105")

    def _build(self, events: Iterable[Any]) -> None:
        """Give what each event begins to the collection around it; one loop, since it runs for every word of a file."""
        stack: list[_Collection] = []
        count = 0
        for event in events:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                value, place = event.value, event.start_mark
                if self.escapes or not value or event.anchor or event.tag:
                    self._examine(event)
            elif kind in _STARTS:
                value = _STARTS[kind]()
                place = _Collection(value, event)
                self._refuse_marks(event)
            elif kind in _ENDS:
                stack.pop()
                continue
            elif kind is yaml.AliasEvent:
                value, place = "", event.start_mark
                self._spoil(place, f"« *{shorten(event.anchor)} » est un alias YAML. {_QUOTE_ALL}", "E106")
            else:
                continue
            count += 1
            if count > LONGEST:
                raise _Stop(position_of(event.start_mark), _TOO_LONG, TOO_MUCH)
            if stack:
                self._put(stack[-1], value, place, event)
            elif count == 1:
                self.tree.data, self.tree.root = value, place
            else:
                raise _Stop(position_of(event.start_mark), _TWO_DOCUMENTS, "E107")
            if kind in _STARTS:
                stack.append(place)
                if len(stack) > DEEPEST:
                    raise _Stop(position_of(event.start_mark), TOO_DEEP, TOO_MUCH)

    def _put(self, around: _Collection, value: Any, place: Any, event: Any) -> None:
        """Put what an event begins into a collection, as its next value or key."""
        key = around.awaited
        if around.is_list:
            around.value.append(value)
            around.places.append(place)
        elif key is None:
            around.awaited = self._key(around, value, event.start_mark)
        else:
            if key is not _NOWHERE and not (around.is_flow and self._continues(around, value, event)):
                around.value[key] = value
                around.places[key] = place
            around.awaited = None

    def _examine(self, event: Any) -> None:
        """Find what is wrong with a text that is empty, marked or may have escapes."""
        if self.escapes and event.style == '"' and (hidden := _UNSEEN.search(event.value)):
            self._spoil(event.start_mark, _hidden(hidden[0]), _HIDDEN_CODE)
        if not (event.value or event.style) and _LOST.match(self.tree.text, event.start_mark.index):
            self._spoil(event.start_mark, COMMENT, "E204")
        self._refuse_marks(event)

    def _refuse_marks(self, event: Any) -> None:
        if event.anchor or event.tag:
            sign = f"&{event.anchor}" if event.anchor else event.tag.replace("tag:yaml.org,2002:", "!!")
            self._find(event.start_mark, f"« {shorten(sign)} » est une marque YAML. {_QUOTE_ALL}", "E106")

    def _continues(self, around: _Collection, value: Any, event: Any) -> bool:
        """Whether a key without a value is the rest of a text that a comma cut; if so, it is put back there."""
        key, cut, mark = around.awaited, around.cut, event.start_mark
        if value or cut is None or " " not in key or ":" in self.tree.text[around.keys[key].index : mark.index]:
            around.cut = None if getattr(event, "style", "mapping") else _Cut(value, mark)
            return False
        del around.keys[key]
        cut.text = around.value[next(reversed(around.value))] = f"{cut.text}, {key}"
        if cut.mark not in self.tree.spoiled:
            self._spoil(cut.mark, cut, "E109")
        return True

    def _key(self, around: _Collection, key: Any, mark: Any) -> object:
        if type(key) is not str:
            self._find(mark, "une clé est un texte. Mettez entre guillemets le texte qui commence ici.", "E205")
            return _NOWHERE
        if key in around.keys:
            line = around.keys[key].line + 1
            self._find(mark, f"la clé « {shorten(key)} » est déjà à la ligne {line}. Gardez l’une des deux.", "E202")
            return _NOWHERE
        around.keys[key] = mark
        return key

    def _find(self, mark: Any, message: object, code: str) -> None:
        self.tree.diagnostics.append(Diagnostic(position_of(mark), message, code))

    def _spoil(self, mark: Any, message: object, code: str) -> None:
        self._find(mark, message, code)
        self.tree.spoiled.add(mark)


# --------------------------------------------------------------------------------------------------- what stops reading

_CAUSED = ("E104", "E107")
"""Codes of failures whose mistake may stand elsewhere."""
_QUOTE_ALL = "Mettez tout le texte entre guillemets, ou enlevez cette marque."
_TOO_LONG = f"le fichier a plus de {LONGEST} valeurs. Coupez-le en plusieurs fichiers."
_TWO_DOCUMENTS = "un fichier ne contient qu’un document. Enlevez « --- » et ce qui suit."
