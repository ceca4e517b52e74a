"""Applications that only PyPI has, each in an environment of its own that is kept for the next run."""

import re
import subprocess
from pathlib import Path

from stage import Missing

STORE = Path(__file__).resolve().parents[2] / ".build" / "net"


def venv(requirement, program):
    """The path of a program of a package from PyPI, which is installed if it is not there yet."""
    folder = STORE / re.sub(r"[^\w.]+", "-", requirement).strip("-")
    path = folder / program
    if not (folder / "complete").exists():
        subprocess.run(["/usr/bin/python3", "-m", "venv", "--clear", folder], check=True, timeout=120)
        installed = subprocess.run(
            [folder / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", requirement],
            capture_output=True, text=True, timeout=400)
        if installed.returncode != 0:
            raise Missing(f"{requirement} cannot be installed: {installed.stderr.strip()[-300:]}")
        (folder / "complete").touch()
    return str(path)
