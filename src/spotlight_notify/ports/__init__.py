"""Name the parts the use cases need, and what each of them guarantees."""
