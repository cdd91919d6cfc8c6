"""Sentences for people, marked where they stand so that the translation catalogue can find them."""


def marked(text: str) -> str:
    """The text itself: formal Indonesian, and the key under which the catalogue keeps its translation."""
    return text
