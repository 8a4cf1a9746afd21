"""The tables of a configuration file: one model each, in the file's own words."""

from datetime import timedelta
from functools import cache, reduce
from operator import or_
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    SecretStr,
    StrictBool,
    StrictInt,
    ValidationInfo,
    WithJsonSchema,
    create_model,
)

from spotlight_notify.config.channel_settings import ChannelSettings, Kinds
from spotlight_notify.config.database_urls import LedgerUrl
from spotlight_notify.config.hours_settings import ApprovalSettings, CampaignHoursSettings
from spotlight_notify.config.lint_settings import LintSettings
from spotlight_notify.config.source_settings import Only, SourceSettings, Without
from spotlight_notify.config.times import Duration, TimeZone
from spotlight_notify.config.urls import Contact, Domain, Origin, PublicUrl, trial_only
from spotlight_notify.config.validation import TABLE, context_of, wrong
from spotlight_notify.config.words import (
    Hashtag,
    KnownChannel,
    KnownSource,
    Name,
    SourceName,
    Text,
    TrackingName,
    TrackingValue,
    each_once,
    not_empty,
)
from spotlight_notify.model.words import Kind
from spotlight_notify.rules.retry import LONGEST_TRY
from spotlight_notify.text.links import usable_link

LONGEST_ALT = 1_000
"""X takes no longer alt text (OpenAPI 2.167); Graph documents no limit."""


def alt_text(words: str) -> str:
    """Check words for a picture: there, and no longer than networks take."""
    if not words.strip():
        raise wrong("must not be empty")
    if len(words) > LONGEST_ALT:
        raise wrong(f"must be at most {LONGEST_ALT} characters long; about 250 are best")
    return words


AltText = Annotated[str, AfterValidator(alt_text)]


class LinkSettings(BaseModel):
    """How links are checked before a post is sent."""

    model_config = TABLE

    check: StrictBool = True
    """Ask the link before each post whether it answers."""
    domains: Annotated[tuple[Domain, ...], AfterValidator(each_once)] = ()
    """The only domains that links may lead to, redirects followed; empty: any but link shorteners."""
    cached_for: Duration = timedelta(hours=1)
    """How long the answer of one link is believed."""
    event_pages: Annotated[tuple[Kind, ...], AfterValidator(each_once)] = ()
    """Kinds of aids whose pages may say when they begin (schema.org), where their source does not."""


class PictureSettings(BaseModel):
    """Where pictures come from when a source gives none."""

    model_config = TABLE

    from_page: Annotated[tuple[Kind, ...], AfterValidator(each_once)] = (Kind.POSTER,)
    """Kinds of aids that get the picture which their page names for cards (og:image)."""
    from_pdf: StrictBool = True
    """Make one from the first page, when the aid is a PDF."""


class ThemeSettings(BaseModel):
    """More about a theme."""

    model_config = TABLE

    hashtag: Hashtag | None = None
    """The theme's own hashtag, for campaigns with theme_hashtags."""
    link: PublicUrl | None = None
    """The theme's page: where a digest of several aids leads."""


def picture_address(address: str) -> str:
    """Check the address of a picture, or of an aid."""
    if usable_link(address) != address:
        raise wrong("must be the whole address of a picture or of an aid, beginning with https:// or http://")
    return address


Themes = dict[Text, ThemeSettings]
AltTexts = dict[Annotated[Text, AfterValidator(picture_address)], AltText]
Summaries = dict[Annotated[Text, AfterValidator(picture_address)], Text]
"""Short summaries by the address of the aid, for posts in which the aid's own has no room."""


LEDGER = "sqlite:///spotlight.sqlite3"


def folder(value: Any, info: ValidationInfo) -> Path:
    """Read a folder, meant from the configuration file's own, and check that it is there."""
    if not isinstance(value, str | Path):
        raise wrong("must be the path of a folder, in quotation marks")
    around = context_of(info)
    path = around.folder / value if around else Path(value)
    try:
        there = path.is_dir()
    except (OSError, ValueError):
        there = False
    if not there:
        raise wrong("there is no such folder (a relative path is meant from this file's folder)")
    return path


Folder = Annotated[Path, PlainValidator(folder), WithJsonSchema({"type": "string"})]


def at_least_base(cap: timedelta, info: ValidationInfo) -> timedelta:
    """Check that the longest wait is not shorter than the first."""
    if cap < info.data.get("backoff_base", cap):
        raise wrong("must not be shorter than backoff_base")
    return cap


def long_enough(lease: timedelta, info: ValidationInfo) -> timedelta:
    """Check that four pictures fit into a lease; only a trial with the sandbox may have shorter ones."""
    around = context_of(info)
    if lease < LONGEST_TRY and not (around and around.allow_private):
        raise wrong('must be at least "14m": a post with four pictures may take as long, by the time limits')
    return lease


