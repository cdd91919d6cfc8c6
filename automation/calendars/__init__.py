"""Working time: how deadlines are counted, and how that is told."""
