#!/usr/bin/env python3
"""Compare LinearPattern with Python's re.fullmatch on generated pairs, captured groups included.

Patterns are drawn at random, inputs from what they may match and from a small alphabet.
Exits with 1 and the first disagreements if there are any.
"""
import argparse
import itertools
import random
import re
import signal
import subprocess
import sys
import warnings

warnings.simplefilter("ignore")

# What an atom is written as, and bytes that it (or its neighbourhood) may stand for.
ATOMS = [("a", b"a"), ("b", b"b"), ("c", b"c"), ("ab", b"ab"), (".", b"a\n"), (r"\w", b"a_1"), (r"\d", b"1"),
         (r"\s", b" \n\t"), (r"\S", b"a."), (r"\W", b"- \n"), (r"\D", b"a"), ("[ab]", b"ab"), ("[^a]", b"b\n"),
         ("[a-c]", b"abc"), (r"[\d_]", b"1_"), (r"[^\s-]", b"a"), ("[]a]", b"]a"), ("[b-]", b"b-"), (r"\x61", b"a"),
         (r"\141", b"a"), (r"\0", b"\0"), (r"\.", b"."), ("-", b"-"), ("1", b"1"), ("_", b"_"), (" ", b" "),
         (r"\n", b"\n"), ("A", b"Aa"), ("{", b"{"), ("}", b"}"), ("{,", b"{"), ("a{x}", b"a"), ("]", b"]"), ("=", b"="),
         (r"[\x00-\xff]", b"\xffa\0"), (r"\t", b"\t"), ("(?#note)", b""), (r"[\b]", b"\b"), (r"[^\n]", b"a\xff"),
         ("", b""), ("[A-b]", b"Aab"), ("#", b"#")]
LETTERS = [("a", b"a"), ("a", b"a"), ("b", b"b"), ("b", b"b"), ("c", b"c")]
ASSERTIONS = ["^", "$", r"\b", r"\B", r"\A", r"\Z"]
QUANTIFIERS = [("*", 0, 3), ("+", 1, 3), ("?", 0, 1), ("{2}", 2, 2), ("{1,2}", 1, 2), ("{0,2}", 0, 2), ("{,2}", 0, 2),
               ("{1,}", 1, 3), ("{2,}", 2, 4), ("{0}", 0, 0), ("{3}", 3, 3), ("{,}", 0, 3), ("{2,4}", 2, 4)]
GROUPS = ["(", "(", "(?:", "(?:", "(?P<n%d>", "(?i:", "(?s:", "(?m:", "(?-i:", "(?x:", "(?is-m:"]
FLAGS = ["(?i)", "(?s)", "(?m)", "(?x)", "(?a)", "(?im)(?s)"]
# What patterns of mere noise are made of, to compare what is a pattern at all.
PIECES = list("aabc01()[]{}|*+?.^$\\-,:<>=!#_P \n") + [
    "(?", "(?:", "(?P<", "(?i", "{1", ",2}", "{2}", "[^", "\\x4", "\\0", "\\b", "\\d", "\\Z", "(?#", "(?-", "(?x)", ")*", "a-z"]
# What the probe's refusals of patterns that Python takes say.
REFUSALS = re.compile("not supported|not by Unicode|repetitions are allowed|too large")
NOISE = b"aaabbbcc1_ -A\n\n.={}\x00\xff\tB]"


class Generator:
    """Draws patterns, each with a function that draws inputs which the pattern is likely to match."""

    def __init__(self, seed):
        self.seed = seed
        self.random = random.Random(seed)
        self.names = 0

    def byte(self, choices):
        return bytes([self.random.choice(choices)]) if choices else b""

    def atom(self, depth):
        draw = self.random.random()
        if depth > 0 and draw < 0.45:
            opening = self.random.choice(GROUPS)
            if "%d" in opening:
                self.names += 1
                opening %= self.names
            text, sample = self.alternation(depth - 1)
            return opening + text + ")", sample, True
        if draw < 0.51:
            return self.random.choice(ASSERTIONS), lambda: b"", False
        text, choices = self.random.choice(LETTERS if draw < 0.80 else ATOMS)
        if text == "ab":
            return text, lambda: b"ab", True
        return text, lambda: self.byte(choices), text not in ("", "(?#note)")

    def sequence(self, depth):
        texts, samples = [], []
        for _ in range(self.random.choice([0, 1, 1, 2, 2, 3])):
            text, sample, repeatable = self.atom(depth)
            if repeatable and self.random.random() < 0.4 or self.random.random() < 0.01:
                quantifier, low, high = self.random.choice(QUANTIFIERS)
                text += quantifier + ("?" if self.random.random() < 0.25 else "")
                texts.append(text)
                samples.append(lambda sample=sample, low=low, high=high: b"".join(
                    sample() for _ in range(self.random.randint(low, high))))
            else:
                texts.append(text)
                samples.append(sample)
        return "".join(texts), lambda: b"".join(sample() for sample in samples)

    def alternation(self, depth):
        branches = [self.sequence(depth) for _ in range(self.random.choice([1, 1, 1, 2, 2, 3]))]
        return "|".join(text for text, _ in branches), lambda: self.random.choice(branches)[1]()

    def pattern(self):
        self.names = 0
        if self.random.random() < 0.2:
            pieces = self.random.choices(PIECES, k=self.random.choice([2, 3, 4, 5, 6, 8, 10]))
            return "".join(pieces), lambda: bytes(self.random.choices(NOISE, k=self.random.randrange(5)))
        prefix = self.random.choice(FLAGS) if self.random.random() < 0.15 else ""
        text, sample = self.alternation(self.random.choice([1, 2, 2, 3, 3, 4]))
        return prefix + text, sample

    def input(self, sample):
        draw = self.random.random()
        if draw < 0.75:
            data = sample()[:14]
            if draw < 0.15 and data:
                place = self.random.randrange(len(data))
                data = data[:place] + self.byte(NOISE) + data[place + self.random.randint(0, 1):]
            return data + b"\n" if draw > 0.72 else data
        alphabet = NOISE if draw < 0.85 else b"aab"
        return bytes(self.random.choice(alphabet) for _ in range(self.random.choice([0, 1, 1, 2, 2, 3, 3, 4, 5, 6, 8])))


