"""What can be done to a draft of a spreadsheet, whoever asks for it."""
