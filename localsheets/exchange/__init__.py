"""
Spreadsheets as files: XLSX, CSV, TSV, ODS and PDF out, XLSX and CSV in.

Everything here works on snapshots and on bytes: no HTTP, no database, no lock. What could not be kept in a format is
left out, never guessed.
"""

from localsheets.exchange.delimited import csv_text, read_csv, tsv_text

__all__ = ["csv_text", "read_csv", "tsv_text"]
