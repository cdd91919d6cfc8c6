"""Reports on the office's work: what is counted, what it says, and how it is set as PDF, Excel file and CSV."""
