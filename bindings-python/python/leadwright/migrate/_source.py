"""Where stages come from, and what stops a candidate. All are read in the background, once a second."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol, Union, runtime_checkable

from ._errors import MigrationError

Read = dict[str, str]
"""The text of a stage by step."""


@runtime_checkable
class Source(Protocol):
    """Says which stage each step has."""

    #: Whether reading it may take long: then it is read on a thread of its own.
    slow: bool

    def read(self, steps: Iterable[str]) -> Read: ...


StageSource = Union[str, Mapping[str, str], Callable[[str], str], Source]


class _Text:
    """One stage for all steps, or ``validate=canary 5; decide=shadow; *=off``."""

    slow = False

    def __init__(self, get: Callable[[], str]) -> None:
        self._get = get

    def read(self, steps: Iterable[str]) -> Read:
        return by_step(self._get(), steps)


class _Mapping:
    slow = False

    def __init__(self, stages: Mapping[str, str]) -> None:
        self._stages = stages

    def read(self, steps: Iterable[str]) -> Read:
        rest = self._stages.get("*", "off")
        return {step: self._stages.get(step, rest) for step in steps}


class _Asked:
    slow = True

    def __init__(self, ask: Callable[[str], str]) -> None:
        self._ask = ask

    def read(self, steps: Iterable[str]) -> Read:
        return {step: self._ask(step) for step in steps}


def by_step(text: str, steps: Iterable[str]) -> Read:
    """Stages from a text: one for all, or ``step=stage`` for each, by lines or semicolons."""
    parts = [part.strip() for part in re.split(r"[;\n]", text)]
    parts = [part for part in parts if part and not part.startswith("#")]
    if len(parts) == 1 and "=" not in parts[0]:
        return dict.fromkeys(steps, parts[0])
    named: Read = {}
    for part in parts:
        step, equals, stage = part.partition("=")
        if not equals:
            raise MigrationError("a line of stages is `step=stage`", "migrate.bad_stage")
        named[step.strip()] = stage.strip()
    rest = named.get("*", "off")
    return {step: named.get(step, rest) for step in steps}


def stage_from_env(name: str, default: str = "off") -> Source:
    """Stages from a variable of the environment."""
    return _Text(lambda: os.environ.get(name) or default)


def stage_from_file(path: Union[str, os.PathLike[str]], default: str = "off") -> Source:
    """Stages from a file, which may be written anew while the app runs; without the file it is the default."""

    def get() -> str:
        try:
            with open(path, encoding="utf-8") as file:
                return file.read(65_536).strip() or default
        except FileNotFoundError:
            return default

    return _Text(get)


def stage_from_openfeature(client: Any, flag: str = "{step}", default: str = "off") -> Source:
    """Stages from string flags of an OpenFeature client, one a step; ``flag`` is formatted with ``step``."""
    return _Asked(lambda step: str(client.get_string_value(flag.format(step=step), default)))


def source_of(given: StageSource) -> Source:
    """Whatever says a stage."""
    if isinstance(given, str):
        return _Text(lambda: given)
    if isinstance(given, Mapping):
        return _Mapping(given)
    if isinstance(given, Source):
        return given
    if callable(given):
        return _Asked(given)
    raise TypeError("`stage` is a text, a dict by step, a function of the step, or one of `migrate.stage_from_…`")


class KillSwitch:
    """While it is on, the legacy answers everything and nothing else happens."""

    def __init__(self, on: Callable[[], bool]) -> None:
        self.on = on


def killed_by_env(name: str) -> KillSwitch:
    """On while the variable is set to anything but nothing and ``0``."""
    return KillSwitch(lambda: os.environ.get(name, "") not in ("", "0"))


def killed_by_file(path: Union[str, os.PathLike[str]]) -> KillSwitch:
    """On while there is such a file."""
    return KillSwitch(lambda: os.path.exists(path))
