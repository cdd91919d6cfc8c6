"""How is the office doing? Figures, the reports made of them, and what would have been under other rules."""
