"""Write posts: for one aid, for several aids of a theme, or to correct one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from spotlight_notify.model.aids import Aid, Image, Theme
from spotlight_notify.model.campaigns import Campaign
from spotlight_notify.model.errors import Refused, TemplateError
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Post
from spotlight_notify.posts.rendering.gate import gate
from spotlight_notify.posts.rendering.truncation import barest, fullest, fullest_digest, in_sight
from spotlight_notify.posts.templates.fields import (
    Fields,
    correction_fields,
    digest_fields,
    fields_of,
    listed,
)
from spotlight_notify.posts.templates.forms import without_kind
from spotlight_notify.posts.templates.layouts import Layout, Templates
from spotlight_notify.text.alt_texts import alt_within
from spotlight_notify.text.entities import hashtags
from spotlight_notify.text.invisible import in_one_line
from spotlight_notify.text.language import ENGLISH, language_of
from spotlight_notify.text.links import normalised_link, tracked
from spotlight_notify.text.names import find_theme
from spotlight_notify.text.press import press_text

NOTHING_SAID: Mapping[str, str] = MappingProxyType({})
_SIGNS = "#＃"
_LEADS = " \t\n|–—·•:,-"
"""What may stand between a text and the hashtag at its end."""


def render(
    templates: Templates,
    themes: Mapping[str, Theme],
    aid: Aid,
    campaign: Campaign,
    network: Network,
    *,
    languages: Mapping[str, str] = NOTHING_SAID,
    summaries: Mapping[str, str] = NOTHING_SAID,
) -> Post:
    """Write an aid's post for a network, in its own language, its source's (``languages``), or as it reads.

    ``summaries``: short ones by an aid's normalised link, for posts in which its own has no room.

    Fields that the layout names are cut shorter until the post fits; title, link and hashtag are in it
    whole. The hashtag is in it once: it is taken out of the aid's words, or only its sign within a sentence.
    Images with a trouble, or without words that networks take, are left out. The post has passed ``gate``.
    Raises Refused with a sentence for a person when the aid lacks something, nothing fits, or the template
    fails.
    """
    layout = templates.layouts[network]
    said = press_text(aid.title, aid.summary)
    told = replace(
        aid,
        title=without_kind(title_without(campaign.hashtag, said.title), aid.kind),
        link=tracked(_link_of(aid), campaign.tracking, campaign.own_domains),
        theme=without(campaign.hashtag, aid.theme or ""),
        summary=without(campaign.hashtag, in_sight(said.summary, "summary", layout, network)),
    )
    tag = theme_hashtag(find_theme(themes, aid.theme), campaign, f"{told.title}\n{told.summary}")
    language = _language_of(aid, languages)
    fields = fields_of(told, campaign.hashtag, tag, language=language)
    try:
        text = _fitted(layout, told, fields, network)
        if told.summary not in text and (short := _short_summary(aid, summaries)):
            text = _fitted(layout, told, fields | {"summary": without(campaign.hashtag, short)}, network)
    except TemplateError as error:
        raise Refused(f"the template failed on this aid: {error}") from error
    if told.title not in text:
        raise Refused("the template changed the title; it must be in the post as it is")
    return _passed(text, fields, _shown(aid.images, network), campaign, network)


def render_digest(
    templates: Templates,
    theme: Theme,
    aids: Sequence[Aid],
    campaign: Campaign,
    network: Network,
    *,
    languages: Mapping[str, str] = NOTHING_SAID,
) -> Post:
    """Write one post for several aids of a theme, in the order given: oldest first.

    It is in their language, if they all have the same (``languages``: by source).

    It has the theme's name, as many whole titles as fit, how many more there are, and one link: the theme's,
    or the one that all the aids share. The post has passed ``gate``. Raises Refused like ``render``.
    """
    link = tracked(_page_of(theme, aids), campaign.tracking, campaign.own_domains)
    told = [
        replace(aid, title=title_without(campaign.hashtag, press_text(aid.title, "").title)) for aid in aids
    ]
    titled = [listed(aid) for aid in told if aid.title]
    if not titled:
        raise Refused("none of the aids has a title; give them titles at their source")
    tag = theme_hashtag(theme, campaign, "\n".join((theme.name, *(aid.title for aid in titled))))
    name = without(campaign.hashtag, theme.name)
    spoken = {_language_of(aid, languages) for aid in aids}
    language = spoken.pop() if len(spoken) == 1 else ENGLISH
    fields = digest_fields(name, titled, link, campaign.hashtag, tag, language=language)
    fields |= {"count": len(aids)}
    try:
        text = _fitted_digest(templates.layouts[network], fields, network)
    except TemplateError as error:
        raise Refused(f"the template failed on this digest: {error}") from error
    return _passed(text, fields, (), campaign, network)


def render_correction(
    templates: Templates, text: str, link: str, campaign: Campaign, network: Network
) -> Post:
    """Write a correction with a person's own words, whole, and the link of the post that it is about.

    It has passed ``gate``; what it stands under is for the caller to say. Raises Refused when it has no
    words, is too long (nothing is cut), or the template fails or changes the words.
    """
    said = in_one_line(text)
    if not said:
        raise Refused("the correction has no words")
    try:
        written = templates.layouts[network].write_correction(correction_fields(said, link, campaign.hashtag))
    except TemplateError as error:
        raise Refused(f"the template failed on this correction: {error}") from error
    if said not in written:
        raise Refused("the template changed the correction; its words must be in the post as they are")
    size, limit = network.measure(written), network.limit
    if size > limit:
        raise Refused(
            f"the correction is {size} long with its link and hashtag, and {network.title} takes {limit}: "
            f"shorten it by {size - limit}; it is never cut"
        )
    post = Post(text=written, link=link)
    gate(post, campaign.hashtag, network)
    return post


def theme_hashtag(theme: Theme | None, campaign: Campaign, words: str) -> str | None:
    """Return the theme's hashtag if the campaign wants it; None if it is there anyway, in the words, too."""
    tag = theme.hashtag if theme and campaign.theme_hashtags else None
    if tag is None:
        return None
    there = (campaign.hashtag, *(found.text for found in hashtags(words)))
    return None if tag.casefold() in map(str.casefold, there) else tag


