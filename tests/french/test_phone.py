"""The guide over the telephone: all of it can be said, what differs is said otherwise, and the walk is the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecps_cli.core.events import Answered, Ticked
from ecps_cli.core.guide import Facts, Guide, Step
from ecps_cli.core.moves import apply
from ecps_cli.core.session import End, Session, current
from ecps_cli.french import telephone as phone
from ecps_cli.french.question import Question
from ecps_cli.french.words import DEVICES, shown
from ecps_cli.screen import views
from ecps_cli.screen.painting import Look, is_store
from ecps_cli.screen.step_screen import StepScreen
from ecps_cli.walk.by_keys import KeyPrompter
from ecps_cli.walk.legend import KEYS
from support.commands import call
from support.sample import GUIDE, START, Clock
from support.screens import SCREENS, as_text, reach, render, rows, step_of
from support.scripts import Script, pressed, scripts, timeless
from support.shapes import shaped
from support.shipped import EACH_GUIDE, FACTS, WALKS
from support.stage import Stage, typed
from support.tiers import chosen


@pytest.fixture(autouse=True)
def _data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECPS_DATA", str(tmp_path / "data"))


PHONE = Look(phone=True)
PLAIN = Look(plain=True, phone=True)
ADDRESSES = [fact.value for fact in FACTS.values() if fact.kind == "url"]


# --------------------------------------------------------------------------------------------- addresses and numbers


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://wallet.esw.esante.gouv.fr", "wallet point esw point esante point gouv point fr"),
        ("https://17cyber.gouv.fr", "17 cyber point gouv point fr"),
        ("https://esante.gouv.fr/", "esante point gouv point fr barre oblique"),
        ("http://a.fr:8080", "http deux-points barre oblique barre oblique a point fr deux-points 80 80"),
        ("https://a.fr/e-cps/id1469033607", "a point fr barre oblique e tiret cps barre oblique id 14 69 03 36 07"),
        ("https://a.fr/w?v=LdC9&x_y=%20#z", "a point fr barre oblique w point d’interrogation v signe égal "
         "L majuscule d C majuscule 9 et commercial x tiret bas y signe égal pour cent 20 dièse z"),
        ("https://a.fr/FAQ/tiret", "a point fr barre oblique majuscules FAQ barre oblique le mot tiret"),
        ("prenom.nom@exemple.fr", "prenom point nom arobase exemple point fr"),
        ("https://é.fr/日", "é point fr barre oblique 日"),
        ("a\u200bb", "a caractère U+200B b"),
    ],
)  # fmt: skip
def test_an_address_is_said(address: str, said: str) -> None:
    """An address is said as the French say it: « point », « tiret », « barre oblique », capitals and digits named."""
    assert phone.spoken_address(address) == said


CHARACTERS = st.text(st.sampled_from("abtirepon.-_/:@?=&%#AB019é ’'~"), max_size=12)
WORDS = st.lists(st.sampled_from([*phone.SIGNS, *phone.SIGNS.values(), "le", "mot", "majuscule", "a", "B", "9"]))
HEARD = (CHARACTERS | WORDS.map("".join)).map("https://a.fr/{}".format)


@settings(deadline=None)
@given(HEARD, HEARD)
def test_two_addresses_are_never_said_alike(one: str, other: str) -> None:
    """Whoever hears an address can type that one only, even where a word of it is the name of a sign."""
    assert (phone.spoken_address(one) == phone.spoken_address(other)) == (one == other)


@settings(deadline=None)
@given(HEARD)
def test_every_character_of_an_address_is_said(address: str) -> None:
    """Each sign is said by its name, each letter and digit is there: nothing is dropped but the https:// in front."""
    said = phone.spoken_address(address).split()
    typed_text = address.removeprefix("https://")
    for sign in set(re.findall(r"[\W_]", typed_text)):
        name = phone.SIGNS[sign].split()
        found = sum(said[place : place + len(name)] == name for place in range(len(said)))
        assert found >= typed_text.count(sign)
    spoken = "".join(said)
    for char in re.findall(r"[^\W_]", typed_text):
        assert char in spoken


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_shipped_address_can_be_said(address: str) -> None:
    """No address of the facts has a sign without a name."""
    said = phone.spoken_address(address)
    assert "U+" not in said
    assert not set(said) & set(phone.SIGNS) - set(" ’-")


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("0 806 800 213", "0 — 806 — 800 — 213"),
        ("01 53 89 32 00", "01 — 53 — 89 — 32 — 00"),
        ("3608", "36 — 08"),
        ("8 997 0021 8896", "8 — 997 — 0021 — 8896"),
        ("0825852000", "08 — 25 — 85 — 20 — 00"),
        ("24/11/2026", "24 — 11 — 2026"),
        ("12345", "123 — 45"),
        ("112", "112"),
        ("2A", "2A"),
    ],
)
def test_a_number_is_said_in_groups(number: str, said: str) -> None:
    """A number is said in the groups in which it is written, and a bare one by two, as the French say it."""
    assert phone.in_groups(number) == said


