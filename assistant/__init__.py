"""An offline voice assistant: wake word, recognition, dialogue and speech in one small process."""

__version__ = "0.1.0"
