"""Chinese: what is said where another assistant could not help (`languages.links.LinkTexts`)."""

_WHY = {
    "away": "连不上 Home Assistant，什么都没有做。",
    "rejected": "Home Assistant 不认我的令牌，什么都没有做。",
    "busy": "现在问 Home Assistant 的太多了，我没有问。",
    "timeout": "Home Assistant 没有及时回答，不知道做了没有。",
    "lost": "和 Home Assistant 的连接断了，不知道做了没有。",
    "malformed": "听不懂 Home Assistant 的回答，不知道做了没有。",
    "too_long": "听不懂 Home Assistant 的回答，不知道做了没有。",
}


def elsewhere(code: str, names: str) -> str:
    """See `LinkTexts.elsewhere`."""
    if code == "partly":
        return f"没有全部做好：{names or '有的'}没成功。"
    if code == "failed":
        return f"没有做成：{names or '它'}没成功。"
    return _WHY.get(code, "Home Assistant 做不了这个。")
