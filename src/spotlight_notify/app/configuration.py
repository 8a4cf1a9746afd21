"""Read configurations that may name any network there is."""

from functools import partial

from spotlight_notify.config import loading, partial_config, schema
from spotlight_notify.networks.registry import KINDS

load_config = partial(loading.load_config, kinds=KINDS)
load_partial_config = partial(partial_config.load_partial_config, kinds=KINDS)
schema_text = partial(schema.schema_text, kinds=KINDS)
