"""Listening: what a stream of frames becomes before the brain hears of it."""