def without(hashtag: str, text: str) -> str:
    """Take a hashtag that the post ends with out of a text's end; within a sentence only its sign goes.

    Other hashtags may stand behind it at the end; a bar, dash or colon that led to it goes, too.
    """
    tags_begin, left = len(text), text
    for found in reversed(hashtags(text)):
        at_end = not text[found.end : tags_begin].strip()
        tags_begin = found.start if at_end else tags_begin
        if _bare(found.text) == _bare(hashtag):
            before, behind = left[: found.start], left[found.end :]
            if at_end:
                left = f"{before.rstrip(_LEADS)} {behind.lstrip()}"
            else:
                left = before.rstrip(_SIGNS) + found.text[1:] + behind
    return left.strip()


def title_without(hashtag: str, title: str) -> str:
    """Do the same with a title; of one that is nothing else the words stay, without the sign."""
    return without(hashtag, title) or title.strip().lstrip(_SIGNS)


def _passed(
    text: str, fields: Fields, images: tuple[Image, ...], campaign: Campaign, network: Network
) -> Post:
    post = Post(text=text, link=fields["link"], images=images)
    gate(post, campaign.hashtag, network)
    return post


def _link_of(aid: Aid) -> str:
    if not aid.title.strip():
        raise Refused("the aid has no title; give it one at its source")
    if not aid.link:
        raise Refused("the aid has no link that can be opened; give it one at its source")
    return aid.link


def _page_of(theme: Theme, aids: Sequence[Aid]) -> str:
    if theme.link:
        return theme.link
    links = {aid.link for aid in aids}
    common = links.pop() if len(links) == 1 else None
    if not common:
        raise Refused(
            f'the theme has no page that a digest could lead to: set link under [themes."{theme.name}"] '
            "in the configuration"
        )
    return common


def _shown(images: tuple[Image, ...], network: Network) -> tuple[Image, ...]:
    """Choose the images that may be posted, with their words as they go out."""
    told = (replace(image, alt=alt_within(image.alt or "")) for image in images if not image.trouble)
    return tuple(image for image in told if image.alt)[: network.max_pictures]


def _language_of(aid: Aid, languages: Mapping[str, str]) -> str:
    """Return an aid's language: as it is said of it, or of its source, else as its words read."""
    said = aid.language or languages.get(aid.source)
    return said or language_of(f"{aid.title}\n{aid.summary}", aid.categories)


def _short_summary(aid: Aid, summaries: Mapping[str, str]) -> str:
    """Return the short summary that somebody gave of an aid: the configuration's, else the source's."""
    configured = summaries.get(normalised_link(aid.link)) if summaries and aid.link else None
    return configured or aid.short


def _fitted(layout: Layout, aid: Aid, fields: Fields, network: Network) -> str:
    def fits(tried: Fields) -> bool:
        return network.measure(layout.write(aid.kind, tried)) <= network.limit

    found = fullest(fields, layout, network, fits)
    if found is None:
        least = network.measure(layout.write(aid.kind, barest(fields, layout)))
        raise Refused(
            f"with nothing but what must be in it the post is {least} long, and {network.title} takes "
            f"{network.limit}: shorten the title at its source, or post this aid by hand"
        )
    return layout.write(aid.kind, found)


def _fitted_digest(layout: Layout, fields: Fields, network: Network) -> str:
    def fits(tried: Fields) -> bool:
        return network.measure(layout.write_digest(tried)) <= network.limit

    found = fullest_digest(fields, layout, network, fits)
    if found is None:
        raise Refused(
            f"not one of the {fields['count']} titles fits into a digest beside the theme's name, and "
            f"{network.title} takes {network.limit}: announce these aids one by one"
        )
    return layout.write_digest(found)


def _bare(tag: str) -> str:
    return tag.lstrip(_SIGNS).casefold()
