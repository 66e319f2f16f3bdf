"""Frames to words: numbers, marks, the catalogue of sentences, and what is told."""
