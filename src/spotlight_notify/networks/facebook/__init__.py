"""Facebook Pages: posts, receipts, timelines and what Graph's answers prove, by facebook-sdk."""
