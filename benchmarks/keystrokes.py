"""Keys pressed from launch to end, nothing going wrong; and the same procedure in ChecklistFabrik.

Run with `python benchmarks/keystrokes.py` in an environment that has the project with its extras `test` and `bench`.
Each walk is made to its end on a pseudo-terminal of 80 × 24, and what was pressed is counted: free text and the digits
of a number apart, since they are what somebody has to say; the Enter behind them is a key like any other. What is left
to press at the end, Enter to close the last screen, is not counted on either side.

ChecklistFabrik (https://github.com/Linuxfabrik/checklistfabrik) shows a form in a browser. The guide is written as its
template: a box to tick for each action, a field for each question, a choice for each choice, all required, with the
same conditions; on one page, which takes the fewest keys, and on a page for each section. It is served by its own
`clf-play` and filled in by keys alone in Chromium, without a window: Tab to the next field, Space to tick, Enter for
the next page. `--without-browser` leaves it out.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from ecps_cli.core.events import Event
from ecps_cli.core.guide import Guide, Step
from ecps_cli.core.intents import Answer, Confirm, Intent, Tick
from ecps_cli.core.moves import accept, apply
from ecps_cli.core.session import Session, current
from ecps_cli.french.words import strip_markup
from ecps_cli.loading.library import open_library
from ecps_cli.walk.legend import deliberate
from ecps_cli.walk.prompter import DONE
from ecps_cli.walk.terminal_input import BEHIND

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from support.real_terminal import RealTerminal  # found beside the tests

RPPS = "99700218896"
FREE = {"time": "", "person": "Mme Durand", "reference": "A-42"}
"""What is typed for each detail of a line; Enter alone takes the time that is proposed."""


class Walked(NamedTuple):
    """A way through a guide, and the most keys it should take."""

    arguments: tuple[str, ...]
    guide_id: str
    answers: Mapping[str, str]
    """What is typed, or the option that is chosen, by step; Enter alone where a step is not named."""
    goal: int


WALKS = {
    "card": Walked(("activate", "--with-card"), "activate-with-card", {"wrong-codes": "none"}, 18),
    "mobile": Walked(("activate", "--mobile"), "activate-mobile", {"rpps": RPPS, "details": "right"}, 22),
    "fraud, accepted": Walked(
        ("fraud",),
        "fraud",
        {"situation": "accepted", "notification-service": "ameli à 18 h 40", "remaining": "nobody"},
        30,
    ),
}


class Count(NamedTuple):
    """What was pressed on a way, and how many steps it had."""

    keys: int
    typed: int
    """Characters of text and numbers, which are not among the keys."""
    steps: int


# ---------------------------------------------------------------------------------------------------- on a terminal


class Counter(RealTerminal):
    """A terminal that counts what is pressed on it, and waits for each question to be followed by another."""

    keys = typed = 0

    def press_at(self, *keys: str) -> None:
        """Press keys at one question, the last of which answers it."""
        asked = self.raw.count(b"\x1b[?2004h")
        for key in keys:
            self.send(key)
            self.keys += 1
        self.until_asked(asked)

    def type(self, text: str) -> None:
        """Type a text, then Enter; without a text, Enter alone."""
        if text:
            self.send(text)
            self.typed += len(text)
        self.press_at("Enter")


def walked(walk: Walked) -> Count:
    """Walk a guide to its end, and return what that took."""
    guide = open_library(None, {}).find(walk.guide_id).guide
    session, steps = Session(guide, datetime.now().astimezone()), 0
    with Counter(*walk.arguments, environ={"ECPS_DATA": tempfile.mkdtemp(), "BROWSER": "true"}) as terminal:
        terminal.until_asked(0)
        if "Entrée : commencer" in terminal.text:  # a page comes before the first step
            terminal.press_at("Enter")
        while isinstance(step := current(session), Step):
            steps += 1
            terminal.wait(f"Étape {steps} sur")
            settle(terminal, step, walk.answers.get(step.id, ""))
            for intent in intents(step, walk.answers.get(step.id, "")):
                session = after(session, intent)
        terminal.wait("RÉUSSI", "Pour le ticket")
        return Count(terminal.keys, terminal.typed, steps)


def settle(terminal: Counter, step: Step, answer: str) -> None:
    """Press what a step takes."""
    match step.action:
        case "do":
            terminal.press_at(DONE if deliberate(step) else "Enter")
        case "ask":
            terminal.type(answer)
        case "choose":
            number = str([*step.options].index(answer) + 1)
            terminal.press_at(*([number, "Enter"] if step.critical else [number]))
            time.sleep(BEHIND)  # an Enter right behind a number would be taken for a part of that answer
        case _:
            terminal.press_at("t" if len(step.items) > 1 else "1", "Enter")
            for item in step.items:
                for detail in item.record:
                    terminal.type(FREE[detail])


def intents(step: Step, answer: str) -> Sequence[Intent]:
    """What was meant by that, to know which step comes next."""
    match step.action:
        case "do":
            return [Confirm()]
        case "tick":
            return [*(Tick(item.id) for item in step.items), Confirm()]
        case _:
            return [Answer(answer or datetime.now().strftime("%d/%m/%Y"))]


def after(session: Session, intent: Intent) -> Session:
    """Session once somebody meant this."""
    event = accept(session, intent, datetime.now().astimezone())
    if not isinstance(event, Event):
        raise SystemExit(f"refused: {event}")
    return apply(session, event)


# ---------------------------------------------------------------------------------------------- in ChecklistFabrik

INPUTS = {"do": "checkbox_input", "tick": "checkbox_input", "ask": "text_input", "choose": "radio_input"}
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
FOCUS = "(e => [e.tagName, e.type || '', e.name || '', e.form ? e.form.id : ''])(document.activeElement)"
FIELDS = "[...document.querySelectorAll('main input:not([type=hidden])')].map(e => e.name)"
KEY = {"Tab": (9, ""), "Space": (32, " "), "Enter": (13, "\r"), "Down": (40, "")}
PATIENCE = 20.0


def template(guide: Guide, by_section: bool) -> dict[str, Any]:
    """The guide as a template of ChecklistFabrik."""
    pages: list[dict[str, Any]] = []
    for section, steps in groupby(guide.steps, key=lambda step: guide.sections[step.id] if by_section else guide.title):
        pages.append({"title": section, "tasks": [task(step) for step in steps]})
    return {"title": guide.title, "version": "2026112801", "pages": pages}


def task(step: Step) -> dict[str, Any]:
    """One step as a task: what is to be done, by whom what is to be seen, required."""
    field: dict[str, Any] = {"label": " ".join(filter(None, [step.text, step.expect])), "required": True}
    if step.options:
        field["values"] = [{"label": strip_markup(text), "value": each} for each, text in step.options.items()]
    made: dict[str, Any] = {f"linuxfabrik.clf.{INPUTS[step.action]}": field, "fact_name": fact(step.id)}
    if step.when:
        made["when"] = [f"{fact(asked)} in {list(values)!r}" for asked, values in step.when.items()]
    return made


def fact(step_id: str) -> str:
    """Name of what is known of a step, as Jinja takes it."""
    return step_id.replace("-", "_")


class Page:
    """A page in Chromium, without a window, on which keys are pressed and counted (Chrome DevTools Protocol)."""

    def __init__(self, folder: Path) -> None:
        """Start the browser on a profile of its own."""
        read_commands, self._commands = os.pipe()
        self._answers, write_answers = os.pipe()
        command = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe"]
        self.pid = os.posix_spawn(
            command[0],
            [*command, f"--user-data-dir={folder / 'profile'}", "about:blank"],
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_DUP2, read_commands, 3),
                (os.POSIX_SPAWN_DUP2, write_answers, 4),
                (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
            ],
            setsid=True,
        )
        self._buffer, self._number, self._session = b"", 0, ""
        self.keys = self.typed = 0
        target = next(each for each in self.call("Target.getTargets")["targetInfos"] if each["type"] == "page")
        attached = self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = attached["sessionId"]

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Ask the browser something, and return its answer."""
        self._number += 1
        told = {"id": self._number, "method": method, "params": parameters}
        told |= {"sessionId": self._session} if self._session else {}
        os.write(self._commands, json.dumps(told).encode() + b"\0")
        while True:
            while b"\0" not in self._buffer:
                self._buffer += os.read(self._answers, 65536)
            message, _, self._buffer = self._buffer.partition(b"\0")
            answer = json.loads(message)
            if answer.get("id") == self._number:
                return dict(answer["result"])

    def look(self, expression: str) -> Any:
        """Value of a JavaScript expression on the page."""
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def press(self, name: str) -> None:
        """Press a key."""
        code, text = KEY[name]
        known = {"key": text if name == "Space" else name, "code": name, "windowsVirtualKeyCode": code}
        self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **known)
        self.call("Input.dispatchKeyEvent", type="keyUp", **known)
        self.keys += 1

    def type(self, text: str) -> None:
        """Type a text into the field that has the focus."""
        self.call("Input.insertText", text=text)
        self.typed += len(text)

    def open(self, address: str) -> None:
        """Open an address."""
        self.call("Page.navigate", url=address)
        self.until("document.readyState == 'complete' && location.href != 'about:blank'")

    def until(self, expression: str) -> None:
        """Wait until an expression holds."""
        limit = time.monotonic() + PATIENCE
        while not self.look(expression):
            if time.monotonic() > limit:
                raise SystemExit(f"never so: {expression}, at {self.look('location.href')}")
            time.sleep(0.05)

    def end(self) -> None:
        """End the browser, and all that it has started."""
        os.killpg(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


def kept(report: Path) -> int:
    """How many fields of a report have a value."""
    pages = yaml.safe_load(report.read_text("utf-8"))["pages"]
    return sum(bool(task.get("value")) for page in pages for task in page["tasks"])


def filled(page: Page, guide: Guide, answers: Mapping[str, str]) -> int:
    """Fill in every page of the form by keys; the number of fields that it took."""
    steps = {fact(step.id): step for step in guide.steps}
    done = 0
    while not page.look("document.body.innerText.includes('can be closed') || !document.querySelector('main')"):
        here, fields = page.look("location.pathname"), list(dict.fromkeys(page.look(FIELDS)))
        for field in fields:
            fill(page, steps[field], answers.get(steps[field].id, ""))
            done += 1
        page.press("Enter")
        page.until(f"location.pathname != {here!r} && document.readyState == 'complete'")
    return done


def fill(page: Page, step: Step, answer: str) -> None:
    """Go to the field of a step by Tab, and answer it."""
    while page.look(FOCUS)[2] != fact(step.id):
        page.press("Tab")
    match step.action:
        case "ask":
            page.type(answer)
        case "choose":
            for _ in range([*step.options].index(answer)):
                page.press("Down")
            page.press("Space")
        case _:
            page.press("Space")


def in_the_form(walk: Walked, by_section: bool) -> Count:
    """Fill in a guide as a form of ChecklistFabrik, and return what that took."""
    guide = open_library(None, {}).find(walk.guide_id).guide
    folder = Path(tempfile.mkdtemp())
    written = yaml.safe_dump(template(guide, by_section), sort_keys=False)  # a task's module is its first key
    (folder / "guide.yml").write_text(written, "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    play = [
        str(Path(sys.executable).with_name("clf-play")),
        "--no-open",
        "--port",
        str(port),
        "--template",
        "guide.yml",
    ]
    server = subprocess.Popen([*play, "report.yml"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    page = Page(folder)
    try:
        wait_for(port)
        page.open(f"http://127.0.0.1:{port}/")
        fields = filled(page, guide, walk.answers)
        if fields != kept(folder / "report.yml"):
            raise SystemExit("not all that was answered is in the report")
        return Count(page.keys, page.typed, fields)
    finally:
        page.end()
        server.kill()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def wait_for(port: int) -> None:
    """Wait until somebody listens on a port."""
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit:
        with socket.socket() as attempt:
            if not attempt.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.1)
    raise SystemExit("clf-play did not start")


def main() -> None:
    """Count every walk, then the mobile one as a form, and print the table."""
    parser = argparse.ArgumentParser(description="Keys from launch to end; the same in ChecklistFabrik.")
    parser.add_argument("--without-browser", action="store_true", help="leave ChecklistFabrik out")
    wanted = parser.parse_args()
    for name, walk in WALKS.items():
        count = walked(walk)
        print(f"{name:<16} {count.keys:3} keys, and {count.typed} typed; {count.steps} steps (goal: {walk.goal})")
    if wanted.without_browser:
        return
    if CHROMIUM is None or not Path(sys.executable).with_name("clf-play").exists():
        raise SystemExit("ChecklistFabrik was left out: it takes Chromium, and the extra `bench`.")
    from importlib.metadata import version

    for layout, by_section in (("one page", False), ("a page a section", True)):
        count = in_the_form(WALKS["mobile"], by_section)
        print(
            f"mobile in ChecklistFabrik {version('checklistfabrik')}, {layout}: "
            f"{count.keys} keys, and {count.typed} typed; {count.steps} fields"
        )


if __name__ == "__main__":
    main()
