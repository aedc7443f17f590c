"""Names as they are compared: people write them with and without capitals, and with spaces to spare."""

LONGEST = 80


def tidy(name: str) -> str:
    """A name with one space where there were several, and none around it."""
    return " ".join(name.split())


def fold(name: str) -> str:
    """A name as it is compared with others."""
    return tidy(name).casefold()


def as_stored(name: str) -> set[str]:
    """How a database may write a name in small letters.

    SQLite makes those of A to Z alone; so the likely ways to write the others are all asked for, and whoever asks
    compares what comes back by `fold`.
    """
    name = tidy(name)
    ways = (name, name.lower(), name.upper(), name.title(), name.capitalize(), name.casefold())
    return {"".join(c.lower() if c.isascii() else c for c in way) for way in ways}


def each_once(names: list[str], *, but: str = "") -> list[str]:
    """Names in their order, as first written, each once whatever its capitals; without empty ones and without `but`."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(fold(name), tidy(name))
    return [name for key, name in found.items() if key and key != fold(but)]
