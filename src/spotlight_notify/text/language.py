"""Tell Spanish from English, by the small words that every sentence has."""

import re

ENGLISH, SPANISH = "en", "es"
_WORD = re.compile(r"[^\W\d_]+")
_SPANISH_WORDS = """
el la los las un una unos unas de del al y que en con por para su sus se es son como cómo más no lo este
esta estos estas sobre entre cuando qué si usted ustedes nuestro nuestra esto hay ser o pero sin está están
cada gratis oficiales policía seguridad capacitación seminario cartel guía aprenda descargue mantenga
"""
_ENGLISH_WORDS = """
the a an of and to in for on with is are was were be by at from this that these those as how your you our we
it its their or but not can will what when who new about more has have which if they all
"""
_SPANISH, _ENGLISH = frozenset(_SPANISH_WORDS.split()), frozenset(_ENGLISH_WORDS.split())
_NAMES = frozenset({"spanish", "español", "espanol", "en español", "en espanol", "es", "spanish language"})
"""Categories that say it outright."""
_CALLED = dict.fromkeys(("en", "eng", "english", "inglés"), ENGLISH) | dict.fromkeys(
    ("es", "spa", "spanish", "español", "espanol"), SPANISH
)
"""What people and tables call a language, without its country."""
FEWEST = 3
"""So few words in another language may be a name."""


def language_named(name: str) -> str | None:
    """Return the language of posts that a name means, such as "es", "es-MX" or "Spanish"; None for others."""
    return _CALLED.get(re.split(r"[-_ (]", name.strip().casefold())[0])


def language_of(text: str, categories: tuple[str, ...] = ()) -> str:
    """Return ``es`` for what is surely Spanish, by a category or its own words; else ``en``."""
    if any(category.strip().casefold() in _NAMES for category in categories):
        return SPANISH
    words = [word.casefold() for word in _WORD.findall(text[:2_000])]
    spanish, english = (sum(word in known for word in words) for known in (_SPANISH, _ENGLISH))
    return SPANISH if spanish >= FEWEST and spanish > 2 * english else ENGLISH
