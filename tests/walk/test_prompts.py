"""The questions of a walk, asked by lines, by keys and from a file: what each hears, and what is never an answer."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from ecps_cli.french.question import Question
from ecps_cli.walk import question_text
from ecps_cli.walk.by_keys import KeyPrompter
from ecps_cli.walk.by_lines import FilePrompter, LinePrompter, read_stdin
from ecps_cli.walk.prompter import ENTER, HINT, NO_HELP, EndOfInput, Key, Prompter, marked
from support.stage import typed

SEEN, NUMBER, WHICH = Question("Vu ?"), Question("Numéro", end=" :"), Question("Lequel ?")
OPTIONS = {"yes": "Oui", "no": "Non", "unsure": "Je ne sais pas"}
LONG = "Un deuxième appareil affiche bien le courriel, mais le médecin ne sait pas lequel des deux comptes est le sien."


class Lines:
    """Somebody who types these lines, then no more; and what was said to them."""

    def __init__(self, *lines: str) -> None:
        self.said: list[str] = []
        self.rest = list(lines)
        self.prompter = LinePrompter(self.said.append, self._read)

    def _read(self) -> str:
        if not self.rest:
            raise EndOfInput
        return f"{self.rest.pop(0)}\n"


Ask = Callable[[Prompter], Any]


def ask_key(**how: Any) -> Ask:
    return lambda prompter: prompter.key(SEEN, **how)


def ask_text(**how: Any) -> Ask:
    return lambda prompter: prompter.text(NUMBER, **how)


def ask_choice(options: Mapping[str, str] | None = None, **how: Any) -> Ask:
    return lambda prompter: prompter.choose(WHICH, options or OPTIONS, **how)


def until_the_end(ask: Ask, prompter: Prompter) -> None:
    while True:
        assert ask(prompter) == "zzz"


def test_a_question_is_put_together_from_its_parts() -> None:
    """A hint goes before the keys, wherever the text itself has brackets or points; keys alone stand between points."""
    text = "Appeler le 36 46 (payant) · fait ?"
    assert marked(Question(text, ("r : retour",), " :"), HINT).whole() == f"> {text} ({HINT}, r : retour) :"
    assert marked(Question(text), HINT).whole() == f"> {text} ({HINT})"
    assert marked(Question(text)).whole() == f"> {text}"
    assert Question(keys=("Entrée : vu", "? : aide")).whole() == "Entrée : vu · ? : aide"
    assert Question(keys=("Entrée : vu", "? : aide")).whole(", ") == "Entrée : vu, ? : aide"


# --------------------------------------------------------------------------------------------- what is heard, by lines


@pytest.mark.parametrize(
    ("ask", "lines", "heard"),
    [
        (ask_key(), [""], ENTER),
        (ask_key(keys="pq"), ["p"], Key("p")),
        (ask_key(keys="pq"), ["  Q "], Key("q")),
        (ask_key(keys="?"), ["?"], Key("?")),
        (ask_key(keys="pq"), ["x", "oui", ""], ENTER),
        (ask_key(), ["p", "P", ""], ENTER),
        (ask_key(keys="pq"), ["pq", ""], ENTER),
        (ask_text(), ["ameli"], "ameli"),
        (ask_text(), ["  deux mots \t"], "deux mots"),
        (ask_text(), [""], ""),
        (ask_text(default="18:30"), [""], "18:30"),
        (ask_text(default="18:30"), ["19:00"], "19:00"),
        (ask_text(keys="s"), ["S"], Key("s")),
        (ask_text(keys="s"), ["ss"], "ss"),
        (ask_text(keys="s", default="x"), ["s"], Key("s")),
        (ask_text(), ["s"], "s"),
        (ask_text(), ["?", " ? ", "pourquoi ?"], "pourquoi ?"),
        (ask_text(default="x"), ["?", ""], "x"),
        (ask_text(keys="?"), ["?"], Key("?")),
        (ask_choice(), ["1"], "yes"),
        (ask_choice(), ["3"], "unsure"),
        (ask_choice(), ["no"], "no"),
        (ask_choice(), ["4", "0", "-1", "1.0", "²", "oui", "2"], "no"),
        (ask_choice(), [""], "unsure"),
        (ask_choice({"a": "A", "b": "B"}), ["", "x", "2"], "b"),
        (ask_choice(), ["99999999999999999999", "1"], "yes"),
        (ask_choice(), ["２"], "no"),
        (ask_choice(default="no"), [""], "no"),
        (ask_choice(default="no"), ["1"], "yes"),
        (ask_choice(default="gone"), [""], "unsure"),
        (ask_choice(keys="r"), ["R"], Key("r")),
        (ask_choice(keys="r", default="no"), ["r"], Key("r")),
    ],
)
def test_what_is_heard_by_lines(ask: Ask, lines: list[str], heard: Any) -> None:
    """A line is a key, an answer or a number of the list; what is none of these is asked again."""
    somebody = Lines(*lines)
    assert ask(somebody.prompter) == heard
    assert somebody.rest == []


@pytest.mark.parametrize(
    ("ask", "lines", "said"),
    [
        (ask_key(), [""], ["Vu ?"]),
        (
            ask_key(),
            ["z", ""],
            ["Vu ?", "Erreur : « z » n’est pas une touche d’ici. Ici : Entrée."],
        ),
        (
            ask_key(keys="v", enter=False),
            ["", "v"],
            ["Vu ?", "Erreur : « Entrée » n’est pas une touche d’ici. Ici : v."],
        ),
        (ask_text(), ["x"], ["Numéro :"]),
        (ask_text(), ["?", "x"], ["Numéro :", f"Erreur : {NO_HELP}"]),
        (ask_text(default="18:30"), [""], ["Numéro :", "Entrée seule : 18:30"]),
        (
            ask_choice(),
            ["9", "1"],
            [
                "Lequel ?",
                "  1. Oui",
                "  2. Non",
                "  3. Je ne sais pas",
                "Tapez un numéro (Entrée seule : 3) :",
                "Erreur : « 9 » n’est pas dans la liste. Tapez un numéro de 1 à 3.",
            ],
        ),
        (
            ask_choice({"yes": "Oui", "no": "Non"}, default="no"),
            [""],
            ["Lequel ?", "  1. Oui", "  2. Non", "Tapez un numéro (Entrée seule : 2) :"],
        ),
    ],
)
def test_what_is_said_by_lines(ask: Ask, lines: list[str], said: list[str]) -> None:
    """The question, its numbered options and its default are said once; a wrong line gets one sentence."""
    somebody = Lines(*lines)
    ask(somebody.prompter)
    assert [line.replace("\u00a0", " ") for line in somebody.said] == said


@pytest.mark.parametrize("ask", [ask_key(), ask_text(default="x"), ask_choice(default="no")])
@pytest.mark.parametrize("before", [[], ["zzz"]])
def test_the_end_of_lines_is_no_answer(ask: Ask, before: list[str]) -> None:
    """When nothing more can be read, no default is taken: the question ends without an answer."""
    somebody = Lines(*before)
    with pytest.raises(EndOfInput):
        until_the_end(ask, somebody.prompter)


def test_a_long_wrong_line_is_quoted_short() -> None:
    """A whole file pasted where a number is asked comes back as its beginning, on one line, without escape codes."""
    somebody = Lines("\x1b[31m" + "mot " * 400, "1")
    ask_choice()(somebody.prompter)
    (error,) = (line for line in somebody.said if line.startswith("Erreur"))
    assert "\x1b" not in error
    assert len(error) < 140
    assert "…" in error


@pytest.mark.parametrize(("line", "heard"), [("1", "0"), ("2", "1")])
def test_the_number_in_the_list_is_what_counts(line: str, heard: str) -> None:
    """Whoever types the number that stands before an option gets that option, whatever the ids are."""
    options = {"0": "La première", "1": "La deuxième", "2": "La troisième"}
    assert ask_choice(options)(Lines(line).prompter) == heard


def test_a_closed_keyboard_is_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard input is read line by line, and its end is told apart from an empty line."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("\nsuite"))
    assert [read_stdin(), read_stdin()] == ["\n", "suite"]
    with pytest.raises(EndOfInput):
        read_stdin()


# ---------------------------------------------------------------------------------------------- what is heard, by keys


@pytest.mark.parametrize(
    ("ask", "keys", "heard"),
    [
        (ask_key(), "\r", ENTER),
        (ask_key(keys="pq"), "p", Key("p")),
        (ask_key(keys="pq"), "Q", Key("q")),
        (ask_key(keys="?"), "?", Key("?")),
        (ask_key(keys="pq"), "xyz 12\r", ENTER),
        (ask_key(keys="q"), "\x1b[200~q\r\nq\x1b[201~\r", ENTER),
        (ask_key(), "\x1b[A\x1b[C\x7f\r", ENTER),
        (ask_text(), "ameli\r", "ameli"),
        (ask_text(), "\r", ""),
        (ask_text(default="18:30"), "\r", "18:30"),
        (ask_text(default="18:30"), "\x1519:00\r", "19:00"),
        (ask_text(keys="s"), "S\r", Key("s")),
        (ask_text(keys="s"), "ss\r", "ss"),
        (ask_text(), "s\r", "s"),
        (ask_text(), "?\r ? \rquoi ?\r", "quoi ?"),
        (ask_text(keys="?"), "?\r", Key("?")),
        (ask_text(), "ete\x7f\x7fté\r", "eté"),
        (ask_choice(), "\r", "unsure"),
        (ask_choice(), "\x1b[B\x1b[B\r", "no"),
        (ask_choice(), "\x1b[A\r", "no"),
        (ask_choice(), "2", "no"),
        (ask_choice(), "9z2", "no"),
        (ask_choice(), "9\r2", "no"),
        (ask_choice(deliberate=True), "9\r2\r", "no"),
        (ask_choice(deliberate=True), "2\r", "no"),
        (ask_choice(deliberate=True), "23\x1b[B\r", "yes"),
        (ask_choice(), "jk\r", "unsure"),
        (ask_choice(default="no"), "\r", "no"),
        (ask_choice(default="no"), "1\r", "yes"),
        (ask_choice(default="gone"), "\r", "unsure"),
        (ask_choice(keys="r"), "R", Key("r")),
        (ask_choice(keys="r?"), "\x1b[B?", Key("?")),
        (ask_choice({"a": LONG, "b": f"{LONG} {LONG}"}), "2\r", "b"),
        (ask_choice({"a": "[bold]x[/bold]", "b": "<b>gras</b> & fin"}), "2\r", "b"),
    ],
)
def test_what_is_heard_by_keys(ask: Ask, keys: str, heard: Any) -> None:
    """Single keys in either case, edited lines, arrows and numbers; typing or pasting elsewhere does nothing."""
    with typed(keys):
        assert ask(KeyPrompter()) == heard


@pytest.mark.parametrize(
    "ask", [ask_key(keys="q"), ask_text(), ask_choice(default="no")], ids=["key", "text", "choose"]
)
@pytest.mark.parametrize(("keys", "error"), [("\x04", EndOfInput), ("\x03", KeyboardInterrupt)], ids=["C-d", "C-c"])
def test_leaving_by_keys(ask: Ask, keys: str, error: type[BaseException]) -> None:
    """Ctrl-D is the end of the input, Ctrl-C an interruption: at no question an answer."""
    with typed(keys), pytest.raises(error):
        ask(KeyPrompter())


@pytest.mark.parametrize("keys", ["\x1b\r", "\x0f"], ids=["Escape-Enter", "C-o"])
def test_a_key_is_always_a_key(keys: str) -> None:
    """Where one key is waited for, nothing but a key comes back: Escape then Enter is Enter, or nothing."""
    with typed(f"{keys}\r"):
        assert ask_key(keys="pq")(KeyPrompter()) == ENTER


@pytest.mark.parametrize("count", [9, 10, 12, 36, 37])
def test_a_list_of_ten_and_more(count: int) -> None:
    """A list too long for one figure is chosen from with the arrows."""
    options = {f"id-{number}": f"Cas {number}" for number in range(count)}
    with typed("\x1b[A\r"):
        assert ask_choice(options)(KeyPrompter()) == f"id-{count - 1}"


@pytest.mark.parametrize("columns", [40, 80, 120])
@pytest.mark.parametrize("text", [LONG, "Court", "mot " * 60, "œ" * 200])
def test_a_long_option_is_broken_to_the_width(monkeypatch: pytest.MonkeyPatch, columns: int, text: str) -> None:
    """An option goes on under itself, no line of it wider than the terminal, and no word of it is lost."""
    monkeypatch.setenv("COLUMNS", str(columns))
    fitted = question_text.option(text)
    assert all(len(line.strip()) <= columns - 8 for line in fitted.split("\n"))
    assert all(line.startswith("      ") for line in fitted.split("\n")[1:])
    assert "".join(fitted.split()).replace("\u00a0", "") == "".join(text.split())


@contextmanager
def screen(columns: int = 80) -> Iterator[io.StringIO]:
    """Give the prompters a terminal of this width that a test can read, and a keyboard on which Enter is pressed."""
    from prompt_toolkit.application import create_app_session
    from prompt_toolkit.data_structures import Size
    from prompt_toolkit.input import create_pipe_input
    from prompt_toolkit.output.vt100 import Vt100_Output

    written = io.StringIO()
    output = Vt100_Output(written, lambda: Size(rows=24, columns=columns), term="xterm", enable_cpr=False)
    with create_pipe_input() as keyboard, create_app_session(input=keyboard, output=output):
        keyboard.send_text("\r")
        yield written


def bare(written: io.StringIO) -> str:
    """Return what was written on a terminal without its escape codes, with plain spaces."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", written.getvalue()).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("ask", "texts"),
    [
        (ask_key(), ["Vu ?"]),
        (ask_text(default="18:30"), ["> Numéro : [Entrée : 18:30]"]),
        (
            ask_choice(default="no"),
            ["> Lequel ? (numéro, ou flèches et Entrée)", "   1) Oui", " > 2) Non", "   3) Je ne sais pas"],
        ),
        (ask_choice({"a": "[bold]x", "b": "<b>y</b> &amp; {}"}), [" > 1) [bold]x", "   2) <b>y</b> &amp; {}"]),
    ],
)
def test_what_is_shown_by_keys(ask: Ask, texts: list[str]) -> None:
    """The question, its options and what is already in the line are on the screen, in French and letter for letter."""
    with screen() as written:
        ask(KeyPrompter())
    for text in texts:
        assert text in bare(written)


