"""Who is told what and when, and by which channel."""
