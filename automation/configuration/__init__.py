"""What staff set in the spreadsheet, checked on each read."""
