"""Step-by-step procedures, read aloud from Markdown files (docs/procedures.md)."""
