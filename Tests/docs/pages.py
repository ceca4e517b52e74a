"""The commands that the pages show, and what the pages say that they print."""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")] + sorted((ROOT / "docs").glob("*.md"))

# What a line of a block begins with that is a command.
PROGRAMS = """
    .build/release/bench-engine ansible-playbook apt cp flatpak git grater-check install journalctl kubectl make mkdir mv
    onion-grater podman sudo swift systemctl valgrind
""".split()


class Command:
    """A command of a page: where it stands, what the shell gets, and the lines that are shown below it."""

    def __init__(self, page, line, text):
        self.page = page
        self.line = line
        self.text = text
        self.shown = []

    def __str__(self):
        return f"{self.page}:{self.line}: {self.text}"


def blocks(text):
    """The blocks of code: the number of their first line, and their lines without indentation."""
    fence = block = None
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("```"):
            if fence is None:
                fence = (number + 1, [])
            else:
                yield fence
                fence = None
        elif fence is not None:
            fence[1].append(line)
        elif line.startswith("    ") or (block is not None and not line.strip()):
            block = block or (number, [])
            block[1].append(line[4:])
        elif block is not None:
            yield block
            block = None
    if block is not None:
        yield block


def commands(page):
    """The commands of a page, in order."""
    name = str(page.relative_to(ROOT))
    found = []
    for first, lines in blocks(page.read_text()):
        has_prompts = any(line.lstrip().startswith("$ ") for line in lines)
        command = None
        for number, line in enumerate(lines, first):
            if command is not None and command.text.endswith("\\"):
                command.text = command.text[:-1].rstrip() + " " + line.strip()
                continue
            text = line.strip()
            text = text.removeprefix("Test-Command: ")
            if has_prompts:
                is_command = text.startswith("$ ")
                text = text.removeprefix("$ ")
            else:
                is_command = text.split(" ")[0] in PROGRAMS
            if is_command:
                command = Command(name, number, re.sub(r"\s+# .*", "", text))
                found.append(command)
            elif command is not None and has_prompts:
                command.shown.append(line)
    return found


def misses(shown, output):
    """The first line that is shown and not printed, in order; numbers and what an ellipsis stands for do not matter."""

    def plain(line):
        return re.sub(r"[0-9]+", "0", line).rstrip()

    printed = iter([plain(line) for line in output.split("\n")])
    for line in shown:
        wanted = plain(line)
        if wanted.strip() in ("", "…", "..."):
            continue
        wanted = wanted.removesuffix("…")
        if not any(line.strip().startswith(wanted.strip()) for line in printed):
            return line
    return None
