"""Write posts: one aid's, or one of several aids of a theme."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from spotlight_notify.model.aids import Aid, Image, Theme
from spotlight_notify.model.campaigns import Campaign
from spotlight_notify.model.errors import Refused, TemplateError
from spotlight_notify.model.posts import Post
from spotlight_notify.model.words import Network
from spotlight_notify.posts.rendering.digests import fullest_digest
from spotlight_notify.posts.rendering.gate import gate
from spotlight_notify.posts.rendering.tags import theme_hashtag, theme_named, title_without, without
from spotlight_notify.posts.rendering.truncation import barest, fullest, in_sight
from spotlight_notify.posts.templates.fields import Fields, digest_fields, fields_of, listed
from spotlight_notify.posts.templates.layouts import Layout, Templates
from spotlight_notify.posts.templates.limits import LIMITS, NAMES, measure
from spotlight_notify.text.html import plain_title
from spotlight_notify.text.shortening import MAX_TITLE
from spotlight_notify.text.tracking import tracked

MAX_IMAGES = 4
"""X takes no more in one post."""


def render(
    templates: Templates, themes: Mapping[str, Theme], aid: Aid, campaign: Campaign, network: Network
) -> Post:
    """Write an aid's post for a network.

    Fields that the layout names are cut shorter until the post fits; title, link and hashtag are in it
    whole. The hashtag is in it once: it is taken out of the aid's words, or only its sign within a sentence.
    Images with a trouble, or without words that networks take, are left out. The post has passed ``gate``.
    Raises Refused with a sentence for a person when the aid lacks something, nothing fits, or the template
    fails.
    """
    layout = templates.layouts[network]
    told = replace(
        aid,
        title=title_without(campaign.hashtag, aid.title),
        link=tracked(_link_of(aid), campaign.tracking, campaign.own_domains),
        theme=without(campaign.hashtag, aid.theme or ""),
        summary=without(campaign.hashtag, in_sight(aid.summary, "summary", layout, network)),
    )
    tag = theme_hashtag(theme_named(themes, aid.theme), campaign, f"{told.title}\n{told.summary}")
    fields = fields_of(told, campaign.hashtag, tag)
    try:
        text = _fitted(layout, told, fields, network)
    except TemplateError as error:
        raise Refused(f"the template failed on this aid: {error}") from error
    if told.title not in text:
        raise Refused("the template changed the title; it must be in the post as it is")
    return _passed(text, fields, _shown(aid.images), campaign, network)


def render_digest(
    templates: Templates, theme: Theme, aids: Sequence[Aid], campaign: Campaign, network: Network
) -> Post:
    """Write one post for several aids of a theme, in the order given: oldest first.

    It has the theme's name, as many whole titles as fit, how many more there are, and one link: the theme's,
    or the one that all the aids share. The post has passed ``gate``. Raises Refused like ``render``.
    """
    link = tracked(_page_of(theme, aids), campaign.tracking, campaign.own_domains)
    told = [replace(aid, title=title_without(campaign.hashtag, aid.title)) for aid in aids]
    titled = [listed(aid) for aid in told if aid.title]
    if not titled:
        raise Refused("none of the aids has a title; give them titles at their source")
    tag = theme_hashtag(theme, campaign, "\n".join((theme.name, *(aid.title for aid in titled))))
    name = without(campaign.hashtag, theme.name)
    fields = digest_fields(name, titled, link, campaign.hashtag, tag) | {"count": len(aids)}
    try:
        text = _fitted_digest(templates.layouts[network], fields, network)
    except TemplateError as error:
        raise Refused(f"the template failed on this digest: {error}") from error
    return _passed(text, fields, (), campaign, network)


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


def _shown(images: tuple[Image, ...]) -> tuple[Image, ...]:
    """Choose the images that may be posted, with their words as they go out."""
    told = (replace(image, alt=plain_title(image.alt or "")) for image in images if not image.trouble)
    return tuple(image for image in told if 0 < len(image.alt or "") <= MAX_TITLE)[:MAX_IMAGES]


def _fitted(layout: Layout, aid: Aid, fields: Fields, network: Network) -> str:
    def fits(tried: Fields) -> bool:
        return measure(layout.write(aid.kind, tried), network) <= LIMITS[network]

    found = fullest(fields, layout, network, fits)
    if found is None:
        least = measure(layout.write(aid.kind, barest(fields, layout)), network)
        raise Refused(
            f"with nothing but what must be in it the post is {least} long, and {NAMES[network]} takes "
            f"{LIMITS[network]}: shorten the title at its source, or post this aid by hand"
        )
    return layout.write(aid.kind, found)


def _fitted_digest(layout: Layout, fields: Fields, network: Network) -> str:
    def fits(tried: Fields) -> bool:
        return measure(layout.write_digest(tried), network) <= LIMITS[network]

    found = fullest_digest(fields, layout, network, fits)
    if found is None:
        raise Refused(
            f"not one of the {fields['count']} titles fits into a digest beside the theme's name, and "
            f"{NAMES[network]} takes {LIMITS[network]}: announce these aids one by one"
        )
    return layout.write_digest(found)
