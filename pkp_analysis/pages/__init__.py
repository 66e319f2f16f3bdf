"""Sections of pages made of facts, words and charts."""
