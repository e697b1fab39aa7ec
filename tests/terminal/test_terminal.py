"""On a real terminal of 80 × 24: the three procedures walked by keys, and what goes wrong on the way."""

from __future__ import annotations

import os
import re
import signal
import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("a pseudo-terminal is POSIX", allow_module_level=True)

from ecps_cli.loading.library import open_library
from support.commands import call
from support.real_terminal import RealTerminal
from support.tiers import each_value

pytestmark = [pytest.mark.terminal, pytest.mark.timeout(120)]

ASKED = b"\x1b[?2004h"
"""What a question begins with."""

QUESTION = "> Réponse (flèches ou numéro, puis Entrée, p : autre cas, ? : aide)"
"""The whole question of the first step of the fraud guide."""


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """Keep what the tool writes out of the user's folders."""
    return {"ECPS_DATA": str(tmp_path), "BROWSER": "true"}


def go_on(terminal: RealTerminal) -> None:
    """Press the key that confirms a step, Enter or `v`, and wait for the question of the next one, or for the end."""
    found = re.search(r"Étape (\d+) sur (\d+)", terminal.text)
    assert found
    number, last = map(int, found.groups())
    key = "v" if re.search(r"\bv : ", terminal.text) else "Enter"
    if number == last:
        terminal.press(key, then="Pour le ticket")
    else:
        terminal.press(key, then=f"Étape {number + 1} sur")
        terminal.wait(": aide")


def test_activate_mobile_to_its_end(home: dict[str, str]) -> None:
    """The mobile path is walked by keys to the activated e-CPS, exit 0, with a text for the ticket."""
    with RealTerminal("activate", "--mobile", environ=home) as terminal:
        terminal.wait("Numéro RPPS du médecin", "À préparer :", "Un deuxième appareil")
        terminal.press("99700218896", "Enter", then="je l’ajoute")
        terminal.wait("SUR LE DEUXIÈME APPAREIL", "Étape 2 sur")
        while "Étape 9 sur" not in terminal.text:
            go_on(terminal)
        terminal.wait("À taper : 8 997 0021 8896")
        terminal.press("Enter", then="Étape 10 sur")
        terminal.press("Enter", then="Le courriel et le mobile affichés")
        terminal.press("1", "Enter", then="Étape 12 sur")
        while "Étape 21 sur 21" not in terminal.text:
            go_on(terminal)
        terminal.press("v", then="RÉUSSI")
        terminal.wait("Pour le ticket :", "8 *** **** 8896", "Entrée : fermer")
        terminal.send("Enter")
        assert terminal.end() == 0


def test_activate_with_card_to_its_end(home: dict[str, str]) -> None:
    """The card path is walked by keys to its end; the scan says until what time of day the code holds."""
    with RealTerminal("activate", "--with-card", environ=home) as terminal:
        terminal.wait("Étape 1 sur")
        while "> 3) Je ne sais pas" not in terminal.text:
            go_on(terminal)
        terminal.press("1", "Enter", then="Le médecin seul")
        terminal.wait("du code porteur", "v : vu")
        while not re.search(r"Il reste .+, jusqu’à \d\d:\d\d:\d\d\.", terminal.text):
            go_on(terminal)
        while "Pour le ticket" not in terminal.text:
            go_on(terminal)
        terminal.wait("RÉUSSI", "Entrée : fermer")
        terminal.send("Enter")
        assert terminal.end() == 0


