# ruff: noqa: E501, SIM905 (tables of words, one row a line)
"""The Mandarin recogniser's words by kind: what fills the slots of `speech_chinese`, and numbers. Simplified, words apart by spaces."""

import random

from scripts.training import llm_words as shared

Rng = random.Random
_DIGITS = "零一二三四五六七八九"

SLOTS: dict[str, list[str]] = {
    "room": "客厅 卧室 厨房 卫生间 浴室 书房 餐厅 阳台 走廊 车库 花园 主卧 次卧 儿童房 玄关 办公室 地下室 楼上 楼下 门口 洗手间 房间".split(),
    "light": "灯 台灯 吊灯 大灯 小灯 夜灯 床头灯 落地灯 顶灯 射灯 灯带 彩灯 灯光 壁灯".split(),
    "switch": (
        "风扇 电视 空调 插座 开关 音箱 加湿器 暖气 扫地机器人 洗衣机 热水器 电脑 咖啡机 净化器 电饭锅 烤箱 微波炉 洗碗机 收音机 投影仪"
        " 路由器 摄像头 电热毯 烘干机 水壶 游戏机 打印机"
    ).split(),
    "cover": "窗帘 窗户 门 大门 车库门 百叶窗 卷帘 遮阳篷 天窗 纱窗 阳台门".split(),
    "lock": "门 大门 前门 后门 门锁 房门 车库 保险箱".split(),
    "colour": [*shared.ZH_COLOURS, "暖色", "白光", "彩色"],
    "scene": "睡眠 观影 回家 离家 阅读 聚会 晚餐 起床 度假 浪漫 工作 安静".split(),
    "mode": "制冷 制热 除湿 送风 自动 睡眠 静音 强力 节能".split(),
    "music": (
        "音乐 歌 儿歌 老歌 新歌 流行音乐 古典音乐 摇滚 爵士乐 民歌 轻音乐 钢琴曲 广播 新闻 故事 相声 评书 生日歌 电台 小说 舞曲 戏曲"
    ).split(),
    "timer": "面条 鸡蛋 饺子 米饭 蛋糕 披萨 茶 烤鸡 休息 运动 作业 午睡".split(),
    "task": (
        "洗衣服 买菜 打电话 吃药 喝水 开会 倒垃圾 浇花 遛狗 交房租 做作业 取快递 关火 锻炼 接孩子 写报告 打扫房间 交电费 看医生 洗碗 睡觉"
        " 起床 上班 订机票 还书 给妈妈打电话"
    ).split(),
    "list": "购物清单 待办事项 清单 任务清单 家务清单".split(),
    "grocery": [
        *shared.ZH_FOODS, *shared.ZH_DRINKS,
        *"面包 黄油 盐 糖 酱油 醋 洋葱 胡萝卜 黄瓜 白菜 鸡肉 猪肉 羊肉 虾 蘑菇 辣椒 大蒜 生姜 纸巾 洗发水 牙膏 肥皂 电池 灯泡 奶酪 酸奶 花生 玉米 桃子 梨 柠檬".split(),
    ],
    "food": shared.ZH_FOODS, "drink": shared.ZH_DRINKS, "animal": shared.ZH_ANIMALS, "sport": shared.ZH_SPORTS, "job": shared.ZH_JOBS,
    "name": shared.ZH_NAMES, "kin": shared.ZH_RELATIVES, "object": shared.ZH_OBJECTS, "place": shared.ZH_PLACES, "event": shared.ZH_EVENTS,
    "city": [*shared.ZH_CITIES, *"郑州 哈尔滨 沈阳 福州 合肥 南昌 贵阳 海口 拉萨 兰州 首尔 莫斯科 罗马 悉尼 新加坡 曼谷".split()],
    "country": "中国 美国 英国 法国 德国 日本 韩国 俄罗斯 印度 巴西 加拿大 意大利 西班牙 澳大利亚 埃及 泰国 越南 墨西哥 希腊 瑞士".split(),
    "weekday": [f"{week}{day}" for week in ("星期", "周") for day in "一二三四五六"] + ["星期天", "星期日", "周日", "周末"],
    "day": "今天 明天 后天 昨天 今晚 明早 明晚 前天 这周末 下周 下个月 下周一 下周五 本周".split(),
    "part": "早上 上午 中午 下午 晚上 凌晨 傍晚 半夜".split(),
    "weather": "下雨 下雪 刮风 天晴 降温 打雷 下雾 多云 变冷 变热".split(),
    "unit": "分钟 秒 小时 秒钟".split(),
}  # fmt: skip


def number(rng: Rng) -> str:
    """A number from zero to a hundred and fifty, small ones and round ones more often."""
    return spoken(rng.choice((rng.randrange(13), rng.randrange(100), rng.randrange(0, 101, 5), rng.randrange(151))))


def spoken(value: int) -> str:
    """A number below a thousand as it is said."""
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if rest and tens == 0 and hundreds:
        text += "零"
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    return text + (_DIGITS[ones] if ones or not value else "")


def counted(rng: Rng) -> str:
    """A number before a measure word: two is 两 there."""
    text = number(rng)
    return "两" if text == "二" else text


def clock(rng: Rng) -> str:
    """A time of day."""
    hour = spoken(rng.randrange(1, 13)).replace("二", "两") if rng.random() < 0.7 else spoken(rng.randrange(24))
    hour = "十二" if hour == "十两" else hour
    minutes = (
        "",
        "",
        "",
        "半",
        "半",
        "一刻",
        "十分",
        "二十分",
        "四十五分",
        f"{spoken(rng.randrange(11, 60))}分",
        "整",
        "钟",
        "三十分",
    )
    return f"{hour}点{rng.choice(minutes)}"
