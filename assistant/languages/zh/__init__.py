"""Chinese (Mandarin, simplified)."""

from datetime import datetime

from assistant.languages import Language, Texts

_DAYS = "一二三四五六日"


def _time(now: datetime) -> str:
    part = "凌晨" if now.hour < 6 else "上午" if now.hour < 12 else "下午" if now.hour < 18 else "晚上"
    hour = now.hour % 12 or 12
    return f"现在是{part}{hour}点{now.minute}分。" if now.minute else f"现在是{part}{hour}点整。"


def _date(now: datetime) -> str:
    return f"今天是{now.year}年{now.month}月{now.day}日，星期{_DAYS[now.weekday()]}。"


def _knows(name: str, value: str) -> str:
    if name.startswith("记事"):
        return f"你告诉过我：{value}。"
    return f"你住在{value}。" if name == "城市" else f"你的{name}是{value}。"


def _from_document(name: str, page: int) -> str:
    return f"出自《{name}》{f'第{page}页' if page else ''}。"


LANGUAGE = Language(
    code="zh",
    intents="zh-CN",
    texts=Texts(
        apology="对不起，出了点问题。",
        empty_reply="这个我答不上来。",
        go_on_offer="要我继续吗？",
        go_on_request="请接着刚才的继续说。",
        go_on_declined="好的。",
        too_long="这句话太长了，请分开说。",
        silent_microphone="我什么也听不到。麦克风是不是关掉了，或者静音了？",
        nothing_to_repeat="我还什么都没说呢。",
        spelled=lambda letters: f"{'，'.join(letters)}。",
        only_letters="我只能拼用字母写的词。",
        nothing_to_forget="我没有记住这样的事。",
        forgot="我已经忘记了。",
        forgot_all="关于你的一切我都忘记了。",
        knows_nothing="我还没有记住关于你的事。",
        knows=_knows,
        slot_names={
            "name": "名字",
            "city": "城市",
            "job": "工作",
            "language": "语言",
            "style": "回答方式",
            "units": "单位",
            "task": "任务",
            **{f"note {number}": f"记事{number}" for number in range(1, 9)},
        },
        cannot="我现在还不能{what}。以后可以在 config.yaml 的 {section} 部分接入。",
        time=_time,
        date=_date,
        from_document=_from_document,
        not_in_documents="文档里没有说。",
        areas={
            "home": "控制家里的设备",
            "state": "查看家里的设备",
            "climate": "控制空调和暖气",
            "media": "播放或控制媒体",
            "timers": "以后再执行命令",
            "lists": "这样改清单",
            "weather": "查看天气",
            "broadcast": "发布广播",
        },
    ),
    rooms=tuple(
        [
            "客厅",
            "卧室",
            "厨房",
            "卫生间",
            "浴室",
            "书房",
            "餐厅",
            "阳台",
            "走廊",
            "车库",
            "花园",
            "主卧",
            "次卧",
            "儿童房",
            "玄关",
            "办公室",
            "地下室",
        ]
    ),
    things=tuple(
        [
            "灯",
            "台灯",
            "吊灯",
            "风扇",
            "电视",
            "空调",
            "窗帘",
            "窗户",
            "门",
            "大门",
            "车库门",
            "插座",
            "开关",
            "音箱",
            "加湿器",
            "暖气",
            "扫地机器人",
            "洗衣机",
            "热水器",
            "锁",
        ]
    ),
)
