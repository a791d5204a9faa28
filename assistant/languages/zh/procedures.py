"""Chinese: what is said of procedures."""

from collections.abc import Sequence

none_there = "这里没有操作步骤。config.yaml的procedures一节说明它们放在哪个文件夹。"
at_first = "这是第一步。"


def step(number: int, count: int, part: str, text: str) -> str:
    """See `ProcedureTexts.step`."""
    head = f"{part}。" if part else ""
    return f"{head}第{number}步，共{count}步：{text}" if number < count else f"{head}第{number}步，最后一步：{text}"


def begun(name: str, count: int, intro: str) -> str:
    """See `ProcedureTexts.begun`."""
    return f"{name}：共{count}步。{intro}"


def over(name: str) -> str:
    """See `ProcedureTexts.over`."""
    return f"{name}的最后一步已经读完。"


def where(name: str, number: int, count: int) -> str:
    """See `ProcedureTexts.where`."""
    return f"现在是{name}的第{number}步，共{count}步。"


def left(name: str, number: int, count: int) -> str:
    """See `ProcedureTexts.left`."""
    return f"{name}停在第{number}步，共{count}步。"


def no_step(count: int) -> str:
    """See `ProcedureTexts.no_step`."""
    return f"只有第1步到第{count}步。"


def none_called(words: str, there: Sequence[str]) -> str:
    """See `ProcedureTexts.none_called`."""
    return f"没有叫{words}的步骤。有{'、'.join(list(there)[:5])}。"


def which(names: Sequence[str]) -> str:
    """See `ProcedureTexts.which`."""
    return f"有{len(names)}个：{'、'.join(list(names)[:5])}。请说是哪一个。"


def names(names: Sequence[str], more: int) -> str:
    """See `ProcedureTexts.names`."""
    return f"我可以读{'、'.join(names)}{f'，还有{more}个' if more > 0 else ''}。"
