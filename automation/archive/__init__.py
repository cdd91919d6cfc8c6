"""The archive: what leaves the working register and when, coming back, retention, and erasing with proof."""
