"""The kinds of request that `spreadsheets.batchUpdate` takes, a module per subject."""
