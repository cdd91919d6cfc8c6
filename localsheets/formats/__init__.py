"""What a typed text means, and how a value is shown, in every locale."""
