"""Exchange: an office's old register in, everything out, and one office's register into another's empty one."""
