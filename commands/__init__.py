"""What the `aduan` command is made of; `aduan.py` puts it together."""
