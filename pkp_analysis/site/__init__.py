"""Executed notebooks to pages, front page and downloads."""