@pytest.mark.parametrize("ask", [ask_key(), ask_text(), ask_choice()], ids=["key", "text", "choose"])
def test_no_space_of_a_question_is_underlined(ask: Ask) -> None:
    """The no-break spaces of French typography look like spaces."""
    with screen() as written:
        ask(KeyPrompter())
    assert re.findall(r"\x1b\[(?:\d+;)*4m", written.getvalue()) == []


@pytest.mark.parametrize("ask", [ask_key(), ask_text(), ask_choice()], ids=["key", "text", "choose"])
def test_no_question_is_as_heavy_as_the_action_above_it(ask: Ask) -> None:
    """Nothing that is asked stands in bold: that is the weight of the action alone."""
    with screen() as written:
        ask(KeyPrompter())
    assert re.findall(r"\x1b\[(?:\d+;)*1(?:;\d+)*m", written.getvalue()) == []


def test_an_empty_option_stays_empty() -> None:
    """An option without a text, which the loader refuses, is still one."""
    assert question_text.option("") == ""


@pytest.mark.parametrize("prompter", [KeyPrompter(), LinePrompter(print, read_stdin)])
def test_the_step_matters_only_to_a_file(prompter: Prompter) -> None:
    """Where a person answers, the name of the step changes nothing."""
    before = dict(vars(prompter))
    prompter.at("rpps")
    assert vars(prompter) == before


