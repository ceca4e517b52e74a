"""Mutants of Swift sources: small changes that a test should notice, all of them in one program, each turned on by its number.

A condition is negated or taken for granted, a bound is moved by one, a statement is left out. The changes are made in the text, so some of
them do not compile; whoever builds them takes those out (`drop`).
"""

import re

OPENING, CLOSING = "([{", ")]}"
SUPPORT = """
import Glibc

/// Which of the mutants is alive.
enum Mutant {
    static let alive: Int = getenv("MUTANT").flatMap { Int(String(cString: $0)) } ?? 0
    static func isNot(_ number: Int) -> Bool { alive != number }
    static func negated(_ number: Int, _ value: Bool) -> Bool { alive == number ? !value : value }
    static func always(_ number: Int, _ value: @autoclosure () throws -> Bool) rethrows -> Bool { try alive == number ? true : value() }
    static func never(_ number: Int, _ value: @autoclosure () throws -> Bool) rethrows -> Bool { try alive == number ? false : value() }
    static func instead(_ number: Int, _ value: Bool, _ other: @autoclosure () -> Bool) -> Bool { alive == number ? other() : value }
}
"""


class Mutation:
    """One change of one place: `start` and `end` in the text, and what stands there with the mutant in it."""

    def __init__(self, path, text, start, end, what, make):
        self.path, self.start, self.end, self.what, self.make = path, start, end, what, make
        self.line = text.count("\n", 0, start) + 1
        self.last_line = text.count("\n", 0, end) + 1
        self.original = " ".join(text[start:end].split())

    def __str__(self):
        return f"{self.path}:{self.line}: {self.what}: {self.original}"


def skip_text(text, index):
    """The index behind a string or a comment that begins at `index`; `index` itself if none does."""
    if text.startswith("//", index):
        end = text.find("\n", index)
        return len(text) if end < 0 else end
    if text[index] == '"':
        index += 1
        while text[index] != '"':
            index += 2 if text[index] == "\\" else 1
        return index + 1
    return index


def split(text, start, separators, ends):
    """The parts of what begins at `start`, as (start, end), and where it ends: at one of `ends` outside of brackets."""
    parts, depth, index, part = [], 0, start, start
    while index < len(text):
        behind = skip_text(text, index)
        if behind != index:
            index = behind
            continue
        if depth == 0:
            end = next((end for end in ends if text.startswith(end, index)), None)
            if end:
                parts.append((part, index))
                return parts, index
            separator = next((item for item in separators if text.startswith(item, index)), None)
            if separator:
                parts.append((part, index))
                index += len(separator)
                part = index
                continue
        if text[index] in OPENING:
            depth += 1
        elif text[index] in CLOSING:
            depth -= 1
            if depth < 0:
                break
        index += 1
    parts.append((part, index))
    return parts, index


def trim(text, start, end):
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def of_condition(path, text, start, end, granted):
    """Mutations of a Boolean expression. `granted`: what it must be for the code to go on as if it did not stand there."""
    start, end = trim(text, start, end)
    expression = text[start:end]
    if not expression or re.match(r"(let|var|case|#|_ =|try\?)\b", expression):
        return
    tries = "try " if re.match(r"try\b", expression) else ""
    if not tries and "try " in expression:
        return
    if not tries:
        yield Mutation(path, text, start, end, "negated", lambda n, inner: f"Mutant.negated({n}, {inner})")
    word = "always" if granted else "never"
    yield Mutation(path, text, start, end, f"left out ({word})", lambda n, inner: f"{tries}Mutant.{word}({n}, {inner})")
    for operator, other in ((" < ", " <= "), (" <= ", " < "), (" > ", " >= "), (" >= ", " > ")):
        if expression.count(operator) == 1 and " ? " not in expression and not tries:
            moved = expression.replace(operator, other)
            yield Mutation(path, text, start, end, "bound moved", lambda n, inner, moved=moved: f"Mutant.instead({n}, {inner}, {moved})")
    if " ? " in expression:
        return
    # The one that binds less comes first.
    for operator, neutral in (("||", "never"), ("&&", "always")):
        parts, _ = split(text[:end], start, [operator], [])
        if len(parts) < 2:
            continue
        for from_, to in parts:
            from_, to = trim(text, from_, to)
            part = text[from_:to]
            if "try" in part:
                continue
            yield Mutation(path, text, from_, to, f"operand left out ({neutral})", lambda n, inner, neutral=neutral: f"Mutant.{neutral}({n}, {inner})")
        break


def find(path, text):
    """All mutations of a file."""
    # Conditions.
    for match in re.finditer(r"(?<![\w.`#])(if|guard|while)\s+", text):
        line_start = text.rfind("\n", 0, match.start()) + 1
        if "//" in text[line_start:match.start()]:
            continue
        ends = [" else {", " else\n"] if match[1] == "guard" else [" {"]
        parts, _ = split(text, match.end(), [","], ends)
        for start, end in parts:
            yield from of_condition(path, text, start, end, match[1] == "guard")
    # Properties and functions that are one Boolean expression.
    for match in re.finditer(r"\bBool \{ (?!get)([^\n{}]+) \}\n", text):
        yield from of_condition(path, text, match.start(1), match.end(1), True)
    # Returned truths.
    for match in re.finditer(r"\breturn (true|false)\b", text):
        start, end = match.span(1)
        yield Mutation(path, text, start, end, "negated", lambda n, inner: f"Mutant.negated({n}, {inner})")
    # Filters.
    for match in re.finditer(r"(?:filter|contains|allSatisfy|first|prefix|drop)\s*(?:\(where: |\()?\{ ([^\n{}]+) \}", text):
        yield from of_condition(path, text, match.start(1), match.end(1), True)
    # Statements that are one line.
    for match in re.finditer(r"\n( +)([\w.?!\[\]$]+(?:\(.*\)|(?: [-+|&]?= ).*))(?=\n)", text):
        statement = match[2]
        if re.match(r"([A-Z]\w*|return|let|var|case|self\.init|self\.\w+ = \w+$|super|precondition|assert|init)\b", statement) or statement.count("(") != statement.count(")"):
            continue
        if statement.count("{") != statement.count("}"):
            continue
        start, end = match.start(2), match.end(2)
        yield Mutation(path, text, start, end, "left out", lambda n, inner: f"if Mutant.isNot({n}) {{ {inner} }}")


def apply(text, mutations, start=0, end=None):
    """The text from `start` to `end` with (number, mutation) pairs in it, of which those that lie within others are applied first."""
    end = len(text) if end is None else end
    result, index = "", start
    rest = sorted(mutations, key=lambda pair: (pair[1].start, -pair[1].end))
    while rest:
        outer = rest[0][1]
        same = [pair for pair in rest if (pair[1].start, pair[1].end) == (outer.start, outer.end)]
        inside = [pair for pair in rest if outer.start <= pair[1].start and pair[1].end <= outer.end and pair not in same]
        rest = [pair for pair in rest if pair[1].start >= outer.end]
        inner = apply(text, inside, outer.start, outer.end)
        for number, mutation in same:
            inner = mutation.make(number, inner)
        result += text[index:outer.start] + inner
        index = outer.end
    return result + text[index:end]
