"""Models behind a URL: one file per tier, that is per way of asking a server for the probabilities of an answer's tokens."""