# ---------------------------------------------------------------------------------------------------------- from a file


def from_file(**answers: tuple[str, ...]) -> tuple[FilePrompter, list[str]]:
    said: list[str] = []
    return FilePrompter(said.append, answers), said


def test_a_file_answers_step_by_step() -> None:
    """At each step its own lines are taken in order, whatever was left at another; each is shown as if typed."""
    prompter, said = from_file(first=("x", "99", "s"), second=("2", "", "p"))
    prompter.at("second")
    assert prompter.choose(WHICH, OPTIONS) == "no"
    prompter.at("first")
    assert prompter.text(NUMBER) == "x"
    prompter.at("second")
    assert prompter.key(SEEN) == ENTER
    assert prompter.key(SEEN, "p") == Key("p")
    prompter.at("first")
    assert prompter.text(NUMBER, default="d") == "99"
    assert prompter.text(NUMBER, keys="s") == Key("s")
    assert [line for line in said if line.startswith(">")] == ["> 2", "> x", ">", "> p", "> 99", "> s"]


def test_a_file_goes_on_from_the_opening_by_itself() -> None:
    """The opening screen is no step: the file need not say Enter there."""
    prompter, said = from_file(first=("x",))
    prompter.at("")
    assert prompter.key(Question("Commencer ?"), "pq") == ENTER
    assert said == ["Commencer ?"]