@settings(deadline=None)
@given(st.text("0123456789 ", max_size=20))
def test_no_digit_is_lost_in_its_groups(number: str) -> None:
    """The groups of a number hold its digits in their order."""
    assert "".join(phone.groups(number)) == number.replace(" ", "")


def test_a_number_is_said_as_it_is_shown(guide: Guide) -> None:
    """The groups that are said are those on the screen, so that both can be compared group by group."""
    ask = step_of(guide, "rpps")
    assert phone.said_value(ask, "899700218896").replace(" — ", " ") == shown(ask, "899700218896")
    mail = replace(ask, validator="email")
    assert phone.said_value(mail, "a.b@exemple.fr") == "a point b arobase exemple point fr"
    assert phone.said_value(step_of(guide, "name"), "ameli.fr") == "ameli.fr"


# --------------------------------------------------------------------------------------------------------- spelling


def test_the_alphabet_has_every_letter_under_its_own_name() -> None:
    """Each letter has one first name, which begins with it; É has its own."""
    assert "".join(sorted(phone.ALPHABET)) == "abcdefghijklmnopqrstuvwxyzé"
    assert all(name[0].lower() == letter for letter, name in phone.ALPHABET.items())
    assert len(set(phone.ALPHABET.values())) == 27


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("esw", ["e comme Eugène, s comme Suzanne, w comme William"]),
        ("Été", ["E accent aigu majuscule comme Émile, t comme Thérèse, e accent aigu comme Émile"]),
        ("à ç", ["a accent grave comme Anatole", "espace, c cédille comme Célestin"]),
        ("cœur", ["c comme Célestin, o e liés, u comme Ursule, r comme Raoul"]),
        ("ñ ø", ["n tilde comme Nicolas", "espace, caractère U+00F8"]),
        ("a1.-_", ["a comme Anatole, 1", "point, tiret, tiret bas"]),
        ("https://b.fr", ["b comme Berthe", "point, f comme François, r comme Raoul"]),
        ("", []),
    ],
)
def test_a_text_is_spelled(text: str, said: list[str]) -> None:
    """Letters are spelled with their accents and capitals, digits as they are, signs by their names."""
    assert [line.text for line in phone.spelled(text)] == said


@settings(deadline=None)
@given(HEARD)
def test_every_character_is_spelled(text: str) -> None:
    """There are as many things said as there are characters."""
    said = [each for line in phone.spelled(text) for each in line.text.split(", ")]
    assert len(said) == len(text.removeprefix("https://"))


