"""The guide, its facts, and the format in which authors write them: each key with its type, meaning and an example.

The meanings are in French, since authors read them: in the JSON Schema, in docs/format.md, and in the sentences about
what is missing. A rule that spans several keys or several steps is in `loading`, which knows the line to name.
"""

import re
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from ecps_cli.core.shape import Bounds, Shape, Written, key

Action = Literal["do", "ask", "choose", "tick"]
ACTIONS: tuple[Action, ...] = ("do", "ask", "choose", "tick")
"""The four kinds of action; a step has exactly one."""

Who = Literal["doctor", "support"]
Device = Literal["phone", "computer", "second-device"]
Keep = Literal["never", "masked", "full"]

Id = Annotated[str, Bounds(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Text = Annotated[str, Bounds(min_length=1, max_length=2000, strip_whitespace=True)]
"""No longer than one screen or two, nor than a QR code can hold: what shows a text may take its time with it."""


def _iso_date(value: object) -> object:
    """Let through what is written YYYY-MM-DD; Pydantic alone would read the text "0" as 1970-01-01."""
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("not a date written YYYY-MM-DD")
    return value


def _seconds(value: object) -> object:
    """Read a duration as an author writes it, `90 s` or `2 min`, into seconds."""
    if isinstance(value, str):
        found = re.fullmatch(r"([1-9][0-9]{0,3}) ?(s|min)", value)
        if not found:
            raise ValueError("not a duration such as 90 s or 2 min")
        return int(found[1]) * (60 if found[2] == "min" else 1)
    return value


def _from_word(value: object) -> object:
    """Read the bare word after `then:`, which is no key."""
    return {"go": value} if isinstance(value, str) else value


IsoDate = Annotated[date, Written(_iso_date, "iso_date")]
Seconds = Annotated[int, Written(_seconds, "duration")]


class Then(
    Shape,
    title="La suite d’un écart",
    description="continue, retry, {back: une-étape}, {end: une-issue} ou {guide: un-guide, end: une-issue}.",
):
    """Where a deviation leads: one of `go`, `back`, `end`; or over to another guide, and back to the walk.

    After that guide the step begins again, or the one at `back`; where it had no success, the walk ends in `end`.
    """

    go: Literal["continue", "retry"] | None = None
    """The bare word after `then:`, which is no key: `continue` counts the step as done, `retry` begins it again."""
    back: Id | None = key(default=None, description="L’étape qui précède à laquelle revenir.", example="send-request")
    end: Id | None = key(default=None, description="L’issue par laquelle le guide finit.", example="activated")
    guide: Id | None = key(
        default=None,
        description=(
            "Un guide à suivre d’ici, puis retour à cette étape, ou celle de back ; end : l’issue s’il n’aboutit pas."
        ),
        example="card-on-pc",
    )

    @property
    def way(self) -> Literal["continue", "retry", "back", "end", "guide"]:
        """The way that is written: a guide before the `back` or `end` beside it."""
        return self.go or ("guide" if self.guide else "back" if self.back else "end")


class Deviation(Shape, title="Un écart", description="Ce qui peut s’afficher d’autre à une étape, et son remède."):
    """Something else that may be seen at a step, and its remedy."""

    id: Id = key(description="L’identifiant de l’écart, unique dans l’étape.", example="send-request")
    if_: Text = key(name="if", description="Ce qui s’affiche à la place.", example="La page reste blanche")
    do: Text = key(description="Le remède.", example="Appuyer sur **Accepter**")
    then: Annotated[Then, Written(_from_word)] = key(
        description=(
            "La suite : continue (l’étape est faite), retry (elle recommence), {back: étape}, {end: issue}, "
            "ou {guide: guide, end: issue} (un autre guide, puis retour)."
        ),
        example="continue",
    )
    max: int | None = key(
        default=None,
        ge=1,
        le=9,
        description="Combien de fois l’écart peut servir, de 1 à 9 ; obligatoire avec retry, back et guide.",
        example="2",
    )
    links: tuple[Id, ...] = key(
        default=(), description="Les adresses du remède : des faits de genre « url ».", example="[play-store]"
    )
    contacts: tuple[Id, ...] = key(
        default=(), description="Les numéros du remède : des faits de genre « phone ».", example="[help-line]"
    )


class Item(Shape, title="Une ligne à cocher", description="Une personne à prévenir, une preuve à garder."):
    """One line of a `tick` step."""

    id: Id = key(description="L’identifiant de la ligne, unique dans l’étape.", example="send-request")
    text: Text = key(description="Ce qui est à faire pour pouvoir cocher la ligne.", example="La e-CPS est active.")
    contact: Id | None = key(
        default=None, description="Le numéro à appeler : un fait de genre « phone ».", example="help-line"
    )
    link: Id | None = key(default=None, description="L’adresse utile : un fait de genre « url ».", example="play-store")
    record: tuple[Literal["time", "person", "reference"], ...] = key(
        default=(),
        description="Ce qui est demandé en cochant : l’heure (time), la personne (person), la référence (reference).",
        example="[time, person]",
    )


class Step(
    Shape,
    title="Une étape",
    description="Une seule action (do, ask, choose ou tick), qui la fait, et ce qui doit se voir.",
):
    """One action, who does it, on what, and what must then be seen."""

    id: Id = key(description="L’identifiant de l’étape, unique dans le guide.", example="send-request")
    section: Text | None = key(
        default=None, description="Un titre, qui vaut jusqu’au suivant.", example="Demander l’activation"
    )
    who: Who | None = key(
        default=None, description="Qui agit : le médecin (doctor) ou le support (support).", example="doctor"
    )
    device: Device | None = key(
        default=None,
        description="Sur quel appareil : téléphone (phone), ordinateur (computer), deuxième appareil (second-device).",
        example="phone",
    )

    do: Text | None = key(
        default=None,
        description="Action : ce qu’il faut faire. Une seule chose ; demande who et device.",
        example="Appuyer sur **Accepter**",
    )
    ask: Text | None = key(
        default=None,
        description="Action : la question à laquelle on répond en tapant un texte. Jamais un secret.",
        example="Numéro RPPS du médecin",
    )
    choose: Text | None = key(
        default=None,
        description="Action : la question à laquelle on répond par un choix ; demande options.",
        example="La notification a-t-elle été acceptée ?",
    )
    tick: Text | None = key(
        default=None,
        description="Action : le titre d’une liste de lignes à cocher ; demande items.",
        example="Prévenir",
    )

    expect: Text | None = key(
        default=None,
        description="Ce qui doit se voir ensuite : l’état de l’écran, jamais « fait ».",
        example="La page d’accueil est affichée.",
    )
    why: Text | None = key(
        default=None,
        description="Pourquoi l’étape compte ; obligatoire avec critical.",
        example="Une fausse page peut voler ce que le médecin y tape.",
    )
    critical: bool = key(
        default=False,
        description="L’étape ne doit pas manquer : elle est mise en évidence.",
        example="true",
    )
    secret: bool = key(
        default=False,
        description="Un code que le médecin tape seul : l’étape n’a pas de champ, et dit de ne pas le demander.",
        example="true",
    )
    preflight: bool = key(
        default=False,
        description="Une étape de la voie avec la carte : la touche « d » y montre ce que ce PC en voit.",
        example="true",
    )
    act: bool = key(
        default=False,
        description="Avec do : un acte que le relevé nomme, avec son heure : déconnecter, supprimer, signaler.",
        example="true",
    )
    help: Text | None = key(
        default=None,
        description="Ce qu’il est utile de savoir de plus ; la touche « ? » le montre.",
        example="La page met parfois une minute à s’afficher.",
    )
    show: tuple[Id, ...] = key(
        default=(),
        description="Les étapes ask qui précèdent dont la réponse est à taper ou à comparer ici.",
        example="[rpps]",
    )
    links: tuple[Id, ...] = key(
        default=(), description="Les adresses utiles ici : des faits de genre « url ».", example="[play-store]"
    )
    contacts: tuple[Id, ...] = key(
        default=(), description="Les numéros utiles ici : des faits de genre « phone ».", example="[help-line]"
    )
    deviations: tuple[Deviation, ...] = key(
        default=(),
        description="Ce qui peut s’afficher d’autre, et le remède : la touche « p » le montre.",
        example="[{id: no-mail, if: Rien n’arrive, do: Attendre, then: retry, max: 2}]",
    )

    validator: Text | None = key(
        default=None,
        name="validate",
        description="Avec ask : comment vérifier ce qui est tapé ; sans cette clé, tout texte convient.",
        example="rpps",
    )
    keep: Keep = key(
        default="never",
        description="Avec ask : ce que le relevé garde : rien (never, par défaut), un masque (masked) ou tout (full).",
        example="masked",
    )
    options: dict[Id, Text] = key(
        default_factory=dict,
        description="Avec choose : les réponses, un identifiant puis un texte ; « je ne sais pas » s’appelle unsure.",
        example="{accepted: Oui, refused: Non}",
    )
    items: tuple[Item, ...] = key(
        default=(), description="Avec tick : les lignes à cocher.", example="[{id: ans, text: L’ANS}]"
    )

    deadline: Seconds | None = key(
        default=None,
        description="Le temps dont on dispose ; demande resume_at, et une étape avant celle-ci.",
        example="90 s",
    )
    resume_at: Id | None = key(
        default=None,
        description="L’étape qui précède à laquelle reprendre après une pause.",
        example="send-request",
    )
    when: dict[Id, tuple[Id, ...]] = key(
        default_factory=dict,
        description=(
            "L’étape ne se fait que pour ces réponses à des étapes choose qui précèdent ; toutes doivent convenir."
        ),
        example="{approved: [accepted, unsure]}",
    )
    end: Id | None = key(
        default=None, description="L’issue par laquelle le guide finit après cette étape.", example="activated"
    )
    end_if_unticked: Id | None = key(
        default=None,
        description="Avec tick : l’issue, s’il reste des lignes non cochées.",
        example="activated",
    )

    @cached_property
    def action(self) -> Action:
        """Kind of action that the step is."""
        return next(action for action in ACTIONS if getattr(self, action) is not None)

    @property
    def text(self) -> str:
        """Text of its action."""
        return str(getattr(self, self.action))

    def deviation(self, deviation_id: str) -> Deviation | None:
        """Its deviation of that id, or None."""
        return self._deviations.get(deviation_id)

    def item(self, item_id: str) -> Item | None:
        """Its item of that id, or None."""
        return self._items.get(item_id)

    @cached_property
    def _deviations(self) -> Mapping[str, Deviation]:
        return {each.id: each for each in self.deviations}

    @cached_property
    def _items(self) -> Mapping[str, Item]:
        return {each.id: each for each in self.items}


class Outcome(Shape, title="Une issue", description="Une façon dont le guide peut finir."):
    """One way in which a walk may end."""

    success: bool = key(description="Si le but est atteint : true ou false.", example="true")
    text: Text = key(description="Comment le guide finit, en une phrase.", example="La e-CPS est active.")
    next: tuple[Text, ...] = key(default=(), description="Ce qui reste à faire ensuite.", example="[Fermer la page.]")
    contacts: tuple[Id, ...] = key(
        default=(), description="Qui appeler ensuite : des faits de genre « phone ».", example="[help-line]"
    )
    links: tuple[Id, ...] = key(
        default=(), description="Les adresses utiles ensuite : des faits de genre « url ».", example="[play-store]"
    )
    guide: Id | None = key(
        default=None, description="Le guide à suivre ensuite, proposé à la fin du parcours.", example="renew"
    )


class Otherwise(
    Shape,
    title="Un autre cas",
    description="Pour qui a ouvert le mauvais guide : quoi faire, ou quel autre guide suivre.",
):
    """The way out for somebody who opened the wrong guide: what to do, or another guide."""

    if_: Text = key(name="if", description="Le cas.", example="La page reste blanche")
    do: Text | None = key(
        default=None,
        description="Quoi faire dans ce cas ; ou guide, mais pas les deux.",
        example="Appuyer sur **Accepter**",
    )
    guide: Id | None = key(
        default=None, description="L’identifiant du guide à suivre à la place.", example="activate-mobile"
    )


class Guide(
    Shape,
    title="Un guide",
    description="Une procédure : un ordre d’étapes, et les issues par lesquelles elle peut finir.",
):
    """A procedure: an order of steps, and the outcomes in which it may end."""

    format: Literal["1"] = key(description="La version du format : 1.", example="1")
    id: Id = key(
        description="L’identifiant du guide, le même que le nom de son fichier sans « .yaml ».",
        example="send-request",
    )
    version: Text = key(description="La version du guide, à changer à chaque modification.", example='"2026.1"')
    title: Text = key(description="Ce que le guide permet de faire, en une ligne.", example="Créer sa e-CPS")
    verified_on: IsoDate = key(
        description="Le jour où tout le guide a été comparé à ses sources.", example="2026-09-20"
    )
    review_by: IsoDate = key(
        description="Le jour à partir duquel chaque parcours dit que le guide est à relire.", example="2027-03-20"
    )
    sources: tuple[Id, ...] = key(
        min_length=1,
        description="D’où vient la procédure : des faits de genre « source ».",
        example="[fiche-2026]",
    )
    fits: tuple[Text, ...] = key(
        default=(),
        description="« Ce guide convient si… » : les conditions, lues avant de commencer.",
        example="[Le médecin a sa carte.]",
    )
    otherwise: tuple[Otherwise, ...] = key(
        default=(),
        description="Les autres cas, pour qui a ouvert le mauvais guide.",
        example="[{if: La e-CPS a expiré, do: La supprimer}]",
    )
    needs: tuple[Text, ...] = key(
        default=(),
        description="« À préparer » : ce qu’il faut avoir sous la main.",
        example="[Le téléphone du médecin]",
    )
    contacts: tuple[Id, ...] = key(
        default=(),
        description="Qui appeler quand aucun remède ne marche : des faits de genre « phone ».",
        example="[help-line]",
    )
    links: tuple[Id, ...] = key(
        default=(),
        description="Ce qui aide à côté du guide, une page ou une vidéo : des faits de genre « url ».",
        example="[play-store]",
    )
    feedback: Text | None = key(
        default=None,
        description="Où signaler à l’auteur ce qui ne correspond plus : une adresse de courriel ou une page.",
        example="auteur@exemple.fr",
    )
    steps: tuple[Step, ...] = key(
        min_length=1,
        description="Les étapes, dans l’ordre où elles se font.",
        example="[{id: scan, who: doctor, device: phone, do: Scanner le code}]",
    )
    outcomes: dict[Id, Outcome] = key(
        min_length=1,
        description="Les façons de finir : un identifiant, puis l’issue.",
        example="{activated: {success: true, text: La e-CPS est active.}}",
    )

    @cached_property
    def sections(self) -> Mapping[str, str]:
        """Step id → the heading under which it stands; an empty text before the first one."""
        sections: dict[str, str] = {}
        heading = ""
        for step in self.steps:
            heading = sections[step.id] = step.section or heading
        return sections

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """Step id → its number in the guide, from 1 on."""
        return {step.id: number for number, step in enumerate(self.steps, 1)}

    def step(self, step_id: str) -> Step | None:
        """Its step of that id, or None."""
        number = self.numbers.get(step_id)
        return self.steps[number - 1] if number else None


class Fact(
    Shape,
    title="Un fait",
    description="Un numéro, une adresse, un libellé, une définition ou une source.",
    example='{kind: phone, name: Assistance, value: "3608"}',
):
    """Something that guides name by id, with where and when it was seen to hold."""

    kind: Literal["phone", "url", "label", "term", "source"] = key(
        description="Le genre : numéro (phone), adresse (url), libellé (label), définition (term) ou source (source).",
        example="phone",
    )
    name: Text = key(description="Comment le fait est appelé.", example="Assistance")
    value: Text = key(
        description=(
            "Le numéro, l’adresse https, le libellé mot pour mot, la définition, ou la description de la source."
        ),
        example='"0 806 800 213"',
    )
    price: Text | None = key(
        default=None, description="Le prix de l’appel, s’il a une source.", example="appel gratuit"
    )
    note: Text | None = key(
        default=None, description="Ce qu’il faut en savoir de plus.", example="Le numéro est au dos de la carte."
    )
    source: Id | None = key(
        default=None,
        description="La source du fait : un fait de genre « source ». Obligatoire, sauf pour une source.",
        example="fiche-2026",
    )
    verified_on: IsoDate | None = key(
        default=None,
        description="Le jour où le fait a été vu pour la dernière fois. Obligatoire, sauf pour une source.",
        example="2026-09-20",
    )
    status: Literal["current", "former"] = key(
        default="current",
        description="Si le fait vaut encore (current, par défaut) ou non (former).",
        example="former",
    )
    replaced_by: Id | None = key(
        default=None, description="Avec « status: former » : le fait qui le remplace.", example="help-line"
    )


Facts = dict[Id, Fact]
"""The facts that guides name by id, so that a number changes in one place."""
