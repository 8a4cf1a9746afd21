"""Tell recordings by their words, and what those have of them who cannot hear."""

import re

TRANSCRIPT, CAPTIONS = "transcript", "caption"
_RECORDED = re.compile(
    r"\b(?:recordings?|recorded|replay|on[- ]demand|archived webinar|watch the (?:webinar|video)"
    r"|grabaci[oó]n)\b",
    re.IGNORECASE,
)
_TRANSCRIPT = re.compile(r"(?<!no )\btranscri(?:pts?|ptions?|bed|pci[oó]n)\b", re.IGNORECASE)
_CAPTIONS = re.compile(
    r"(?<!no )\b(?:(?:closed )?caption(?:s|ed|ing)|subtitles?|subtitled|subt[ií]tulos?)\b", re.IGNORECASE
)


def says_recorded(text: str) -> bool:
    """Return whether words say of something that it was recorded."""
    return bool(_RECORDED.search(text))


def text_version(text: str) -> str | None:
    """Return what words say that a recording has: TRANSCRIPT or CAPTIONS; None if neither."""
    if _TRANSCRIPT.search(text):
        return TRANSCRIPT
    return CAPTIONS if _CAPTIONS.search(text) else None
