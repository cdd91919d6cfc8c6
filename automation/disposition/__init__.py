"""Whose matter a complaint is, and how urgent: rules, the learned model, what may not be sent where."""
