"""The one exception whose text is shown to a person. Anything else that is raised is a bug."""


class Refused(Exception):
    """A request that the house declines, in words meant for whoever made it.

    `reason` says what is wrong. `allowed` says what would do instead, where that is known.
    `field` names the form field it belongs to, or is None when it concerns the whole request.
    `str()` gives reason and `allowed` as whole sentences.
    """

    def __init__(self, reason: str, *, field: str | None = None, allowed: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field
        self.allowed = allowed

    def __str__(self) -> str:
        return " ".join(_sentence(part) for part in (self.reason, self.allowed) if part.strip())


def _sentence(text: str) -> str:
    """Upper-case the first letter and end with a full stop, unless the text already ends a sentence."""
    text = text.strip()
    closed = text if text.endswith((".", "!", "?", "…", ".”", ".)")) else f"{text}."
    return closed[0].upper() + closed[1:]
