"""Let small worlds go by, each from one seed: real use cases on a real ledger, all else simulated."""
