"""From what a channel delivered to the updates in it: pure readers, one per channel, which never raise."""