# -------------------------------------------------------------------------------------------- sentences to the doctor


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Appuyer sur **Accepter**.", "Appuyez sur « **Accepter** »."),
        ("Ouvrir **Compte**, puis valider.", "Ouvrez « **Compte** », puis validez."),
        ("Mettre à jour l’application.", "Mettez à jour l’application."),
        ("Remettre la carte.", "Remettez la carte."),
        ("Attendre le SMS.", "Attendez le SMS."),
        ("Se connecter, puis se déconnecter.", "Vous allez vous connecter, puis vous déconnecter."),
        ("S’identifier sur la page.", "Identifiez-vous sur la page."),
        ("La désinstaller, puis la réinstaller.", "Vous allez la désinstaller, puis la réinstaller."),
        ("Y ouvrir le lecteur.", "Vous allez y ouvrir le lecteur."),
        ("Dans **Mode**, choisir **RPPS**.", "Dans « **Mode** », choisissez « **RPPS** »."),
        ("Dans **Mode, choisir RPPS**.", "Dans « **Mode, choisir RPPS** »."),
        ("Ne pas essayer au hasard.", "N’essayez pas au hasard."),
        ("Ne plus rien accepter, et refuser.", "Ne plus rien accepter, et refuser."),
        ("REFUSEZ la notification. NE TAPEZ PAS le code.", "REFUSEZ la notification. NE TAPEZ PAS le code."),
        ("Premier essai, dernier papier.", "Premier essai, dernier papier."),
        ("Vidanger le réservoir.", "Vidanger le réservoir."),
        ("L’accepter laisse agir quelqu’un.", "L’accepter laisse agir quelqu’un."),
        ("Taper trois codes faux bloque la carte.", "Taper trois codes faux bloque la carte."),
        ("Choisir le code que la page montre.", "Choisissez le code que la page montre."),
        ("C’est la carte de test. La retirer. Attendre.", "C’est la carte de test. Vous allez la retirer. Attendre."),
        ("- vérifier, remettre la carte.", "- vérifier, remettre la carte."),
        ("Vidanger le réservoir, remettre la carte.", "Vidanger le réservoir, remettre la carte."),
        ("Ouvrir la messagerie du médecin.", "Ouvrez votre messagerie."),
        ("S'identifier sur l'écran du médecin.", "Identifiez-vous sur votre écran."),
        ("Agir au nom du médecin.", "Agir en votre nom."),
        ("Le téléphone du médecin est prêt.", "Votre téléphone est prêt."),
        ("Lire sur l’écran du médecin.", "Lisez sur votre écran."),
        ("Vérifier :\n- les 12 chiffres ;\n- ouvrir **Compte**.",
         "Vérifiez :\n- les 12 chiffres ;\n- ouvrir « **Compte** »."),
        ("C’est « **Bravo** ».", "C’est « **Bravo** »."),
    ],
)  # fmt: skip
def test_an_action_is_said_to_the_doctor(written: str, spoken: str) -> None:
    """A known infinitive is an instruction; where its pronoun leaves a doubt, « Vous allez »; else it is as written."""
    assert phone.to_doctor(written) == spoken


def test_what_speaks_of_the_doctor_is_not_read_to_the_doctor(guide: Guide) -> None:
    """A text in the third person is for support to put in other words, never « Dites »."""
    step = step_of(guide, "open")
    for do in ("Demander au médecin de signer.", "Taper son code.", "Lui faire lire la page.", "Appeler le docteur."):
        spoken = list(phone.said(Session(guide, START), replace(step, do=do)))
        assert spoken[0] == phone.Line("Faites faire", do)
        remedy = replace(step.deviations[0], do=do)
        assert list(phone.remedy(remedy))[1] == phone.Line("Remède", do)


@pytest.mark.parametrize(
    ("step_id", "lines"),
    [
        ("open", ["Dites : Ouvrez « **l’application** ».", "Attendez : L’accueil est affiché."]),
        ("rpps", ["Demandez : Numéro RPPS"]),
        ("type", ["Dites : Tapez le numéro.", "Dites pourquoi : Un chiffre faux bloque la suite.",
                  "Dites : **8 — 997 — 0021 — 8896**", "Faites relire : comparez, groupe par groupe.",
                  "Dites : **ameli.fr**", "Faites relire : comparez.", "Dites : Vous avez 1 min 30 s."]),
        ("seen", ["Demandez : Cela marche-t-il ?", "Lisez-lui : les réponses, dans l’ordre."]),
        ("pin", ["Dites : Choisissez le code.", f"Dites : {phone.CODE_IS_YOURS}"]),
        ("tell", ["Faites : Prévenir"]),
    ],
)  # fmt: skip
def test_each_kind_of_step_is_said(guide: Guide, step_id: str, lines: list[str]) -> None:
    """Each action has its own cue: to say, to ask, to do oneself; then what is compared, and what is waited for."""
    session = reach(guide, step_id)
    assert [f"{line.cue} : {line.text}" for line in phone.said(session, step_of(guide, step_id))] == lines


def test_a_number_that_was_doubted_says_so(guide: Guide) -> None:
    """A number whose key is wrong, and which was insisted on, is dictated as not verified."""
    session = apply(reach(guide, "rpps"), Answered(START, "rpps", "810003461033", verified=False))
    lines = list(phone.said(session, step_of(guide, "type")))
    assert phone.Line("Faites relire", "comparez, groupe par groupe ; **non vérifié**.") in lines


def test_a_device_is_at_the_doctors(guide: Guide) -> None:
    """What support would do on the spot is said to the doctor, since the device stands there; or done from afar."""
    step = replace(step_of(guide, "open"), who="support", device="computer")
    assert phone.who(step) == "Le médecin, sur l’ordinateur"
    assert [line.cue for line in phone.said(Session(guide, START), step)] == ["Dites", "À distance", "Attendez"]
    assert phone.who(step_of(guide, "rpps")) == "Vous"


