#!/usr/bin/env python3
"""Count instructions: matching must be linear in the input, and deciding must not depend on the number of rules.

Runs the pattern-probe executable under valgrind's callgrind and counts what happens inside of `measured` alone. Exits with 1
if instructions per byte at 1 MiB are over 1.2 times those at 64 KiB, or deciding among 1,000 rules takes over 1.2 times the
instructions of deciding among 10.
"""
import random
import re
import subprocess
import sys
import tempfile

LIMIT = 1.2
# What the Python original makes of a `confs` entry, with its nested repetition.
CONFS = r'(DisableNetwork(=("(\\.|[^"\\])*"|[^" ]*))?( |$))+'
HOSTILE = [
    # pattern, head, unit, tail: the first ones fail at the end of the input, and at its start.
    (r"(a+)+", "", "a", "!"),
    (r"(a+)+", "!", "a", ""),
    (r"(a|aa)+", "", "a", "!"),
    (r"(a|aa)+", "!", "a", ""),
    (r"(.*a){20}", "", "a", "!"),
    (r"(.*a){20}", "\n", "a", ""),
    (r"(x+x+)+y", "", "x", "!"),
    (r"(x+x+)+y", "!", "x", "y"),
    (CONFS, "", "DisableNetwork=1 ", "!"),
    (CONFS, "!", "DisableNetwork=1 ", ""),
    (CONFS, "", r'DisableNetwork="\"x" ', 'DisableNetwork="'),
    # The same where they match, for the groups.
    (r"(a+)+", "", "a", "a"),
    (r"(a|aa)+", "", "a", "a"),
    (r"(.*a){20}", "", "a", "a"),
    (r"(x+x+)+y", "", "x", "y"),
    (CONFS, "", "DisableNetwork=1 ", ""),
    # Needs more states than there is room for, in either direction.
    (r"(?:a|b)*a(?:a|b){16}", "", "".join(random.Random(1).choices("ab", k=20_000)), "abbbbbbbbbbbbbbbb"),
    (r"(?:a|b){16}a(?:a|b)*", "abbbbbbbbbbbbbbbb", "".join(random.Random(1).choices("ab", k=20_000)), ""),
]


def instructions(*arguments):
    with tempfile.NamedTemporaryFile() as output:
        run = subprocess.run(
            ["valgrind", "--tool=callgrind", "--collect-atstart=no", "--toggle-collect=*Measure*measured*",
             f"--callgrind-out-file={output.name}", *arguments], capture_output=True, text=True)
    collected = re.search(r"Collected : (\d+)", run.stderr)
    if run.returncode != 0 or not collected:
        sys.exit(f"{arguments}: {run.stderr}")
    return int(collected.group(1)), run.stdout.split("\n")[0]


def main():
    probe = sys.argv[1]
    bad = 0
    print(f"{'instructions per byte at':>25} 64 KiB   1 MiB   ratio")
    for mode in ["decide", "capture"]:
        for pattern, head, unit, tail in HOSTILE:
            costs = []
            for size in [65_536, 1_048_576]:
                count, answer = instructions(probe, "linear", mode, pattern, head, unit, tail, str(size))
                length, _, answer = answer.partition(" ")
                costs.append(count / int(length))
            ratio = costs[1] / costs[0]
            bad += ratio > LIMIT
            print(f"{mode:>25} {costs[0]:7.1f} {costs[1]:7.1f} {ratio:7.2f}  {pattern}  ({answer})")
    few, _ = instructions(probe, "rules", "10")
    many, _ = instructions(probe, "rules", "1000")
    bad += many / few > LIMIT
    print(f"20 decisions among 10 rules: {few} instructions; among 1,000: {many}; ratio {many / few:.3f}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
