"""Describe the sources a configuration file may name, and which of their aids are taken."""

from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field, PlainValidator, ValidationInfo, WithJsonSchema

from spotlight_notify.config.database_urls import DatabaseUrl
from spotlight_notify.config.hours_settings import BrakeSettings
from spotlight_notify.config.times import Duration, Interval, Overlap, TimeZone
from spotlight_notify.config.urls import PublicUrl
from spotlight_notify.config.validation import TABLE, wrong
from spotlight_notify.config.words import Text
from spotlight_notify.model.campaigns import Choice, Selection
from spotlight_notify.model.words import Kind
from spotlight_notify.text.names import folded_name


def visible(name: str) -> str:
    """Check that something is left of a name for a reader: nothing would be found everywhere."""
    if not folded_name(name):
        raise wrong("must hold something that can be seen")
    return name


Words = tuple[Annotated[Text, AfterValidator(visible)], ...]


class ChoiceSettings(BaseModel):
    """Name aids by what they have: any of these is enough."""

    model_config = TABLE

    categories: Words = ()
    """Categories, tags or themes; how they are spelt makes no difference."""
    words: Words = ()
    """Words, or several in a row, in the title or the summary."""
    kinds: tuple[Kind, ...] = ()
    """Kinds of aids."""


def says_something(choice: ChoiceSettings | None) -> ChoiceSettings | None:
    """Check that a choice names anything: an empty one would take nothing, or leave out nothing."""
    if choice is not None and not (choice.categories or choice.words or choice.kinds):
        raise wrong("must name categories, words or kinds")
    return choice


Only = Annotated[ChoiceSettings | None, AfterValidator(says_something)]
Without = Annotated[ChoiceSettings | None, AfterValidator(says_something), Field(alias="except")]


def selection_of(only: ChoiceSettings | None, without: ChoiceSettings | None) -> Selection:
    """Return what a table takes and leaves out as a rule."""
    return Selection(only=_choice_of(only), without=_choice_of(without))


def _choice_of(settings: ChoiceSettings | None) -> Choice | None:
    if settings is None:
        return None
    told: dict[str, Any] = {name: getattr(settings, name) for name in type(settings).model_fields}
    return Choice(**told)


def along_an_order(overlap: int | timedelta | None, info: ValidationInfo) -> int | timedelta | None:
    """Check that there is a column the overlap can be counted along."""
    if overlap is not None and "order_by" in info.data and info.data["order_by"] is None:
        raise wrong("means nothing without order_by")
    return overlap


def key_columns(value: Any) -> tuple[str, ...]:
    """Read the name of a column, or a list of names that differ."""
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not names or not all(isinstance(name, str) for name in names):
        raise wrong('must be a column, or columns in brackets, such as ["site", "id"]')
    if not all(name.strip() for name in names) or len(set(names)) < len(names):
        raise wrong("names a column that is empty or there twice")
    return tuple(names)


KeyColumns = Annotated[
    tuple[str, ...],
    PlainValidator(key_columns),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "minLength": 1},
                {"type": "array", "items": {"type": "string"}, "minItems": 1},
            ]
        }
    ),
]


class ReadingSettings(BaseModel):
    """How kind, themes and access are read; how names are spelt makes no difference."""

    model_config = TABLE

    kind_categories: dict[Text, Kind] = {}
    """Category or tag of the entry = kind."""
    kind_title_prefixes: dict[Text, Kind] = {}
    """Beginning of the title, such as "[Podcast]" = kind; it is taken off the title."""
    kind_link_paths: dict[Text, Kind] = {}
    """Part of the link's path = kind."""
    kind_link_suffixes: dict[Text, Kind] = {}
    """Ending of the link's path, such as ".pdf" = kind."""
    default_kind: Kind = Kind.ARTICLE
    """The kind of everything that nothing else tells."""
    theme_categories: dict[Text, Text] = {}
    """Category or tag of the entry = theme; an entry that has several keeps all their themes."""
    theme_category_prefix: Text | None = None
    """Categories that begin with this name the theme in what follows."""
    theme_link_paths: dict[Text, Text] = {}
    """Part of the link's path = theme."""
    default_theme: Text | None = None
    """The theme of everything that nothing else tells."""
    sign_in_categories: tuple[Text, ...] = ()
    """Categories of aids that only people who are signed in can open."""
    sign_in_title_prefixes: tuple[Text, ...] = ()
    """Beginnings of their titles."""
    sign_in_link_paths: tuple[Text, ...] = ()
    """Parts of their links' paths."""


Language = Literal["en", "es"] | None


class FeedSettings(BaseModel):
    """A source that is a feed: RSS, Atom or JSON Feed."""

    model_config = TABLE

    kind: Literal["feed"]
    url: Annotated[PublicUrl, Field(repr=False)]
    """The feed's address."""
    timezone: TimeZone | None = None
    """The time zone of dates that name none; UTC if it is not said."""
    every: Interval = timedelta(minutes=15)
    """How often it is looked at."""
    language: Language = None
    """The language of its aids: en or es; their own words tell it if it is not said."""
    settle: Duration | None = None
    """How long an aid stands there at the least before it is announced, so that it can still be mended."""
    only: Only = None
    """Only aids that have any of these are announced; the others are recorded, and skipped."""
    without: Without = None
    """Aids that have any of these are not announced, whatever else they have."""
    reading: ReadingSettings = Field(default_factory=ReadingSettings)
    brake: BrakeSettings = Field(default_factory=BrakeSettings)


class ColumnSettings(BaseModel):
    """Which column of the table holds what."""

    model_config = TABLE

    title: Text
    link: Text
    summary: Text | None = None
    short: Text | None = None
    language: Text | None = None
    kind: Text | None = None
    theme: Text | None = None
    access: Text | None = None
    image: Text | None = None
    alt: Text | None = None
    published: Text | None = None
    event: Text | None = None
    expires: Text | None = None


class DatabaseSettings(BaseModel):
    """A source that is a table or view in somebody's database; it is only ever read."""

    model_config = TABLE

    kind: Literal["database"]
    url: DatabaseUrl
    """The database's URL; a relative SQLite file is meant from this file's folder."""
    schema_name: Annotated[Text | None, Field(alias="schema")] = None
    """The schema the table is in, where it is not the usual one."""
    table: Text
    """The table or view."""
    key: KeyColumns
    """The column that tells rows apart and never changes; or the columns that do together."""
    columns: ColumnSettings
    filter: Text | None = None
    """An SQL condition; rows that do not fulfil it are not there."""
    order_by: Text | None = None
    """A column that grows with every new row: a large table is read from its end."""
    overlap: Annotated[Overlap | None, AfterValidator(along_an_order)] = None
    """How far behind the last row seen late rows are caught: a number, or a duration for a time column."""
    updated: Text | None = None
    """The column that tells when a row was last changed."""
    timezone: TimeZone | None = None
    """The time zone of times that name none; the programme's if it is not said."""
    every: Interval = timedelta(minutes=5)
    """How often it is looked at."""
    language: Language = None
    """The language of its aids: en or es; their own words tell it if it is not said."""
    settle: Duration | None = None
    """How long an aid stands there at the least before it is announced, so that it can still be mended."""
    only: Only = None
    """Only aids that have any of these are announced; the others are recorded, and skipped."""
    without: Without = None
    """Aids that have any of these are not announced, whatever else they have."""
    reading: ReadingSettings = Field(default_factory=ReadingSettings)
    brake: BrakeSettings = Field(default_factory=BrakeSettings)


SourceSettings = Annotated[FeedSettings | DatabaseSettings, Field(discriminator="kind")]
