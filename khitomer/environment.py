"""The one way a setting enters: a named environment variable, read once, refused loudly when it makes no sense."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


class Environment:
    """Typed reading of environment variables.

    Every reader takes the variable's name and a default; a variable that is set to the empty string counts as unset.
    A value that does not parse raises `ImproperlyConfigured`, naming the variable and what it accepts.
    """

    def __init__(self, variables: Mapping[str, str] = os.environ) -> None:
        self._variables = variables
        self.read: set[str] = set()

    def text(self, name: str, default: str = "") -> str:
        self.read.add(name)
        return self._variables.get(name, "").strip() or default

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.text(name, "1" if default else "0").lower()
        if value in {"1", "true", "yes", "on"}:
            return True
        if value in {"0", "false", "no", "off"}:
            return False
        raise ImproperlyConfigured(f"{name} is {value!r}; it takes 1 or 0.")

    def number(self, name: str, default: int, *, least: int = 0, most: int = 2**31) -> int:
        value = self.text(name, str(default))
        if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
            raise ImproperlyConfigured(
                f"{name} is {value!r}; it takes a whole number from {least} to {most}."
            )
        return int(value)

    def words(self, name: str, default: str = "") -> list[str]:
        return [word.strip() for word in self.text(name, default).split(",") if word.strip()]

    def folder(self, name: str, default: Path) -> Path:
        path = Path(self.text(name, str(default))).expanduser().resolve()
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ImproperlyConfigured(
                f"{name} names {path}, which cannot be made: {error.strerror}."
            ) from error
        return path

    def secret(self, name: str, kept_in: Path) -> str:
        """The variable's value, or the key kept beside the data: made on first start, readable by its owner alone."""
        if value := self.text(name):
            return value
        try:
            with open(kept_in, "x", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
                file.write(secrets.token_urlsafe(64))
        except FileExistsError:
            pass
        key = kept_in.read_text().strip()
        if len(key) < 50:
            raise ImproperlyConfigured(f"{kept_in} holds no usable key; delete it to have a new one made.")
        return key


def with_instead(**variables: str) -> dict[str, str]:
    """The environment for a process of its own, these variables in the place of ours."""
    return {**os.environ, **variables}