# --------------------------------------------------------------------------------------------- every shipped guide

DEIXIS = re.compile(
    r"\b(ci-(dessous|dessus|contre|joint)|là-bas|à (droite|gauche)|en (haut|bas)|au-des(sus|sous)|voilà|voici"
    r"|(cet|cette|ce) (écran|fenêtre|page|bouton|case|onglet|champ|icône|menu)"
    r"|(bouton|lien|case|icône) (bleu|vert|roug|gris|orange|jaune|noir|blanc)\w*)",
    re.IGNORECASE,
)


def heard_by_the_doctor(lines: Iterator[phone.Line]) -> list[phone.Line]:
    """Return the lines that go through the telephone."""
    return [line for line in lines if line.cue in ("Dites", "Dites pourquoi", "Demandez")]


@EACH_GUIDE
def test_every_shipped_step_can_be_said(guide: Guide) -> None:
    """Each step has words to say or to ask, and what to wait for; none points at what the other cannot see."""
    for step in guide.steps:
        lines = list(phone.said(Session(guide, START), step))
        assert lines[0].cue in ("Dites", "Demandez", "Faites"), step.id
        assert [line.cue for line in lines].count("Attendez") == (step.expect is not None), step.id
        for line in heard_by_the_doctor(iter(lines)):
            assert not DEIXIS.search(line.text), line
            assert "médecin" not in line.text, line
            assert "http" not in line.text, line


@EACH_GUIDE
def test_no_shipped_action_is_left_in_the_infinitive(guide: Guide) -> None:
    """Every `do` of the shipped guides is said as a sentence: to somebody, with a verb that is not bare."""
    for step in guide.steps:
        if step.action == "do" and phone.by_the_doctor(step):
            first = next(iter(phone.said(Session(guide, START), step)))
            said = re.search(r"\b(?:\w+ez|\w+ez-vous|dites|(?:re)?faites)\b", first.text.lower())
            assert said or first.text.startswith("REFUSEZ"), step.id


@EACH_GUIDE
def test_every_shipped_remedy_can_be_said(guide: Guide) -> None:
    """A remedy is to say, or to put in other words when it speaks of the doctor, or of what only support sees."""
    for deviation in (each for step in guide.steps for each in step.deviations):
        seen, remedy = phone.remedy(deviation)
        assert seen.cue in ("Si", "Si le médecin dit"), deviation.id
        assert remedy.cue in ("Dites", "Remède"), deviation.id
        if remedy.cue == "Dites":
            assert not DEIXIS.search(remedy.text), deviation.id
            assert not re.search("médecin|question suivante|la liste|ce guide|ecps-guide", remedy.text), deviation.id


@EACH_GUIDE
@pytest.mark.parametrize("look", [PHONE, PLAIN], ids=["fancy", "plain"])
def test_every_shipped_screen_says_its_addresses_and_fits(guide: Guide, look: Look) -> None:
    """On 80 × 24 each step is all on the screen; each address stands in words and bare, each number in groups."""
    for step, session in SCREENS[guide.id]:
        _says_its_addresses_and_fits(step, session, look)


def _says_its_addresses_and_fits(step: Step, session: Session, look: Look) -> None:
    screen = StepScreen(
        session, step, FACTS, START, look, "", Question("Réponse", ("p : autre cas",)), step.options.values()
    )
    if not look.plain:
        assert rows(screen, 80, 24) + screen.reserve(80, 24) - 1 <= 24
    text = as_text(screen).replace("┃ ", "")
    left = [item for item in step.items if (step.id, item.id) not in session.ticks]
    for link in (*step.links, *(item.link for item in left if item.link)):
        fact, name = FACTS[link], FACTS[link].name.replace("\u00a0", " ")
        if is_store(fact.value):  # an app is told by its name
            assert f"Dites : {name}." in text
            assert fact.value not in text
        else:
            assert f"Dites : {''.join(phone.dictated(name, fact.value))}" in text
            assert fact.value in text
    for contact in (*step.contacts, *(item.contact for item in left if item.contact)):
        assert phone.in_groups(FACTS[contact].value) in text
        assert "Faites relire." in text


