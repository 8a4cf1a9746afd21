"""X: posts, receipts, timelines and what its answers prove, by tweepy."""
