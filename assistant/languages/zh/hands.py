"""Chinese: what is said of timers, alarms and reminders."""

from collections.abc import Sequence
from datetime import datetime

nobody_rings = "这里响不了铃：计时器和闹钟需要正在运行的助手和扬声器，请用 assistant run 启动。"
nothing_rings = "现在没有在响的。"
silenced = "好的。"
abilities = {
    "time date": "报时间和日期",
    "timers": "设计时器、闹钟和提醒",
    "lists": "记清单",
    "home": "控制家里的设备",
    "arithmetic": "算数",
    "units": "换算单位",
    "volume": "调音量",
    "tempo": "说得慢一点或快一点",
    "procedures": "一步一步地读操作步骤",
    "know": "记住你告诉我的事",
}
not_for_visitors = "这个只有家里人可以用。"
no_lists = "这里记不了清单。"
shopping = "购物"
no_volume = "这里没有扬声器，调不了音量。"
no_such_volume = "音量是百分之零到百分之一百。"
no_tempo = "这里没有语音，调不了语速。"
tempo_is = {
    "slower": "好的，我说慢一点。",
    "faster": "好的，我说快一点。",
    "usual": "现在是正常语速。",
    "slowest": "我不能说得更慢了。",
    "fastest": "我不能说得更快了。",
}
not_kept = "不过我写不了磁盘，重启以后它就没有了。"
_DAYS = "一二三四五六日"
_KINDS = {"timer": "计时器", "alarm": "闹钟", "reminder": "提醒"}
_CHANGED = {"cancelled": "取消了", "paused": "暂停了", "resumed": "继续了", "changed": "改好了"}
_UNABLE = {
    "full": "计时器、闹钟和提醒最多一百个，请先取消一些。",
    "short": "太短了，计时器至少要一秒。",
    "long": "太长了，计时器最长七天。可以改用闹钟或提醒。",
    "past": "这个时间已经过了。",
    "far": "太远了，我最多记一年以内的。",
    "clock": "我还不知道现在几点，没法设置。计时器可以用。",
}
_EXAMPLES = {"timer": "十分钟", "alarm": "明天早上七点", "reminder": "六点，或者十分钟后"}


def can(abilities: Sequence[str]) -> str:
    """See `HandTexts.can`."""
    return f"我可以{'、'.join(abilities)}，还能陪你聊天。"


def list_changed(what: str, name: str, items: Sequence[str], more: int = 0) -> str:
    """See `HandTexts.list_changed`."""
    said, rest = "、".join(items), f"，还有{more}样" if more > 0 else ""
    return {
        "added": f"{name}清单上现在有{said}了。",
        "there": f"{said}本来就在{name}清单上。",
        "removed": f"{name}清单上没有{said}了。",
        "missing": f"{said}不在{name}清单上。",
        "holds": f"{name}清单上有{said}{rest}。",
        "cleared": f"{name}清单清空了。",
        "empty": f"{name}清单上什么都没有。",
        "full": "放不下了：清单满了，或者这一条太长。",
    }[what]


def volume_is(percent: int, muted: bool) -> str:
    """See `HandTexts.volume_is`."""
    return "已经静音。" if muted else f"音量现在是百分之{percent}。"


def duration(seconds: float) -> str:
    """See `HandTexts.duration`."""
    left, parts = round(seconds), []
    for size, unit in ((86_400, "天"), (3600, "小时"), (60, "分钟"), (1, "秒")):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts[:2]) or "零秒"


def when(at: datetime, now: datetime, days: str) -> str:
    """See `HandTexts.when`."""
    if days:
        on = {"0123456": "每天", "01234": "每个工作日", "56": "每个周末"}
        return f"{on.get(days, '每周' + '、'.join(_DAYS[int(day)] for day in days))}{_clock(at)}"
    ahead = (at.date() - now.date()).days
    if ahead in (0, 1, 2):
        return f"{('今天', '明天', '后天')[ahead]}{_clock(at)}"
    return f"{f'星期{_DAYS[at.weekday()]}' if 0 < ahead < 7 else f'{at.month}月{at.day}日'}{_clock(at)}"


def name(kind: str, label: str) -> str:
    """See `HandTexts.name`."""
    if kind == "reminder" and label:
        return f"“{label}”的提醒"
    return f"{label}{_KINDS[kind]}"


def set_for(kind: str, label: str, seconds: float) -> str:
    """See `HandTexts.set_for`."""
    if kind == "reminder":
        return f"{duration(seconds)}后我会提醒你{label}。"
    return f"{name(kind, label)}设好了，{duration(seconds)}。"


def set_at(kind: str, label: str, when: str) -> str:
    """See `HandTexts.set_at`."""
    if kind == "reminder":
        return f"{when}我会提醒你{label}。"
    return f"{name(kind, label)}设好了，{when}。"


def left(kind: str, label: str, seconds: float, when: str, paused: bool) -> str:
    """See `HandTexts.left`."""
    if when:
        return f"{name(kind, label)}是{when}。"
    return f"{name(kind, label)}还有{duration(seconds)}{'，现在暂停着' if paused else ''}。"


def none(kind: str) -> str:
    """See `HandTexts.none`."""
    return f"没有设{_KINDS[kind]}。" if kind else "什么都没有设。"


def none_called(kind: str, words: str, there: Sequence[str]) -> str:
    """See `HandTexts.none_called`."""
    return f"没有这样的{_KINDS[kind]}，现在有{'、'.join(list(there)[:5])}。"


def which(names: Sequence[str]) -> str:
    """See `HandTexts.which`."""
    return f"有{len(names)}个：{'、'.join(list(names)[:5])}。请说是哪一个。"


def changed(what: str, names: Sequence[str], left: str) -> str:
    """See `HandTexts.changed`."""
    shown = "、".join(names) if len(names) <= 3 else f"全部{len(names)}个"
    return f"{shown}{_CHANGED[what]}{f'，还有{left}' if left else ''}。"


def snoozed(seconds: float) -> str:
    """See `HandTexts.snoozed`."""
    return f"{duration(seconds)}后再响。"


def rings(kind: str, label: str, due: datetime | None) -> str:
    """See `HandTexts.rings`."""
    late = f"本来是{_clock(due)}的。" if due is not None else ""
    if kind == "reminder":
        return f"提醒{'：' + label if label else ''}。{late}"
    if kind == "timer":
        return f"{label}计时器时间到了。{late}"
    return f"时间到了{'：' + label if label else ''}。{late}"


def missed(kind: str, label: str, due: datetime) -> str:
    """See `HandTexts.missed`."""
    return f"你错过了{name(kind, label)}，是星期{_DAYS[due.weekday()]}{_clock(due)}的。"


def unable(why: str, kind: str) -> str:
    """See `HandTexts.unable`."""
    return none(kind) if why == "none" else _UNABLE[why]


def no_time(words: str, kind: str) -> str:
    """See `HandTexts.no_time`."""
    return f"{f'我没听懂“{words}”里的时间。' if words else ''}请带上时间再说一遍，比如{_EXAMPLES[kind]}。"


def _clock(at: datetime) -> str:
    part = "凌晨" if at.hour < 6 else "上午" if at.hour < 12 else "中午" if at.hour == 12 else "下午" if at.hour < 18 else "晚上"
    return f"{part}{at.hour % 12 or 12}点{f'{at.minute}分' if at.minute else ''}"
