"""What every page of measurements says of the machine, and how it takes its place."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

import kullback as kb

DOCS = Path(__file__).parents[1] / "docs"


def machine(peers: tuple[str, ...]) -> str:
    config = kb.show_config()
    versions = ", ".join(f"{name} {version(name)}" for name in peers)
    cpu = f"{platform.machine()}, {config.simd}, {config.threads} threads"
    return f"{cpu}, load {os.getloadavg()[0]:.1f} at the start; {versions}"


def publish(text: str, output: Path) -> None:
    """Write the page, whole or not at all, and print it."""
    unfinished = output.with_suffix(".tmp")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(output)
    print(text)
