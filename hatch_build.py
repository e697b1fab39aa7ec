"""Build hook: the wheel carries the guides compiled, so that a walk of one begins without reading YAML."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledGuides(BuildHookInterface):  # type: ignore[type-arg]
    """Compiles the guides of the checkout with its own loader."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the modules to the wheel; an editable one has none, since there the model may change under them."""
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        from ecps_cli.authoring.compiling import compile_guides
        from ecps_cli.loading.library import Library

        self.made = TemporaryDirectory()
        folder = Path(self.made.name) / "compiled"
        compile_guides(Library(root / "guides"), folder)
        build_data["force_include"][str(folder)] = "ecps_cli/compiled"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was compiled, once it is in the wheel."""
        if version != "editable":
            self.made.cleanup()
