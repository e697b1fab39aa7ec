"""Free text as it may be kept: no code and no RPPS number in it, and nothing else lost."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ecps_cli.core.masking import MASK, hides, masked

SECRETS = [
    ("le code PIN est 4521, RPPS 899700218896", "le code PIN est ****, RPPS 8 *** **** 8896"),
    ("code 4521", "code ****"),
    ("CODE : 45 21 87", "CODE : ****"),
    ("Code\u00a0secret=123456", "Code secret=****"),
    ("son PIN4521", "son PIN****"),
    ("P.I.N. 4521.", "P.I.N. ****."),
    ("pin... 4521", "pin... ****"),
    ("mot de passe donné au téléphone : 20261128", "mot de passe donné au téléphone : ****"),
    ("mot-de-passe 1234", "mot-de-passe ****"),
    ("motdepasse 1234", "motdepasse ****"),
    ("Mots de passe 1234 et 5678", "Mots de passe **** et ****"),
    ("mdp 98765", "mdp ****"),
    ("cpe 4521", "cpe ****"),
    ("le cöde sécret 4521", "le cöde sécret ****"),
    ("code à 4 chiffres : 4521", "code à 4 chiffres : ****"),
    ("code reçu par SMS 123-456", "code reçu par SMS ****"),
    ("code PIN 4521, non 4512", "code PIN ****, non ****"),
    ("4521 est son code PIN", "**** est son code PIN"),
    ("4521 (code)", "**** (code)"),
    ("digicode 1234", "digicode ****"),
    ("code ٤٥٢١", "code ****"),
    ("code 1 2 3 4", "code ****"),
    ("PIN:123456", "PIN:****"),
    ("codePIN1234, code/1234", "codePIN****, code/****"),
    ("1234, c’est son code", "****, c’est son code"),
    ("1234 5678 sont les codes", "**** sont les codes"),
    ("J’ai son code. C’est 1234.", "J’ai son code. C’est ****."),
    ("code reçu à 14:30 : 123456", "code reçu à 14:30 : ****"),
    ("code reçu au 06 39 98 12 34 le 28/11/2026 : 1234", "code reçu au 06 39 98 12 34 le 28/11/2026 : ****"),
    (
        "Le code qui s’affiche sur le téléphone du docteur est 1234",
        "Le code qui s’affiche sur le téléphone du docteur est ****",
    ),
    ("ticket GLPI 4711, code 1234", "ticket GLPI 4711, code ****"),
    ("code du poste 4521", "code du poste ****"),
    ("code 41 77 2026", "code ****"),
    ("mot de passe = Toto2024!", "mot de passe = ****"),
    ("mdp « abc123 », fin", "mdp « **** », fin"),
    ("son mot de passe est P@ssw0rd.", "son mot de passe est ****."),
    ("RPPS 99700218896", "RPPS 8 *** **** 8896"),
    ("8 997 0021 8896 au téléphone", "8 *** **** 8896 au téléphone"),
    ("10003461033", "8 *** **** 1033"),
    ("1000346103 3, 2 fois", "8 *** **** 1033, 2 fois"),
    ("rpps 10003461034 (mal relu)", "rpps 8 *** **** 1034 (mal relu)"),
    ("06 39 98 12 34 8 997 0021 8896", "06 39 98 12 34 8 *** **** 8896"),
    ("12345678901 99700218896", "12345678901 8 *** **** 8896"),
]


@pytest.mark.parametrize(("text", "kept"), SECRETS)
def test_a_code_and_an_rpps_number_are_masked(text: str, kept: str) -> None:
    """Whatever it is called and however it is grouped, a code is masked, and an RPPS number as in an answer."""
    assert (masked(text), hides(text)) == (kept, True)


@pytest.mark.parametrize(
    "text",
    [
        "il est pressé",
        "code postal 75011",
        "code erreur 40012, code retour 1603",
        "QR code 2026",
        "mot de passe refusé, ticket 123456",
        "code refusé. Rappelé au poste 4521",
        "code oublié, rappeler au 06 39 98 12 34",
        "code changé le 27/11/2026 à 14:30, puis 27-11-2026",
        "appelé le 0 806 800 213",
        "+33 6 39 98 12 34",
        "épinglé 4521, opinion 4521, décodé 4521",
        "SIREN 130 007 669, SIRET 13000766900018",
        "ticket INC-4521",
        "ticket GLPI 4711 : code refusé",
        "code oublié, GLPI 4711",
        "INC0012345 : code oublié",
        "salle 4512 : PIN oublié, poste n° 4521",
        "code changé le 2026-11-28, puis le 3 décembre 2026",
        "code bloqué depuis 2019",
        "code refusé à 14h30, appeler le 3608",
        "appelé le 0 806 800 213 pour le code",
        "version 2026.1 du code",
        "75012 code postal",
        "mdp oublié 3 fois, mdp à changer le 28/11",
        "code 123",
        "code 123456789",
        "",
    ],
)
def test_what_is_no_secret_stays_as_it_was_written(text: str) -> None:
    """A telephone number, a date, a ticket, a public code are what a note is for."""
    assert (masked(text), hides(text)) == (text, False)


@given(
    st.lists(st.sampled_from([*"  ,.:-0158é", "code", "PIN", "mdp", "le", "99700218896", "4521", MASK, "ﬁ", "İ"])).map(
        "".join
    )
    | st.text(max_size=60)
)
@example("mdp 0code99700218896")
def test_what_was_masked_is_masked_no_further(text: str) -> None:
    """Masking twice is masking once: an event read back is the event that was written."""
    assert masked(masked(text)) == masked(text)
