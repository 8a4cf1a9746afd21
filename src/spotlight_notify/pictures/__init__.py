"""Fetch pictures, and PDFs whose first page becomes one, and clean them so that every network takes them."""
