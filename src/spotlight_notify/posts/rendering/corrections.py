"""Write corrections: what stands under a post that was wrong."""

from spotlight_notify.model.campaigns import Campaign
from spotlight_notify.model.errors import Refused, TemplateError
from spotlight_notify.model.posts import Post
from spotlight_notify.model.words import Network
from spotlight_notify.posts.rendering.gate import gate
from spotlight_notify.posts.templates.fields import correction_fields
from spotlight_notify.posts.templates.layouts import Templates
from spotlight_notify.posts.templates.limits import LIMITS, NAMES, measure
from spotlight_notify.text.invisible import in_one_line


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
    size, limit = measure(written, network), LIMITS[network]
    if size > limit:
        raise Refused(
            f"the correction is {size} long with its link and hashtag, and {NAMES[network]} takes {limit}: "
            f"shorten it by {size - limit}; it is never cut"
        )
    post = Post(text=written, link=link)
    gate(post, campaign.hashtag, network)
    return post
