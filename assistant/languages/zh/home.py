"""Chinese: what is said of the home."""

from collections.abc import Mapping, Sequence

from assistant.protocols_home import Value

joint = ""
nothing_known = "我还不知道家里有什么设备，还没有连上。"
state_words = ("开", "关", "锁", "亮", "停", "播放", "启动")
declined = "好的，那就不动。"
changes_nothing = "好的，我什么都不改。"
pin = "请说密码，密码是多少？"
pin_wrong = "密码不对。密码是多少？"
no_pin = "这需要密码，但还没有设密码。请在 config.yaml 的 home.pin_file 里写明密码文件。"
no_digits = "我没有听到数字。密码是多少？"
kinds = {
    "awning": ("篷", "雨棚"), "blind": ("百叶", "卷帘"), "curtain": ("窗帘",), "door": ("门",), "garage": ("车库",),
    "gate": ("大门", "院门"),
    "shade": ("遮阳", "帘"), "shutter": ("百叶窗",), "window": ("窗户",),
}  # fmt: skip
everywhere = ("所有", "全部", "全屋", "家里", "家中", "整个")
here = ("这里", "这边", "这个房间")
all_of_them = ("全部", "所有", "都要", "都", "两个都要", "所有的", "全都要")
ordinals = (
    ("第一个", "一号", "第一", "一"),
    ("第二个", "二号", "第二", "二"),
    ("第三个", "三号", "第三", "三"),
    ("第四个", "四号", "第四", "四"),
    ("第五个", "五号", "第五", "五"),
    ("最后一个", "最后那个"),
)
yes = ("是", "是的", "好", "好的", "好啊", "可以", "行", "对", "嗯", "确认", "确定", "当然", "没错", "要", "要的")
no = ("不", "不要", "不用", "不用了", "不要了", "不是", "不行", "算了", "取消", "都不是", "不了", "别")
joints = ("和", "跟", "与", "还有", "并且", "然后")
articles = ("所有的", "所有", "全部")
negations = ("不要", "别", "不用", "不许", "不准", "请不要", "请别")
requests = ("请问", "能不能", "可不可以", "可以", "能", "请", "帮我", "麻烦", "麻烦你", "你能", "你可以", "你能不能")
request_tails = ("吗", "么")
request_ends = ("好吗", "可以吗", "行吗", "好不好", "行不行", "可不可以")
_THINGS = {
    "light": "灯", "switch": "开关", "fan": "风扇", "cover": "窗帘", "climate": "空调或暖气", "lock": "门锁",
    "media_player": "播放器",
    "vacuum": "扫地机器人", "lawn_mower": "割草机", "all": "设备",
}  # fmt: skip
_RANGES = {
    "brightness": "亮度是百分之零到百分之一百。",
    "position": "开合度是百分之零到百分之一百。",
    "speed": "风速是百分之零到百分之一百。",
    "volume": "音量是百分之零到百分之一百。",
    "temperature": "房间的温度不能设成这样。",
}
_STATES = {
    "on": "开着的", "off": "关着的", "open": "开着的", "closed": "关着的", "opening": "正在打开", "closing": "正在关闭",
    "locked": "锁着的",
    "unlocked": "没锁的", "jammed": "卡住了", "playing": "正在播放", "paused": "暂停着", "idle": "空闲的", "heat": "正在制热",
    "cool": "正在制冷",
    "not_home": "不在家", "home": "在家", "docked": "在充电座上", "cleaning": "正在打扫", "returning": "正在返回",
    "detected": "检测到了",
    "clear": "正常的", "unavailable": "联系不上", "unknown": "状态不明",
}  # fmt: skip
_DONE = {
    "turn_on": "已经打开", "turn_off": "已经关闭", "toggle": "已经切换", "open": "已经打开", "close": "已经关上",
    "stop": "已经停下", "lock": "已经锁上",
    "unlock": "已经解锁", "pause": "已经暂停", "play": "正在播放", "next": "放下一首了", "previous": "放上一首了",
    "mute": "已经静音", "unmute": "恢复声音了",
    "activate": "已经启动", "press": "已经按下", "start": "已经开始", "dock": "正在回充电座",
}  # fmt: skip
_VERBS = {
    "turn_on": "打开{}", "turn_off": "关闭{}", "toggle": "切换{}", "open": "打开{}", "close": "关上{}", "stop": "停下{}",
    "lock": "锁上{}",
    "unlock": "解锁{}", "activate": "启动{}", "press": "按下{}", "start": "启动{}", "dock": "让{}回去",
}  # fmt: skip
_COLORS = {"white": "白色", "black": "黑色", "red": "红色", "orange": "橙色", "yellow": "黄色", "green": "绿色", "blue": "蓝色",
           "purple": "紫色",
           "brown": "棕色", "pink": "粉色", "turquoise": "青色", "cyan": "青色"}  # fmt: skip


def did_you_mean(sentence: str) -> str:
    """See `HomeTexts.did_you_mean`."""
    return f"你是说“{sentence}”吗？"


def unknown(words: str, near: Sequence[str]) -> str:
    """See `HomeTexts.unknown`."""
    return f"这里没有叫“{words}”的设备。{f'有{_list(near)}。' if near else ''}"


def none_there(domain: str, area: str) -> str:
    """See `HomeTexts.none_there`."""
    return f"{area or '这里'}没有{_THINGS.get(domain, '这样的设备')}。"


def not_there(name: str, area: str, asked: str) -> str:
    """See `HomeTexts.not_there`."""
    return f"{name}不在{asked}，{f'在{area}' if area else '我不知道它在哪个房间'}。"


def contradiction(areas: Sequence[str]) -> str:
    """See `HomeTexts.contradiction`."""
    return f"你说了{_list(areas)}。请只说一个房间，再说一遍。"


