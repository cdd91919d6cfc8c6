"""Sending by each channel: what was said comes back as an `Outcome`."""
