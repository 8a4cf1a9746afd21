"""Talk to the networks: a post goes out, a receipt or an error that says what it proves comes back."""
