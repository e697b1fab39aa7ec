"""What is shipped, read once for all tests: the library, its facts, its guides, and walks through each of them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ecps_cli.cli.reading import destinations
from ecps_cli.core.guide import Facts, Guide
from ecps_cli.loading.library import open_library
from support.scripts import Script, scripts

LIBRARY = open_library(None, {})
FACTS: Facts = LIBRARY.facts()
FIND = destinations(lambda: LIBRARY)
"""What finds the guide that a walk goes over to."""
GUIDES: Mapping[str, Guide] = {guide_id: LIBRARY.find(guide_id).guide for guide_id in LIBRARY.ids()}
WALKS: Mapping[str, tuple[Script, ...]] = {guide.id: tuple(scripts(guide)) for guide in GUIDES.values()}
EACH_GUIDE = pytest.mark.parametrize("guide", GUIDES.values(), ids=GUIDES)
