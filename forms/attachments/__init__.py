"""
Files that people send as evidence: what is taken, and the checks before anything is kept.

Whoever wants to check a file calls `check` in `checking`; what may crash or grow without bound runs in a child process.
"""
