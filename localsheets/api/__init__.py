"""Sheets v4 over HTTP: addresses, and the shapes of answers."""