def test_fraud_to_its_end(home: dict[str, str]) -> None:
    """REFUSEZ first; then to the four reports, each ticked with who was told and when: now, or as typed."""
    with RealTerminal("fraud", environ=home) as terminal:
        terminal.wait("REFUSEZ", "NE TAPEZ PAS le code", "Étape 1 sur")
        terminal.press("1", "Enter", then="Refuser la notification sur le téléphone.")
        terminal.wait("Entrée : vu")
        terminal.press("Enter", then="Date de la notification")
        terminal.press("hier", "Enter", then="Service nommé")
        terminal.press("ameli", "Enter", then="Mettre les preuves de côté")
        for number in range(1, 5):
            terminal.press(str(number), then=f"● {number}. ")
        terminal.press("Enter", then="Prévenir l’ANS, l’Assurance Maladie")
        for number in range(1, 5):
            terminal.press(str(number), then=f"● {number}. ")
        terminal.send("Enter")
        for told in ("L’ANS", "(CPAM)", "Ordre départemental", "ou le procureur"):
            terminal.wait(f"{told} — heure", "[Entrée : ")
            at = ("hier 23:59", "Enter") if told == "L’ANS" else ("Enter",)
            for keys in (at, ("Mme Martin", "Enter"), ("A42", "Enter")):
                asked = terminal.raw.count(ASKED)
                terminal.send(*keys)
                terminal.until_asked(asked)
            terminal.wait("23:59", "Mme Martin", "A42")
        assert terminal.wait("RÉUSSI", "Résultat : réussi.", "Entrée : fermer").count("Mme Martin") == 4
        terminal.send("Enter")
        assert terminal.end() == 0


def test_a_wrong_rpps_is_explained_and_asked_again(home: dict[str, str]) -> None:
    """A wrong key stays on the step with its sentence; insisting with the same number passes, as unverified."""
    with RealTerminal("activate", "--mobile", environ=home) as terminal:
        terminal.wait("Numéro RPPS du médecin", "texte ou lettre, puis Entrée, p : autre cas")
        terminal.press("10003461033", "Enter", then="très probablement une faute de frappe")
        terminal.wait("Étape 1 sur")
        terminal.press("C-u", "1000346103", "Enter", then="il en manque 1")
        terminal.press("C-u", "10003461033", "Enter", then="très probablement une faute de frappe")
        terminal.press("C-u", "10003461033", "Enter", then="Le garder quand même, comme non vérifié ?")
        terminal.press("o", then="Étape 2 sur")
        terminal.wait("Gardé comme non vérifié.")


def test_back_and_forth(home: dict[str, str]) -> None:
    """Back shows the earlier answer, which Enter alone keeps."""
    with RealTerminal("activate", "--mobile", environ=home) as terminal:
        terminal.wait("Numéro RPPS du médecin")
        terminal.press("899700218896", "Enter", then="Étape 2 sur")
        terminal.press("r", then="Étape 1 sur")
        terminal.wait("[Entrée : 8 997 0021 8896]")
        terminal.press("Enter", then="Étape 2 sur")


def test_a_deviation_shows_its_remedy_and_leads_where_it_says(home: dict[str, str]) -> None:
    """`p` lists what else may be seen; the remedy is shown, then the walk goes where the guide says."""
    with RealTerminal("fraud", environ=home) as terminal:
        terminal.wait("REFUSEZ")
        terminal.press("p", then="Que se passe-t-il ?")
        terminal.press("1", "Enter", then="Ensuite : ")
        terminal.press("Enter", then="Ce n’était pas une fraude")


def test_the_keys_beside_the_walk(home: dict[str, str]) -> None:
    """Help, list, note and skip are each one key away, and come back to the step; a long list comes by pages."""
    with RealTerminal("fraud", environ=home) as terminal:
        terminal.wait("Étape 1 sur")
        terminal.press("?", then="mettre en pause")
        terminal.press("Enter", then="Étape 1 sur")
        terminal.press("l", then="lignes de plus")
        terminal.press("r", then="Étape 1 sur")
        terminal.press("l", then="lignes de plus")
        terminal.press("Enter", then="Signaler")
        terminal.press("Enter", then="Étape 1 sur")
        terminal.press("n", then="r : retour) :")
        terminal.press("le médecin a peur", "Enter", then="Étape 1 sur")
        terminal.press("s", then="La suite dépend de cette réponse.")
        terminal.press("1", "Enter", then="Étape 2 sur")
        terminal.press("s", then="Pourquoi passer")
        terminal.press("déjà refusée", "Enter", then="Étape 3 sur")
        terminal.wait("☒ Tout de suite")