class ProgrammeSettings(BaseModel):
    """Whose announcements these are."""

    model_config = TABLE

    name: Text
    """The programme's name, as people see it."""
    timezone: TimeZone = ZoneInfo("UTC")
    """The time zone that times of day are meant in."""


class LedgerSettings(BaseModel):
    """Where the record is kept."""

    # The default needs the file's folder too, so it is checked like a value from the file.
    model_config = TABLE | ConfigDict(revalidate_instances="always")

    url: Annotated[LedgerUrl, Field(json_schema_extra={"default": LEDGER})] = SecretStr(LEDGER)
    """SQLite in a file (a relative one is meant from this file's folder), or PostgreSQL."""


class WireSettings(BaseModel):
    """How the program goes out to the network."""

    model_config = TABLE

    allow_private_addresses: StrictBool = False
    """Let sources and networks be on this machine or in a private network: for tests only."""
    reroute: Annotated[dict[Domain, Origin], AfterValidator(trial_only)] = {}
    """Domain = "host:port" that is asked instead, in plain http: for a trial with the sandbox only."""
    contact: Contact | None = None
    """A web or mail address that site owners can turn to; sent along as part of the User-Agent."""


class DeliverySettings(BaseModel):
    """How patiently deliveries are tried."""

    model_config = TABLE

    lease: Annotated[Duration, AfterValidator(long_enough)] = timedelta(minutes=15)
    """How long one attempt, pictures and all, may take before its outcome counts as unknown."""
    looks_apart: Duration = timedelta(minutes=2)
    """How far apart two looks must lie that prove an unsure post absent; timelines may lag."""
    max_tries: Annotated[StrictInt, Field(ge=1, le=1000)] = 48
    """How often an unreachable network is tried before the delivery counts as failed: 48 is about a day."""
    backoff_base: Duration = timedelta(seconds=30)
    """How long to wait after the first attempt that failed; it doubles from there."""
    backoff_cap: Annotated[Duration, AfterValidator(at_least_base)] = timedelta(hours=1)
    """The longest wait between two attempts."""


class TemplateSettings(BaseModel):
    """Where the post templates are, when they are your own."""

    model_config = TABLE

    folder: Folder | None = None
    """A folder of post templates; without it the ones that come with the program are used."""


class CampaignSettings(BaseModel):
    """Which sources are announced on which channels, under which hashtag."""

    model_config = TABLE

    sources: Annotated[tuple[KnownSource, ...], AfterValidator(each_once)]
    channels: Annotated[tuple[KnownChannel, ...], AfterValidator(not_empty), AfterValidator(each_once)]
    hashtag: Hashtag
    only: Only = None
    """Only aids that have any of these are announced; the others are recorded, and skipped."""
    without: Without = None
    """Aids that have any of these are not announced, whatever else they have."""
    theme_hashtags: StrictBool = False
    """Put the theme's own hashtag beside the campaign's, where [themes] names one."""
    tracking: dict[TrackingName, TrackingValue] = {}
    """Parameters such as utm_source that are added to links below own_domains."""
    own_domains: Annotated[tuple[Domain, ...], AfterValidator(each_once)] = ()
    """The domains whose links get the tracking parameters."""
    hours: CampaignHoursSettings = Field(default_factory=CampaignHoursSettings)
    approval: ApprovalSettings = Field(default_factory=ApprovalSettings)


class Document(BaseModel):
    """A whole configuration file."""

    model_config = TABLE

    programme: ProgrammeSettings
    ledger: LedgerSettings = Field(default_factory=LedgerSettings)
    wire: WireSettings = Field(default_factory=WireSettings)
    delivery: DeliverySettings = Field(default_factory=DeliverySettings)
    templates: TemplateSettings = Field(default_factory=TemplateSettings)
    lint: LintSettings = Field(default_factory=LintSettings)
    links: LinkSettings = Field(default_factory=LinkSettings)
    pictures: PictureSettings = Field(default_factory=PictureSettings)
    themes: Themes = Field(default_factory=dict)
    alt_texts: AltTexts = Field(default_factory=dict)
    summaries: Summaries = Field(default_factory=dict)
    sources: dict[SourceName, SourceSettings] = Field(default_factory=dict)
    channels: Annotated[dict[Name, ChannelSettings], AfterValidator(not_empty)]
    campaigns: Annotated[dict[Name, CampaignSettings], AfterValidator(not_empty)]


@cache
def document_of(kinds: Kinds) -> type[Document]:
    """Return the model of a whole file whose channels may be of these kinds."""
    any_kind: Any = Annotated[reduce(or_, kinds), Field(discriminator="network")]
    channels = Annotated[dict[Name, any_kind], AfterValidator(not_empty)]
    return create_model("Document", __doc__=Document.__doc__, __base__=Document, channels=channels)
