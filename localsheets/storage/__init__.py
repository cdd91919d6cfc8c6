"""Where spreadsheets are kept: SQLite, snapshots for readers, drafts for writers, history."""
