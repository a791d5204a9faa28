"""Rooms of the training commands; nothing in `assistant` imports them."""
