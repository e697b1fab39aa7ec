"""The starting point of a new guide: its text, commented for whoever has never written one, and its facts."""

from __future__ import annotations

import json
from calendar import monthrange
from datetime import date

SCHEMA_FILE = "guide.schema.json"
"""Beside a new guide: what its first line tells an editor to complete from."""


def guide_text(guide_id: str, source: str, contact: str, today: date) -> str:
    """Return the text of a guide of that id, for the loader to judge: dated today, to be read again in six months.

    `source` and `contact` are the facts that it names as its source and as whom to call; `contact` may be empty.
    """
    review = six_months_after(today)
    return _filled(_GUIDE, ID=json.dumps(guide_id), SOURCE=source, CONTACT=contact, TODAY=today, REVIEW=review)


def facts_text(today: date) -> str:
    """Return the text of the facts of a new guide, to be replaced: a source and a number to call."""
    return _filled(_FACTS, SOURCE=SOURCE, CONTACT=CONTACT, TODAY=today)


SOURCE, CONTACT = "ma-source", "mon-support"
"""The ids of these facts."""


def _filled(text: str, **values: object) -> str:
    """Return a text with each `<NAME>` in it replaced."""
    for name, value in {"SCHEMA": SCHEMA_FILE, **values}.items():
        text = text.replace(f"<{name}>", str(value))
    return text


def six_months_after(day: date) -> date:
    """Return the same day six months later, or the last one of that month when it is shorter."""
    years, month = divmod(day.month + 5, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


_GUIDE = """\
# yaml-language-server: $schema=<SCHEMA>
#
# Un guide : des étapes, l’une après l’autre. Ce qui suit « # » est pour vous : rien de cela ne s’affiche.
# Remplacez les textes entre guillemets par les vôtres, enregistrez, puis relancez le guide.
# Chaque clé est expliquée dans docs/format.md, au dépôt d’ecps-guide.

format: 1
id: <ID>
version: "1"                # à changer à chaque modification
title: "Ouvrir un service qui ne répond pas"
verified_on: <TODAY>     # le jour où vous avez tout vérifié
review_by: <REVIEW>       # à partir de ce jour, le guide dit qu’il est à relire
sources: [<SOURCE>]        # d’où vient la procédure : un fait de facts.yaml

fits:                       # « Ce guide convient si… »
  - "Le médecin est devant son ordinateur."
otherwise:                  # pour qui a ouvert le mauvais guide
  - if: "Une notification e-CPS que le médecin n’attendait pas est arrivée"
    do: "Refuser la notification, sans taper ni lire aucun code."
needs:                      # « À préparer »
  - "L’ordinateur, allumé."
contacts: [<CONTACT>]     # qui appeler quand aucun remède ne marche : un fait de facts.yaml

steps:
  # Une étape a une seule action. « do » : faire quelque chose ; il faut dire qui, et sur quel appareil.
  - id: open-page
    section: "Ouvrir"
    who: doctor             # doctor (le médecin) ou support (vous)
    device: computer        # phone, computer ou second-device
    do: "Ouvrir la page du service dans le navigateur."
    expect: "La page du service est affichée."     # ce qui se voit ensuite, jamais « fait »
    deviations:             # ce qui peut s’afficher d’autre, et le remède
      - id: blank-page
        if: "La page reste blanche."
        do: "Recharger la page."
        then: retry         # recommencer l’étape, au plus « max » fois
        max: 2
      - id: no-network
        if: "Le navigateur dit qu’il n’y a pas de connexion."
        do: "Vérifier le câble ou le Wi-Fi."
        then: {end: stopped}   # le guide finit ici

  # « critical » : une étape qui ne doit pas manquer. Elle dit toujours pourquoi.
  - id: compare-address
    section: "Vérifier"
    who: doctor
    device: computer
    critical: true
    do: "Comparer l’adresse de la page avec celle du service."
    why: "Une fausse page peut voler ce que le médecin y tape."
    expect: "L’adresse commence par https, et c’est celle du service."
    deviations:
      - id: wrong-address
        if: "L’adresse est une autre."
        do: "Fermer la page, sans rien y taper."
        then: {end: stopped}

  # « ask » : poser une question, à laquelle on tape la réponse. Jamais un code secret.
  - id: service-name
    who: support
    ask: "Nom du service"
    keep: full              # ce que le relevé garde : never (rien), masked (masqué) ou full (tout)

  # « choose » : faire choisir. Il y a toujours « Je ne sais pas », sous l’identifiant « unsure ».
  - id: name-shown
    section: "Regarder"
    who: doctor
    device: computer
    choose: "Le nom du médecin est-il affiché ?"
    options:
      shown: "Oui"
      missing: "Non"
      unsure: "Je ne sais pas"

  # « when » : cette étape ne se fait que pour ces réponses.
  - id: read-page
    when: {name-shown: [missing, unsure]}
    who: doctor
    device: computer
    do: "Lire la page de haut en bas."
    expect: "Le nom du médecin est affiché."
    deviations:
      - id: no-name
        if: "Le nom du médecin n’est nulle part."
        do: "Garder une capture d’écran de la page."
        then: {end: stopped}

  # « tick » : une liste à cocher. La dernière étape mène toujours à une issue.
  - id: wrap-up
    section: "Finir"
    who: support
    tick: "Avant de raccrocher"
    items:
      - {id: next-time, text: "Le médecin sait rouvrir la page seul."}
      - {id: ticket, text: "Le ticket est rempli.", record: [reference]}
    end: opened

outcomes:                   # les façons de finir
  opened:
    success: true
    text: "Le service est ouvert."
  stopped:
    success: false
    text: "Le service n’est pas ouvert."
    next:
      - "Transmettre le ticket au support du service."
"""

_FACTS = """\
# Les faits : ce que les guides de ce dossier nomment par un identifiant. Un numéro qui change se change ici, une fois.
# Chaque fait dit d’où il vient (source) et quel jour il a été vu (verified_on).

<SOURCE>:
  kind: source
  name: "Ma source"
  value: "À remplacer : le titre, l’auteur et la date du document d’où vient la procédure"
  verified_on: <TODAY>

# Un numéro de téléphone, que les guides nomment dans « contacts ». Celui-ci n’est à personne : mettez le vôtre.
<CONTACT>:
  kind: phone
  name: "Support (numéro à remplacer)"
  value: "01 99 00 12 34"
  source: <SOURCE>
  verified_on: <TODAY>

# Une adresse, que les guides nomment dans « links ». Enlevez les « # » pour vous en servir :
# page-du-service:
#   kind: url
#   name: "Page du service"
#   value: "https://service.example"
#   source: <SOURCE>
#   verified_on: <TODAY>
"""
