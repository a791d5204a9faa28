"""Chinese: what is said of tools, and how a command begins."""

POLITE = ("请", "麻烦你", "麻烦", "帮我", "帮忙", "给我", "替我", "你能不能", "你能", "你可以", "可不可以", "可以", "能不能",
          "能", "现在", "那么", "那", "你", "嗯", "呃", "好的", "好", "然后", "再", "就", "我要你", "我想让你", "，",
          " ")  # fmt: skip
POLITE_ENDS = ("好吗", "可以吗", "行吗", "好不好", "吧", "谢谢", "一下", "，", " ")
OBJECT_FIRST = ("把", "将", "给", "让")
NEGATIONS = ("不要", "别", "不用", "没", "不能", "不许", "不")
YES = ("是", "是的", "对", "对的", "好", "好的", "好啊", "可以", "行", "确认", "嗯", "要", "没错", "当然", "执行")
NO = ("不", "不要", "不用", "不了", "不是", "算了", "取消", "别", "停", "不行", "不用了", "不要了", "先不要")
not_now = "好的，那就不做了。"
again = "我没有完全听懂，所以没有做。请再说一遍。"
cut = "还有更多，我就不说了。"
joint = "，"


def ask(title: str, values: str) -> str:
    """See `ToolTexts.ask`."""
    return f"要{title}吗：{values}？" if values else f"要{title}吗？"


def ask_pin(title: str, values: str) -> str:
    """See `ToolTexts.ask_pin`."""
    return f"{title}{f'（{values}）' if values else ''}需要密码。密码是多少？"


def done(title: str) -> str:
    """See `ToolTexts.done`."""
    return f"完成：{title}。"


def refused(title: str, why: str) -> str:
    """See `ToolTexts.refused`."""
    return f"没有{title}。{why}"


def failed(title: str) -> str:
    """See `ToolTexts.failed`."""
    return f"没有成功：{title}。"


def timeout(title: str, changes: bool) -> str:
    """See `ToolTexts.timeout`."""
    return f"没有及时得到回答，所以不知道是否完成：{title}。" if changes else f"没有及时得到回答：{title}。"
