"""What the ledger hands out: frozen values, one for each kind of row, and what is written back."""
