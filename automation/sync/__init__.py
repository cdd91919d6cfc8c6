"""Register and store in agreement: reading rows, deciding what to write, healing what moved."""
