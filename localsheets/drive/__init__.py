"""Drive v3 over HTTP, as far as spreadsheets need it."""
