"""What the office's figures are, and what they say: counted from the store, for reports, dashboards and open data."""
