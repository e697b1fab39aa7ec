"""QR codes: a real reader reads in them what they are made of."""

from __future__ import annotations

import pytest
import zxingcpp
from PIL import Image

from ecps_cli.guide import Fact
from ecps_cli.qr import QUIET, modules, payload


def picture(code: tuple[tuple[bool, ...], ...], scale: int = 4) -> Image.Image:
    image = Image.new("L", (len(code[0]), len(code)))
    image.putdata([0 if dark else 255 for row in code for dark in row])
    return image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST)


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("url", "https://wallet.esw.esante.gouv.fr", "https://wallet.esw.esante.gouv.fr"),
        ("phone", "0 806 800 213", "tel:0806800213"),
        ("phone", "3608", "tel:3608"),
        ("phone", "+33 1 53 89 32 00", "tel:+33153893200"),
    ],
)
def test_a_reader_reads_what_a_fact_says(kind: str, value: str, said: str) -> None:
    """The code of a fact is read by zxing-cpp as its address, or as its number to dial."""
    fact = Fact.model_validate({"kind": kind, "name": "Un fait", "value": value})
    assert payload(fact) == said
    assert [each.text for each in zxingcpp.read_barcodes(picture(modules(payload(fact))))] == [said]


def test_the_quiet_zone_is_light() -> None:
    """Four light modules stand around a code, and none of its own rows is longer than another."""
    code = modules("tel:3608")
    border = [*code[:QUIET], *code[-QUIET:], *(row[:QUIET] + row[-QUIET:] for row in code)]
    assert not any(dark for row in border for dark in row)
    assert {len(row) for row in code} == {len(code)}