def test_a_resized_window_is_painted_again(home: dict[str, str]) -> None:
    """In the middle of an answer the step is painted for the new size; what was typed, or pointed at, is kept."""
    with RealTerminal("fraud", environ=home) as terminal:
        terminal.wait("Étape 1 sur", "> 6) Je ne sais pas")
        terminal.resize(50, 18)
        terminal.wait("Étape 1 sur", "LE MÉDECIN, SUR SON TÉLÉPHONE", "? : aide")
        terminal.press("Up", then="> 5) Téléphone perdu")
        terminal.resize(100, 30)
        terminal.wait("Étape 1 sur", "> 5) Téléphone perdu", "▶ 1. ")
        assert 60 < max(map(len, terminal.text.splitlines())) <= 100
        terminal.press("1", "Enter", then="Entrée : vu")
        terminal.press("Enter", then="Date de la notification")
        terminal.send("24/11")
        terminal.wait("> Réponse", ": 24/11")
        terminal.resize(60, 20)
        terminal.wait("▶ 3. ", "> Réponse", ": 24/11")  # the list under the step: that beside it was cut off
        assert max(map(len, terminal.text.splitlines())) == 60
        terminal.press("Enter", then="Service nommé")


@pytest.mark.parametrize(("columns", "rows"), each_value([40, 80], [12, 16, 20, 24]))
def test_the_question_is_always_on_the_screen(home: dict[str, str], columns: int, rows: int) -> None:
    """On a low window the list gives way, then all but the action: what is to be done, and asked, stays in sight."""
    with RealTerminal("fraud", columns=columns, rows=rows, environ=home) as terminal:
        terminal.wait(QUESTION, "1) Pas encore répondu", "> 6) Je ne sais pas")
        assert all(word in terminal.wait("REFUSEZ") for word in ("NE TAPEZ PAS", "Où en est-on ?"))
        terminal.press("l", then="lignes de plus")
        terminal.wait("Entrée : la suite", "r : revenir")
        terminal.press("r", then="> 6) Je ne sais pas")
        terminal.press("1", "Enter", then="Entrée : vu")
        terminal.wait("? : aide")
        terminal.send("C-c")
        assert terminal.end() == 130


def test_on_a_low_window_a_list_keeps_its_action(home: dict[str, str]) -> None:
    """The longest list to tick stands whole under its action on 40 × 12, its keys named under `?` alone."""
    with RealTerminal("fraud", columns=40, rows=12, environ=home) as terminal:
        terminal.wait("> 6) Je ne sais pas")
        terminal.press("2", "Enter", then="Date de la notification")
        terminal.press("Enter", then="Service nommé")
        terminal.press("ameli", "Enter", then="Mettre les preuves de côté")
        terminal.press("t", "Enter", then="Prévenir l’ANS, l’Assurance Maladie")
        terminal.wait("> Qu’est-ce qui est fait ? (? : aide)", "> ○ 1. L’ANS", "procureur")


def test_what_is_needed_is_not_shown_where_its_beginning_would_scroll_away(home: dict[str, str]) -> None:
    """On a low window `activate` asks by titles alone; what the chosen guide needs comes before its first step."""
    with RealTerminal("activate", columns=40, rows=20, environ=home) as terminal:
        terminal.wait("Suivre un guide", "Quel guide ?", without="relié à")
        terminal.press("2", then="À préparer :")
        terminal.wait("Entrée : commencer")


def test_an_opening_that_is_too_long_is_read_on(home: dict[str, str]) -> None:
    """On a low window the opening begins with its title; `l` turns its pages, round and round, Enter begins."""
    with RealTerminal("activate", "--with-card", columns=40, rows=14, environ=home) as terminal:
        first = terminal.wait("lignes de plus", "l : lire la suite").splitlines()[0]
        assert first == "Créer sa e-CPS avec sa carte CPS"
        terminal.press("l", then="code porteur")
        terminal.press("l", then="Page d’aide", without="lignes de plus")
        terminal.press("l", then="Créer sa e-CPS avec sa carte CPS")
        terminal.press("Enter", then="Étape 1 sur")
        terminal.send("C-c")
        assert terminal.end() == 130


