"""What is blacked out of a text: gone from it, with a bar in its place that tells no length."""

import re

BAR = "█████"
"""What stands in the place of what was blacked out, however much it was."""

_MARKED = re.compile(r"\|\|(?!\|)(.+?)\|\|", re.S)


def redacted(text: str) -> str:
    """The text with a bar in the place of everything that is marked ||like this||; the words are not in it any more.

    A mark that is not closed blacks out nothing. What spans paragraphs leaves a bar in each, so that the text keeps its
    shape and no more.
    """

    def bars(match: re.Match[str]) -> str:
        return "\n\n".join(BAR for _ in re.split(r"\n\s*\n", match[1]))

    return _MARKED.sub(bars, text)
