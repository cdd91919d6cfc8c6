"""Formulas: reading and adjusting their text, and having them calculated by IronCalc in a child process."""
