"""Ask who changes something, and why: both go on record."""

import getpass

import click

by_option = click.option("--by", "who", default=getpass.getuser, help="Who says so; your login if not said.")
reason_option = click.option("--reason", required=True, help="Why; it goes on record.")