class TooSlow(Exception):
    """Python backtracks for too long."""


def give_up(*_):
    raise TooSlow


def expected(expression, data):
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    try:
        match = expression.fullmatch(data)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    if match is None:
        return "-"
    return " ".join("-" if start < 0 else f"{start}-{end}" for start, end in match.regs)


def compiled(pattern):
    """The pattern as Python takes it, None if it does not."""
    # In a pattern of bytes (?L) is possible, in one of text, which profiles hold, it is not.
    if re.search(r"\(\?[a-zA-Z]*L", pattern):
        return None
    try:
        return re.compile(pattern.encode(), re.ASCII)
    except (re.error, OverflowError, ValueError, RecursionError):
        return None


def questions(generator, pairs):
    """Yield (pattern, None, "ok" or "error") and (pattern, input, answer); an answer of None is one Python was too slow for."""
    made = 0
    while made < pairs:
        pattern, sample = generator.pattern()
        expression = compiled(pattern)
        if expression is None:
            yield pattern, None, "error"
            continue
        yield pattern, None, "ok"
        for _ in range(20):
            data = generator.input(sample)
            if not data and r"\B" in pattern and sys.version_info >= (3, 14):
                continue  # Python changed its mind about \B in an empty input.
            try:
                answer = expected(expression, data)
            except TooSlow:
                yield pattern, data, None
                break
            made += 1
            yield pattern, data, answer


def as_line(pattern, data):
    return "P " + pattern.encode().hex() if data is None else "S " + data.hex()


def emit(generator, pairs):
    for pattern, data, want in questions(generator, pairs):
        if want is not None:
            print(as_line(pattern, data) + "\t" + want)


def compare(probe, generator, pairs):
    counts = dict.fromkeys(["pairs", "matches", "patterns", "errors", "refused", "slow"], 0)
    failures = []
    asked = questions(generator, pairs)
    is_refused = False
    while batch := list(itertools.islice(asked, 50_000)):
        counts["slow"] += sum(want is None for _, _, want in batch)
        batch = [question for question in batch if question[2] is not None]
        # A batch may begin in the middle of a pattern's inputs.
        first = [] if batch[0][1] is None else [(batch[0][0], None, "ok")]
        batch = first + batch
        lines = "".join(as_line(pattern, data) + "\n" for pattern, data, _ in batch)
        answer = subprocess.run([probe, "pairs"], input=lines, capture_output=True, text=True)
        answers = answer.stdout.splitlines()
        if answer.returncode != 0 or len(answers) != len(batch):
            print(f"the probe ended with {answer.returncode} and {len(answers)} answers to {len(batch)} questions: "
                  f"{answer.stderr}")
            return 1
        for (pattern, data, want), got in zip(batch, answers):
            if data is None:
                counts["patterns"] += 1
                counts["errors"] += want == "error"
                is_refused = want == "ok" and got.startswith("error") and REFUSALS.search(got)
                counts["refused"] += bool(is_refused)
                got = want if is_refused else got.split(" ")[0]
            elif is_refused:
                continue
            else:
                counts["pairs"] += 1
                counts["matches"] += want != "-"
            if got != want:
                failures.append(f"{pattern!r} on {data!r}: Python says {want}, the probe {got}")
    for failure in failures[:20]:
        print(failure)
    print(f"{counts['pairs']} pairs, {counts['matches']} of them matches, of {counts['patterns']} patterns, "
          f"{counts['errors']} of them errors in Python {sys.version.split()[0]} and {counts['slow']} too slow for it, "
          f"{counts['refused']} refused as unsupported: "
          f"{len(failures)} disagreements (seed {generator.seed})")
    return 1 if failures else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("probe", help="the pattern-probe executable, or - to print the pairs with Python's answers")
    parser.add_argument("--pairs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    signal.signal(signal.SIGALRM, give_up)
    # A parent's thread may have passed on a mask that blocks it.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGALRM])
    generator = Generator(options.seed)
    if options.probe == "-":
        emit(generator, options.pairs)
        return 0
    return compare(options.probe, generator, options.pairs)


if __name__ == "__main__":
    sys.exit(main())