@pytest.mark.parametrize("step", ["opening", "ask", "do", "choose"])
def test_ctrl_c_anywhere_is_one_sentence(home: dict[str, str], step: str) -> None:
    """Ctrl-C at any question ends with 130 and one French sentence, without a traceback."""
    guides = {"opening": "renew", "choose": "fraud"}
    with RealTerminal("run", guides.get(step, "activate-mobile"), environ=home) as terminal:
        terminal.wait("Entrée : commencer" if step == "opening" else "Étape 1 sur")
        if step == "do":
            terminal.press("99700218896", "Enter", then="Étape 2 sur")
        if step == "choose":
            terminal.wait("Pas encore répondu")
        terminal.send("C-c")
        assert terminal.end() == 130
        assert "Interrompu." in terminal.text
        assert b"Traceback" not in terminal.raw


def test_ctrl_d_pauses(home: dict[str, str]) -> None:
    """The end of input on a terminal pauses with exit 5 and says where."""
    with RealTerminal("fraud", environ=home) as terminal:
        terminal.wait("Étape 1 sur", "flèches")
        terminal.press("1", "Enter", then="Étape 2 sur")
        terminal.send("C-d")
        assert terminal.end() == 5
        assert "En pause à l’étape" in terminal.text


def test_where_nothing_was_done_nothing_is_paused(home: dict[str, str]) -> None:
    """`q` at a first step leaves at once, and says that nothing was begun."""
    with RealTerminal("activate", "--with-card", environ=home) as terminal:
        terminal.wait("Étape 1 sur", ": aide")
        terminal.send("q")
        assert terminal.end() == 5
        assert "Rien n’a été commencé." in terminal.text


def test_the_terminal_is_left_as_it_was(home: dict[str, str]) -> None:
    """After a pause the cursor is visible and the alternate screen was never entered."""
    with RealTerminal("fraud", environ=home) as terminal:
        terminal.wait("Étape 1 sur", "flèches")
        terminal.press("1", "Enter", then="Étape 2 sur")
        terminal.press("q", then="Entrée : mettre en pause")
        terminal.send("Enter")
        assert terminal.end() == 5
        assert not terminal.screen.cursor.hidden
        assert b"\x1b[?1049h" not in terminal.raw


def test_the_menu_and_the_choice_of_a_path(home: dict[str, str]) -> None:
    """Without a command a menu of guides opens; `activate` alone asks which path, saying what each needs."""
    with RealTerminal(environ=home) as terminal:
        terminal.wait("Que voulez-vous faire ?", "1) Suivre un guide", "Qui appeler", "Vérifier un numéro RPPS")
        terminal.wait("Lire un guide")
        terminal.press("1", "Enter", then="Quel guide ?")
        terminal.wait("Fraude à la e-CPS")
        terminal.send("q")
        assert terminal.end() == 5
    with RealTerminal("activate", environ=home) as terminal:
        terminal.wait("Quel guide ?", "lecteur de carte", "deuxième appareil")
        terminal.press("2", "Enter", then="Numéro RPPS du médecin")


def test_a_guide_is_read_page_by_page_from_the_menu(home: dict[str, str]) -> None:
    """Nobody scrolls back through 400 lines: each page fills the window, the last one ends the reading."""
    with RealTerminal(environ=home) as terminal:
        terminal.wait("Que voulez-vous faire ?")
        terminal.press("4", then="Quel guide ?")
        terminal.press("5", then="lignes de plus")
        terminal.wait("Fraude à la e-CPS", "Entrée : la suite · q : fermer")
        terminal.press("Enter", then="la suite")
        terminal.send("q")
        assert terminal.end() == 0


def test_another_case_leads_to_the_other_guide(home: dict[str, str]) -> None:
    """From the first step or a page before it, the case of the doctor leads to the guide that fits it."""
    with RealTerminal("activate", "--mobile", environ=home) as terminal:
        terminal.wait("p : autre cas")
        terminal.press("p", "Enter", then="Il n’y a pas de deuxième appareil")
        terminal.press(*4 * ["Up"], "Enter", then="Entrée : retour")
        terminal.press("Enter", then="p : autre cas")
        terminal.press("p", "Enter", then="La e-CPS est à refaire")
        terminal.press("5", then="p : un autre cas")
        terminal.press("p", then="Quel est le cas ?")
        terminal.press("3", then="REFUSEZ")


def test_plain_on_a_terminal(home: dict[str, str]) -> None:
    """`--plain` asks by numbered lines on a terminal too, and draws no box."""
    with RealTerminal("fraud", "--plain", environ=home) as terminal:
        terminal.wait("REFUSEZ", "1. Pas encore répondu")
        assert "╭" not in terminal.raw.decode()
        terminal.press("q", "Enter", then="Rien n’a été commencé.")
        assert terminal.end() == 5


