"""Outside channels: what they deliver is read here, and what reporters are told is sent here."""
