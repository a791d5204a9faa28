"""Mandarin words: how a sentence is cut into them (jieba) and how they are said (pypinyin): initials and finals without tones.

Rules: a text has Chinese characters alone; numbers are words of their own up to ninety-nine, hundreds likewise (`百分之 五十`).
"""

import re
from functools import lru_cache
from importlib import import_module
from typing import Any

from scripts.training.words_lexicon import Pronunciation

OWN_WORDS = (
    "小助手",
    "计时器",
    "倒计时",
    "播放列表",
    "购物清单",
    "待办事项",
    "扫地机器人",
    "卫生间",
    "儿童房",
    "车库门",
    "无线网",
)
"""Words that jieba would cut."""
_OWN = {"什么": ("sh en m e", "sh en m o"), "谁": ("sh ei", "sh uei"), "得": ("d e", "d ei"), "嗯": ("en", "e")}
_TWICE = {"还": ("huan",), "都": ("du",), "了": ("liao",), "长": ("zhang",), "重": ("zhong",), "行": ("hang",), "乐": ("yue",),
          "觉": ("jiao",), "调": ("diao",), "着": ("zhao",), "和": ("huo",), "给": ("ji",), "数": (), "地": ("di",)}  # fmt: skip
"""Characters said alone that have another reading besides pypinyin's first."""
_DIGIT = "零一二两三四五六七八九"
_NUMBER = re.compile(rf"百分之|[{_DIGIT}]?百|[{_DIGIT}]?十[{_DIGIT}]?|[{_DIGIT}]")
_COUNTED = re.compile(
    rf"(百分之)?[{_DIGIT}十百]+(点半|点|个半|分|秒|度|岁|号|月|日|年|小时|分钟|秒钟|点钟|天|周|个|条|颗|只|次|遍|加|减|乘|等于)?"
)


@lru_cache(maxsize=1)
def _cutter() -> Any:
    jieba = import_module("jieba")
    jieba.setLogLevel(60)
    for word in OWN_WORDS:
        jieba.add_word(word, 10_000)
    return jieba


def words(text: str) -> list[str]:
    """The words of a sentence."""
    found: list[str] = []
    for token in _cutter().lcut(text.replace(" ", ""), HMM=False):
        if len(token) > 1 and _COUNTED.fullmatch(token) and token not in ("一个", "一次", "一遍", "一点", "一年", "十分"):
            found += _split_number(token)
        else:
            found.append(token)
    return found


def _split_number(token: str) -> list[str]:
    parts, at = [], 0
    while match := _NUMBER.match(token, at):
        parts.append(match.group())
        at = match.end()
    return [*parts, token[at:]] if token[at:] else parts


@lru_cache(maxsize=100_000)
def pronunciations(word: str) -> tuple[Pronunciation, ...]:
    """How a word is said, most usual first."""
    lazy_pinyin = import_module("pypinyin").lazy_pinyin
    if word in _OWN:
        return tuple(tuple(said.split()) for said in _OWN[word])
    several = [lazy_pinyin(word, v_to_u=False)]
    several += [[other] for other in _TWICE.get(word, ())]
    return tuple(dict.fromkeys(sum((syllable(one) for one in said), ()) for said in several))


@lru_cache(maxsize=10_000)
def syllable(plain: str) -> Pronunciation:
    """Initial and final of a syllable in plain pinyin (`v` for ü)."""
    convert = import_module("pypinyin.contrib.tone_convert")
    initial, final = convert.to_initials(plain, strict=True), convert.to_finals(plain, strict=True, v_to_u=False)
    if initial in ("zh", "ch", "sh", "r", "z", "c", "s") and final == "i":
        final = "ii"
    final = {"ê": "e", "io": "o"}.get(final, final)
    return (initial, final) if initial else (final,)