def test_what_is_dictated_stands_behind_the_stroke_before_what_is_waited_for(guide: Guide, facts: Facts) -> None:
    """Numbers and addresses are said with the action, in the same column; the bare address alone stands apart."""
    lines = render(StepScreen(Session(guide, START), step_of(guide, "open"), facts, START, PHONE)).splitlines()
    cues = [line for line in lines if re.search("Dites :|Attendez :", line)]
    assert [line[:12] for line in cues] == ["┃ Dites :   ", "┃ Dites :   ", "┃ Attendez :"]
    assert "La page : example point org, puis cherchez" not in " ".join(lines)
    assert "example point org, puis cherchez « La page »." in " ".join(lines)
    assert "https://example.org/une/page/assez/longue" in lines
    tell = as_text(StepScreen(reach(guide, "tell"), step_of(guide, "tell"), facts, START, PHONE))
    assert "┃ Dites : Aide, 0 — 806 — 800 — 213." in tell


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://annuaire.sante.fr", "P : annuaire point sante point fr"),
        ("https://a.fr/", "P : a point fr"),
        ("https://a.fr/bc", "P : a point fr barre oblique bc"),
        ("https://a.fr/" + "b" * 40, "a point fr, puis cherchez « P »."),
        ("https://" + "a" * 40 + ".fr/", f"P : {'a' * 40} point fr"),
    ],
)
def test_a_long_address_is_told_by_its_site_and_its_name(address: str, said: str) -> None:
    """Nobody types a hundred letters that they hear; the site is said, so that no other one is found."""
    assert "".join(phone.dictated("P", address)) == said


@EACH_GUIDE
def test_every_opening_says_what_the_doctor_has_at_hand(guide: Guide) -> None:
    """The opening fits 80 × 24 with its question, and names what must be there and every device of the steps."""
    opening = views.opening(guide, FACTS, PHONE)
    text = as_text(opening)
    for need in guide.needs:
        assert need.replace("\u00a0", " ") in text
    for device in {step.device for step in guide.steps if step.device}:
        assert DEVICES[device].at_hand in text
    assert ("haut-parleur" in text) == any(step.device == "phone" for step in guide.steps)
    assert "http" not in text
    assert len(render(opening).splitlines()) + 2 <= 24


def test_a_guide_without_devices_names_none() -> None:
    """Where no step has a device, the opening speaks of none, nor of the doctor's telephone."""
    steps = [{key: value for key, value in step.items() if key != "device"} for step in GUIDE["steps"]]
    text = as_text(views.opening(shaped(Guide, {**GUIDE, "steps": steps}), {}, PHONE))
    assert "Le médecin doit avoir devant lui :" in text
    assert "haut-parleur" not in text


def test_a_line_that_is_ticked_has_nothing_left_to_dictate(guide: Guide, facts: Facts) -> None:
    """Once somebody was told, their number leaves the screen, and the others are easier to find."""
    session, tell = reach(guide, "tell"), step_of(guide, "tell")
    assert "0 — 806 — 800 — 213" in as_text(StepScreen(session, tell, facts, START, PHONE))
    session = apply(session, Ticked(START, "tell", "am"))
    assert "0 — 806 — 800 — 213" not in as_text(StepScreen(session, tell, facts, START, PHONE))


# ------------------------------------------------------------------------------------------------------- the same walk


@EACH_GUIDE
def test_the_events_are_the_same_over_the_telephone(guide: Guide) -> None:
    """Scripted walks that together meet each step and each kind of answer make the same events with `--phone`."""
    for script in chosen(WALKS[guide.id], pressed):
        session = Stage(guide, FACTS, Clock(), PLAIN).run(*(move.line for move in script.moves))
        assert timeless(session.events) == script.events, script.name


@pytest.mark.parametrize("script", list(scripts(shaped(Guide, GUIDE)))[:2], ids=lambda script: script.name)
def test_the_events_are_the_same_by_keys(script: Script, facts: Facts) -> None:
    """The keys of a terminal do what they do without `--phone`."""
    with typed("".join(move.keys for move in script.moves) + "\r"):
        session = Stage(script.session.guide, facts, Clock(), PHONE).run_with(KeyPrompter())
    assert timeless(session.events) == script.events


@pytest.fixture
def stage(guide: Guide, facts: Facts, clock: Clock) -> Stage:
    return Stage(guide, facts, clock, PLAIN)


def test_a_number_is_read_back_and_can_be_corrected(stage: Stage) -> None:
    """What was typed is read back in groups at once; `r` goes back to it."""
    stage.run("", "99700218896", "r", "99700427885")
    assert "Relisez au médecin : 8 — 997 — 0021 — 8896. Si ce n’est pas cela : r." in stage.output
    assert "Relisez au médecin : 8 — 997 — 0042 — 7885." in stage.output
    assert stage.walk.session.value("rpps") == "899700427885"


