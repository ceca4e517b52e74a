"""The applications that are tried, and what is expected of each."""

from dataclasses import dataclass, field
from typing import Callable


@dataclass
class Application:
    """
    One application under the profile of the same name.

    `rules`: how many of the profile's rules its run uses. `unused`: why the others are not.
    `denials`: commands that are denied, as patterns, each with the reason why that is right.
    """

    profile: str
    rules: int
    run: Callable
    unused: str = ""
    denials: dict = field(default_factory=dict)
    needs_port: bool = False


APPLICATIONS = []


def application(profile, rules, **details):
    def register(run):
        APPLICATIONS.append(Application(profile, rules, run, **details))
        return run
    return register
