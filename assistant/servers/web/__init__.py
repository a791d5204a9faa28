"""The web page: static files of our own, and the routes below /page that they call. It enters at `AsyncBrain`."""
