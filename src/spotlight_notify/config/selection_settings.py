"""Describe which aids a source or a campaign takes, and which it leaves out."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field

from spotlight_notify.config.tables import TABLE
from spotlight_notify.config.validation import wrong
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
    """Give what a table takes and leaves out as a rule."""
    return Selection(only=_choice_of(only), without=_choice_of(without))


def _choice_of(settings: ChoiceSettings | None) -> Choice | None:
    if settings is None:
        return None
    told: dict[str, Any] = {name: getattr(settings, name) for name in type(settings).model_fields}
    return Choice(**told)
