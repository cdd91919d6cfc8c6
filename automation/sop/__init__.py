"""Both procedures, their states and acts, as data and as decisions."""