def twins(name: str, area: str) -> str:
    """See `HomeTexts.twins`."""
    return f"{area}有几个设备都叫{name}。请在 config.yaml 的 home 部分给它们起不同的名字。"


def too_many(count: int) -> str:
    """See `HomeTexts.too_many`."""
    return f"一次有{count}个设备，太多了。请说一个房间。"


def out_of_range(what: str) -> str:
    """See `HomeTexts.out_of_range`."""
    return _RANGES[what]


def label(name: str, area: str) -> str:
    """See `HomeTexts.label`."""
    return f"{area}的{name}" if area else name


def things(domain: str, count: int) -> str:
    """See `HomeTexts.things`."""
    counted = {"light": "盏灯", "switch": "个开关", "fan": "个风扇", "cover": "个窗帘", "lock": "把锁"}
    return f"{count}{counted.get(domain, '个设备')}"


def one_of(area: str) -> str:
    """See `HomeTexts.one_of`."""
    return f"{area}的"


def which(labels: Sequence[str]) -> str:
    """See `HomeTexts.which`."""
    return f"是哪一个：{_list(labels, '还是')}？"


def which_room(rooms: Sequence[str]) -> str:
    """See `HomeTexts.which_room`."""
    return f"哪个房间：{_list(rooms, '还是')}？"


def shall_i(verb: str, values: Mapping[str, Value], labels: Sequence[str], domain: str) -> str:
    """See `HomeTexts.shall_i`."""
    return f"要我{_VERBS.get(verb, '改动{}').format(_some(labels, domain=domain))}吗？"


def pin_locked(seconds: float) -> str:
    """See `HomeTexts.pin_locked`."""
    return f"密码错了太多次，{max(1, round(seconds / 60))}分钟内不再接受密码。"


def done(verb: str, values: Mapping[str, Value], labels: Sequence[str], domain: str) -> str:
    """See `HomeTexts.done`."""
    return f"{_some(labels, domain=domain)}{_DONE.get(verb) or f'已经设为{_values(values)}'}。"


def not_done(outcome: str, reason: str, labels: Sequence[str], domain: str) -> str:
    """See `HomeTexts.not_done`."""
    names = _some(labels, domain=domain)
    if outcome == "refused":
        return f"不允许我改动{names}。"
    if reason == "unconfirmed" or (outcome == "timeout" and not reason):
        return f"{names}没有回应，我不知道有没有变化。"
    why = {
        "away": "联系不上，那里什么都没有改。",
        "unknown": "已经不在了。",
        "unable": "做不到这个。",
        "range": "不能设成这样。",
        "rejected": "没有接受。",
    }
    return f"{names}{why[reason]}" if reason in why else f"我没能改动{names}，出了问题。"


def no_news(labels: Sequence[str]) -> str:
    """See `HomeTexts.no_news`."""
    return f"我现在不知道{_some(labels)}的情况。"


def state(label: str, state: str, unit: str) -> str:
    """See `HomeTexts.state`."""
    if unit == "%":
        return f"{label}是百分之{state}。"
    return f"{label}{_is(state)}{_unit(unit)}。"


def state_word(state: str, unit: str) -> str:
    """See `HomeTexts.state_word`."""
    return f"{_state(state)}{_unit(unit)}"


def yes_no(yes: bool, label: str, state: str) -> str:
    """See `HomeTexts.yes_no`."""
    return f"{'是的' if yes else '不是'}，{label}现在{_is(state)}。"


def any_of(labels: Sequence[str], state: str) -> str:
    """See `HomeTexts.any_of`."""
    return f"有：{_some(labels, 5)}。" if labels else f"没有{_state(state)}。"


def all_of(others: Sequence[str], state: str, count: int) -> str:
    """See `HomeTexts.all_of`."""
    return f"不都是，{_some(others, 5)}不是。" if others else f"是的，{count}个都是{_state(state)}。"


def listed(labels: Sequence[str], state: str, counted: bool) -> str:
    """See `HomeTexts.listed`."""
    if not labels:
        return f"没有{_state(state)}。"
    return f"{f'有{len(labels)}个{_state(state)}' if counted else _state(state)}：{_some(labels, 5)}。"


def temperature(place: str, degrees: str) -> str:
    """See `HomeTexts.temperature`."""
    return f"{place}现在{degrees}度。"


def inside(area: str) -> str:
    """See `HomeTexts.inside`."""
    return area


def cannot_with(name: str) -> str:
    """See `HomeTexts.cannot_with`."""
    return f"{name}做不了这个。"


def _values(values: Mapping[str, Value]) -> str:
    said = []
    for name, value in values.items():
        number = f"{value:g}" if isinstance(value, int | float) else str(value)
        said.append(
            f"百分之{number}" if name in ("brightness", "position", "speed", "volume")
            else f"{number}度" if name == "temperature"
            else f"{number}开尔文" if name == "color_temperature"
            else _COLORS.get(number, number)
        )  # fmt: skip
    return _list(said) or "这样"


def _is(state: str) -> str:
    """A state as what a sentence says of something."""
    return f"{'' if _STATES.get(state, '').startswith(('正在', '卡', '不', '在', '联', '检')) else '是'}{_state(state)}"


def _state(state: str) -> str:
    return _STATES.get(state, state)


def _unit(unit: str) -> str:
    return {"°C": "度", "°F": "华氏度"}.get(unit, unit)


def _some(labels: Sequence[str], most: int = 3, domain: str = "") -> str:
    return _list(labels) if len(labels) <= most else things(domain, len(labels))


def _list(parts: Sequence[str], last: str = "和") -> str:
    return f"{'、'.join(parts[:-1])}{last}{parts[-1]}" if len(parts) > 1 else "".join(parts)
