"""What a spreadsheet is: cells, sheets, and everything that lies on them."""
