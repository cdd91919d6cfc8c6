"""Sending to reporters on outside channels: one sender for each, and what their refusals mean."""
