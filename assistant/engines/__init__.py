"""Engines: one room per engine, each behind a protocol of `assistant.protocols`, imported only when chosen."""
