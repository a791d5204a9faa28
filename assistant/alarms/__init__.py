"""Timers, alarms and reminders: what they are, when they are due, where they survive, and the book that keeps them."""
