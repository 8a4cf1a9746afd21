"""Join the parts: the one place that knows which class plays which part, reads the clock and rolls the dice.

SDKs are imported where they are built, so that a command pays only for what it uses.
"""