def test_a_spells_what_is_at_the_step(stage: Stage) -> None:
    """`a` spells the label, the address or the value that is chosen, then comes back; it records nothing."""
    session = stage.run("a", "r", "a", "1", "", "a", "2", "", "", "a")
    assert "Que faut-il épeler ?" in stage.output
    assert "example : e comme Eugène, x comme Xavier" in stage.output
    assert "l : l comme Louis" in stage.output
    assert "Cette étape n’a rien à épeler." in stage.output
    assert [type(event).__name__ for event in session.events] == ["Confirmed", "Paused"]


def test_a_spells_the_value_to_type(stage: Stage) -> None:
    """Where a number is to be typed, it is what `a` spells, digit by digit."""
    stage.run("", "99700218896", "ameli.fr", "a", "1", "", "a", "2", "")
    assert "997 : espace, 9, 9, 7" in stage.output
    assert "ameli : a comme Anatole, m comme Marcel" in stage.output


def test_a_is_no_key_without_the_telephone(guide: Guide, facts: Facts, clock: Clock) -> None:
    """Without `--phone`, `a` is no key, and the help has none; with it, the help says what it does."""
    assert "a" not in KEYS
    plain = Stage(guide, facts, clock)
    plain.run("a", "?", "")
    assert "« a » n’est pas une touche d’ici" in plain.output
    assert "épeler" not in plain.output
    by_phone = Stage(guide, facts, clock, PLAIN)
    by_phone.run("?", "")
    assert "épeler, lettre par lettre" in by_phone.output


def test_something_else_is_what_the_doctor_says(stage: Stage) -> None:
    """`p` asks what the doctor says, and gives the remedy to say."""
    stage.run("p", "2", "", "p", "4", "")
    assert "Que dit le médecin ?" in stage.output
    assert "Si le médecin dit : Écran noir." in stage.output
    assert "Dites : Rallumez." in stage.output


def test_the_end_says_its_numbers_too(guide: Guide, facts: Facts) -> None:
    """The numbers and addresses of an outcome can be said as well."""
    session = reach(guide, "")
    end = current(session)
    assert isinstance(end, End)
    assert "0 — 806 — 800 — 213" in as_text(views.ending(session, end, facts, PHONE, ""))


# ------------------------------------------------------------------------------------------------- the command line


@pytest.mark.parametrize(
    "command", [("activate", "--mobile"), ("activate", "--with-card"), ("fraud",), ("run", "activate-mobile")]
)
def test_every_walk_has_the_option(command: tuple[str, ...]) -> None:
    """Each command that walks takes `--phone`, beside `--plain` and `--practice`."""
    ran = call(*command, "--phone", "--plain", "--practice", typed="\n")
    assert ran.code == 5
    assert "EXERCICE" in ran.out
    assert "Dites : " in ran.out or "Demandez : " in ran.out


def test_a_walk_is_resumed_over_the_telephone() -> None:
    """A walk begun on the spot can be taken up by telephone: it is how it is shown, not what it is."""
    assert call("activate", "--mobile", typed="\n99700218896\n").code == 5
    ran = call("resume", "--phone", typed="1\n")
    assert "Dites : Ouvrez votre messagerie" in ran.out


@pytest.mark.terminal
def test_a_walk_on_a_terminal() -> None:
    """On a real terminal: the opening, a number read back, a label spelled, the way on."""
    pytest.importorskip("pty", reason="a pseudo-terminal is POSIX")
    from support.real_terminal import RealTerminal

    with RealTerminal("activate", "--mobile", "--phone", "--practice") as terminal:
        terminal.wait("Le médecin doit avoir devant lui", "commencer")
        terminal.press("Enter", then="Demandez : Votre numéro RPPS")
        terminal.press("99700218896\r", then="Relisez au médecin : 8 — 997 — 0021 — 8896.")
        terminal.wait("Dites : Ouvrez votre messagerie")
        terminal.press("Enter", then="Dites : Application e-CPS sur l’App Store (iPhone).")
        terminal.press("a", then="Que faut-il épeler ?")
        terminal.press("Enter", then="a comme Anatole, p comme Pierre, p comme Pierre, s comme Suzanne")
        terminal.press("Enter", then="Dites : Installez l’application « e-CPS »")
        terminal.press("q", then="abandonner")
        terminal.press("Enter", then="En pause")
        assert terminal.end() == 5
