"""Chinese: sums and measures in words."""

import re

_SIGNS = (
    (r"的百分之", " of "),
    (r"的?平方", " ^ 2 "),
    (r"的?立方", " ^ 3 "),
    (r"乘以|乘上|乘|[*×]", " * "),
    (r"除以|[/÷]", " / "),
    (r"加上|加|\+", " + "),
    (r"减去|减|(?<=.)[-−]", " - "),
)
_NAMES = {
    "mm": ("毫米",), "cm": ("厘米",), "m": ("米",), "km": ("公里", "千米"), "in": ("英寸",), "ft": ("英尺",), "yd": ("码",),
    "mi": ("英里",), "li": ("里",), "chi": ("尺",), "cun": ("寸",), "mg": ("毫克",), "g": ("克",), "kg": ("公斤", "千克"),
    "t": ("吨",), "oz": ("盎司",), "lb": ("磅",), "jin": ("斤",), "liang": ("两",), "ml": ("毫升",), "l": ("升",), "gal": ("加仑",),
    "tsp": ("茶匙",), "tbsp": ("汤匙",), "cup": ("杯",), "s": ("秒", "秒钟"), "min": ("分钟",), "h": ("小时", "个小时"), "d": ("天",),
    "w": ("周", "个星期", "星期"), "kmh": ("公里每小时",), "mps": ("米每秒",), "mph": ("英里每小时",), "C": ("摄氏度", "摄氏"),
    "F": ("华氏度", "华氏"), "m2": ("平方米",), "ha": ("公顷",), "km2": ("平方公里",), "mu": ("亩",), "acre": ("英亩",),
}  # fmt: skip
units = {name: unit for unit, names in _NAMES.items() for name in names}


def operators(text: str) -> str:
    """See `Words.operators`."""
    plain = text.replace(" ", "")
    for words, sign in _SIGNS:
        plain = re.sub(words, sign, plain)
    return plain


def result(number: str, exact: bool) -> str:
    """See `Words.result`."""
    return f"{'等于' if exact else '大约等于'}{number}。"


def converted(amount: str, unit: str, number: str, other: str, exact: bool) -> str:
    """See `Words.converted`."""
    return f"{amount}{unit}{'等于' if exact else '大约等于'}{number}{other}。"


def not_by_zero() -> str:
    """See `Words.not_by_zero`."""
    return "不能除以零。"


def too_big() -> str:
    """See `Words.too_big`."""
    return "数太大了，我算不了。"


def other_kind(unit: str, other: str) -> str:
    """See `Words.other_kind`."""
    return f"{unit}不能换算成{other}。"