def test_what_is_typed_ahead_confirms_nothing(home: dict[str, str]) -> None:
    """A burst of Enters, as of a key held down, does not run through steps that nobody has seen."""
    with RealTerminal("fraud", environ=home) as terminal:
        terminal.wait("Étape 1 sur", "flèches")
        terminal.send("1\r\r\r\r\r\r")
        terminal.wait("Étape 2 sur", "Entrée : vu")
        terminal.send("C-c")
        assert terminal.end() == 130


def test_a_closed_window_pauses(home: dict[str, str]) -> None:
    """SIGHUP and SIGTERM end the walk as Ctrl-C does: paused, one sentence."""
    for number in (signal.SIGHUP, signal.SIGTERM):
        with RealTerminal("fraud", environ={**home, "ECPS_DATA": home["ECPS_DATA"] + str(int(number))}) as terminal:
            terminal.wait("Étape 1 sur", "flèches")
            terminal.press("1", "Enter", then="Étape 2 sur")
            terminal.wait("Entrée : vu")
            os.kill(terminal.pid, number)
            assert terminal.end() == 130
            assert "Pour reprendre : ecps-guide resume" in " ".join(terminal.text.split())


@pytest.mark.parametrize("key", ["l", "?"])
def test_an_exercise_keeps_its_banner_on_every_page(key: str, home: dict[str, str]) -> None:
    """What stands beside a step leaves room for the banner EXERCICE, however long it is."""
    with RealTerminal("fraud", "--practice", environ=home, rows=12) as terminal:
        terminal.wait("flèches")
        terminal.press(key, then="de plus")
        assert terminal.text.splitlines()[0].startswith("EXERCICE")


def test_a_list_of_sessions_fits_a_terminal(home: dict[str, str]) -> None:
    """Each has a line with its id, then what a person knows it by: label, title of the guide, place."""
    call("fraud", "--case", "GLPI 4711", typed="3\n", environ=home)
    with RealTerminal("sessions", columns=60, environ=home) as terminal:
        assert terminal.end() == 0
        first, *rest = terminal.text.rstrip().splitlines()
    assert re.fullmatch(r"[\d-]+ +\d\d/\d\d/\d{4} \d\d:\d\d +inachevé +0 s", first)
    assert rest == ["  [GLPI 4711] Fraude à la e-CPS : Appeler l’ANS tout de", "  suite"]


def test_a_ticket_on_a_terminal_breaks_between_words(home: dict[str, str]) -> None:
    """What `report` prints on a narrow terminal is the text that another program gets, broken between its words."""
    call("fraud", typed="3\n", environ=home)
    with RealTerminal("report", columns=40, environ=home) as terminal:
        assert terminal.end() == 0
        assert terminal.text.split() == call("report", environ=home).out.split()


def test_an_unchanged_guide_of_ones_own_is_no_newer_one(home: dict[str, str], tmp_path: Path) -> None:
    """A guide of the folder that `--guides` names is taken up as it is; nothing says that it has changed."""
    folder = tmp_path / "guides"
    folder.mkdir()
    for found in (open_library(None, {}).folder / name for name in ("fraud.yaml", "facts.yaml")):
        (folder / found.name).write_text(found.read_text("utf-8").replace("Fraude à la e-CPS", "À nous"), "utf-8")
    command = ("fraud", "--guides", str(folder))
    with RealTerminal(*command, environ=home) as terminal:
        terminal.wait("Étape 1 sur", "flèches")
        terminal.press("1", "Enter", then="Étape 2 sur")
        terminal.press("q", then="Entrée : mettre en pause")
        terminal.press("Enter", then="En pause")
        assert terminal.end() == 5
    with RealTerminal(*command, environ=home) as terminal:
        terminal.wait("Le reprendre ?")
        terminal.press("o", then="Étape 2 sur")
        assert "plus récente" not in terminal.text
        terminal.press("q", then="Entrée : mettre en pause")
        terminal.press("Enter", then="En pause")
        assert terminal.end() == 5
