"""English: what is said where another assistant could not help (`languages.links.LinkTexts`)."""

_WHY = {
    "away": "I cannot reach Home Assistant, so nothing was done.",
    "rejected": "Home Assistant refuses my token, so nothing was done.",
    "busy": "Too much is being asked of Home Assistant at the moment, so I did not ask.",
    "timeout": "Home Assistant did not answer in time. I do not know whether it was done.",
    "lost": "The connection to Home Assistant broke off. I do not know whether it was done.",
    "malformed": "I do not understand what Home Assistant answered. I do not know whether it was done.",
    "too_long": "I do not understand what Home Assistant answered. I do not know whether it was done.",
}


def elsewhere(code: str, names: str) -> str:
    """See `LinkTexts.elsewhere`."""
    if code == "partly":
        return f"Not all of it was done: {names or 'something'} failed."
    if code == "failed":
        return f"It was not done: {names or 'it'} failed."
    return _WHY.get(code, "Home Assistant could not do that.")
