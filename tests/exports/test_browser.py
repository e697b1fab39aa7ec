"""What a browser makes of the pages: no barrier for anybody, and QR codes that a phone reads off the screen.

Needs Chromium, and for the first the file `axe.min.js` of the npm package axe-core, named by `ECPS_AXE`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from html import unescape
from itertools import product
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from ecps_cli.core.guide import Facts, Guide
from ecps_cli.exports.formats import export_guide, export_session
from ecps_cli.exports.naming import named_in
from ecps_cli.exports.record import Provenance
from ecps_cli.qr import payload
from support.shipped import FACTS, GUIDES, LIBRARY, WALKS
from support.tiers import first_rows

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
AXE = os.environ.get("ECPS_AXE", "")
LIMIT = 100
"""Seconds after which a browser that has not ended is a failure."""
QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-extensions", "--hide-scrollbars", "--virtual-time-budget=20000"),
)
COLOURS = {
    "light": (),
    "dark": ("--force-dark-mode",),
    "forced dark": ("--force-dark-mode", "--blink-settings=forceDarkModeEnabled=true"),
}

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here"),
    pytest.mark.timeout(2 * LIMIT),
]


def browse(folder: Path, page: str, *options: str) -> str:
    """Open a page in a browser of its own, and return what it wrote on standard output."""
    path = folder / "page.html"
    path.write_text(page, encoding="utf-8")
    command = [str(CHROMIUM), *QUIET, f"--user-data-dir={folder / 'profile'}", *options, path.as_uri()]
    ran = subprocess.run(command, capture_output=True, timeout=LIMIT, check=True, cwd=folder)
    return ran.stdout.decode()


def page_of(name: str) -> str:
    """Return the sheet of a guide, or the record of its first scripted walk."""
    guide_id, _, wants_record = name.partition(" ")
    found = LIBRARY.find(guide_id)
    if not wants_record:
        return str(export_guide("html", found.guide, found.facts, dict))
    session = next(iter(WALKS[found.guide.id])).session
    provenance = Provenance("20261124-1930", "5e" * 32, "ecps-guide", "9d" * 32, "fa" * 32)
    return str(export_session("html", session, found.facts, provenance))


@pytest.mark.skipif(not AXE, reason="ECPS_AXE names no axe.min.js")
@pytest.mark.parametrize(("name", "width"), [*((each, 400) for each in LIBRARY.ids()), ("fraud record", 1200)])
def test_axe_finds_no_violation(tmp_path: Path, name: str, width: int) -> None:
    """On a phone's screen and on a desk's, axe-core finds no barrier in a sheet or a record."""
    page, policies = re.subn(r"<meta http-equiv=.Content-Security-Policy.*?>", "", page_of(name))
    assert policies == 1
    axe = Path(AXE).read_text(encoding="utf-8").replace("</script", "<\\/script")
    run = "axe.run().then(found => { document.body.textContent = JSON.stringify(found) })"
    told = browse(
        tmp_path,
        page.replace("</html>", f"<script>{axe}</script><script>{run}</script></html>"),
        f"--window-size={width},900",
        "--dump-dom",
    )
    found = json.loads(unescape(told[told.index("<body") :].split(">", 1)[1].rsplit("</body>", 1)[0]))
    assert [f"{each['id']}: {each['nodes'][0]['html']}" for each in found["violations"]] == []
    assert {"color-contrast", "html-has-lang", "list"} <= {each["id"] for each in found["passes"]}


def said_by_codes(guide: Guide, facts: Facts) -> set[str]:
    return {payload(facts[each]) for each in named_in(guide) if facts[each].kind in ("phone", "url")}


@pytest.mark.parametrize(("guide_id", "colours"), first_rows(2, product(GUIDES, COLOURS)))
def test_every_code_is_read_off_the_screen(tmp_path: Path, guide_id: str, colours: str) -> None:
    """In light and in dark colours, each code of the page on the screen says its number or its address."""
    picture = tmp_path / "page.png"
    size = f"--window-size=800,{12_000 if guide_id != 'fraud' else 6_000}"
    browse(tmp_path, page_of(guide_id), *COLOURS[colours], size, f"--screenshot={picture}")
    with Image.open(picture) as image:
        read = {each.text for each in zxingcpp.read_barcodes(image.convert("L"), try_invert=False)}
    assert read == said_by_codes(GUIDES[guide_id], FACTS)


def test_a_page_runs_no_script(tmp_path: Path) -> None:
    """The policy that a page carries holds: a script that somebody put into it does not run."""
    script = "<script>document.body.textContent = 'ran'</script>"
    told = browse(tmp_path, page_of("fraud").replace("</body>", f"{script}</body>"), "--dump-dom")
    assert "REFUSEZ" in told
    assert "ran</body>" not in told
