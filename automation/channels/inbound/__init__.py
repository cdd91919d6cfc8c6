"""What channels deliver, read into updates: bytes of strangers in, never an error out."""