@pytest.mark.parametrize("ask", [ask_key(), ask_text(default="x"), ask_choice(default="no")])
@pytest.mark.parametrize("answers", [{}, {"first": ()}, {"first": ("zzz",)}, {"second": ("zzz",)}])
def test_a_file_without_more_names_the_step(ask: Ask, answers: dict[str, tuple[str, ...]]) -> None:
    """Where the file has nothing more, no default is taken, and the sentence names the step."""
    prompter, _ = from_file(**answers)
    prompter.at("first")
    with pytest.raises(EndOfInput, match="n’a plus rien pour l’étape « first »"):
        until_the_end(ask, prompter)


# ----------------------------------------------------------------------------------------------------------- yes or no


@pytest.mark.parametrize("case", [str.lower, str.upper, str.title, lambda word: f"  {word} "])
@pytest.mark.parametrize(
    ("word", "meant"),
    [("o", True), ("oui", True), ("y", True), ("yes", True), ("n", False), ("non", False), ("no", False)],
)
def test_yes_and_no_in_any_case(word: str, case: Callable[[str], str], meant: bool) -> None:
    """The seven words are understood, in any case, with spaces around them, by lines and by keys."""
    somebody = Lines(case(word))
    assert somebody.prompter.yes_no("Continuer ?") is meant
    assert somebody.said == ["Continuer ? (o/n)"]
    with typed(case(word).strip()[0]):
        assert KeyPrompter().yes_no("Continuer ?") is meant


@pytest.mark.parametrize("line", ["", " ", "1", "ok", "ouais", "ne", "s", "oui non"])
@pytest.mark.parametrize(("then", "meant"), [("o", True), ("n", False)])
def test_anything_else_is_neither(line: str, then: str, meant: bool) -> None:
    """An empty line, and any other word, is neither yes nor no: the question comes again and says how to answer."""
    somebody = Lines(line, line, then)
    assert somebody.prompter.yes_no("Continuer ?") is meant
    question, error = "Continuer ? (o/n)", "Erreur : Répondez o pour oui, n pour non."
    assert somebody.said == [question, error, question, error, question]


def test_the_end_of_the_input_is_neither() -> None:
    """Nobody there is no yes."""
    with pytest.raises(EndOfInput):
        Lines("").prompter.yes_no("Continuer ?")
    with typed("\r\x04"), pytest.raises(EndOfInput):
        KeyPrompter().yes_no("Continuer ?")
