"""Turn a TOML file into frozen values, or name every mistake in it with its line.

``load_config`` is the door, ``load_partial_config`` the one for emergencies; ``Config`` and the settings it
holds are what comes out; ``reading_of`` and ``secrets_of`` give what other rooms need from them.
"""
