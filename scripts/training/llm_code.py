# ruff: noqa: E501 (tables of phrases, one row a line)
"""A small corner of code: short Python programs, each told as a sentence, a fenced block and another sentence.

What a user may call the task, in English and Chinese, then the program and a word on it in both languages.
"""

from typing import NamedTuple


class Program(NamedTuple):
    """One program."""

    task: str
    zh_task: str
    code: str
    note: str
    zh_note: str


ASK = [
    "(write|show|give|make|send) me [a|some] [short|small|little] (python|code|program|script|python code) (that can|to) {task}",
    "(write|show me|give me|i need|i want|i would like) [a] [short|small|python|simple] (program|script|function|code) (to|that can) {task} [in python]",
    "how (do i|can i|would you|to|does one) {task} in (python|code|a program) [please]",
    "[can you|could you|please] (write|show|code|program) how to {task} [in python]",
    "(python|code) (to|for how to) {task} [please]",
]
ZH_ASK = [
    "[请|帮我|给我](写|写一个|写一段|来一段|做一个)[简单的|短的|小的](代码|程序|python|脚本|python程序|python代码){task}",
    "(怎么|如何|怎样)用(python|代码|程序){task}",
    "用(python|代码|程序)(怎么|如何|怎样){task}",
    "[请|能不能|可以](给我看|展示|教我)[怎么]{task}的(代码|程序|python代码)",
]
HEAD = "here is a short program to {task}."
ZH_HEAD = "这段程序可以{task}。"

PROGRAMS = [
    Program("print hello", "打印你好", 'print("hello")', "It prints one word.", "它打印一个词。"),
    Program("count to ten", "数到十", "for i in range(1, 11):\n    print(i)", "It prints one number a line.", "每行打印一个数。"),
    Program("count down from ten", "从十倒数", "for i in range(10, 0, -1):\n    print(i)", "It stops at one.", "它数到一为止。"),
    Program("add two numbers", "把两个数相加", "def add(a, b):\n    return a + b", "Call it with two numbers.", "用两个数调用它。"),
    Program("multiply two numbers", "把两个数相乘", "def times(a, b):\n    return a * b", "Call it with two numbers.", "用两个数调用它。"),
    Program("sum a list", "求列表的和", "total = sum([1, 2, 3])\nprint(total)", "The answer is six.", "结果是六。"),
    Program("find the largest number", "找出最大的数", "print(max([4, 9, 2]))", "The answer is nine.", "结果是九。"),
    Program("find the smallest number", "找出最小的数", "print(min([4, 9, 2]))", "The answer is two.", "结果是二。"),
    Program("sort a list", "给列表排序", "names = sorted(names)\nprint(names)", "The names are in order now.", "现在名字排好了。"),
    Program("reverse a word", "把单词倒过来", 'word = "hello"\nprint(word[::-1])', "It reads the word from its end.", "它从后往前读。"),
    Program("reverse a list", "把列表倒过来", "items.reverse()\nprint(items)", "The last item is the first now.", "最后一个变成第一个。"),
    Program("ask for a name", "问名字", 'name = input("Name: ")\nprint("Hello", name)', "It greets whoever answers.", "它会向你问好。"),
    Program("check for an even number", "判断偶数", "def even(n):\n    return n % 2 == 0", "It is true for two and four.", "二和四都是真。"),
    Program("check for a prime number", "判断质数", "def prime(n):\n    return n > 1 and all(n % d for d in range(2, n))", "It tries every smaller number.", "它试遍更小的数。"),
    Program("compute a factorial", "计算阶乘", "def fact(n):\n    return 1 if n < 2 else n * fact(n - 1)", "The function calls itself.", "函数会调用自己。"),
    Program("print the fibonacci numbers", "打印斐波那契数", "a, b = 0, 1\nwhile a < 100:\n    print(a)\n    a, b = b, a + b", "It stops before one hundred.", "它在一百之前停下。"),
    Program("roll a dice", "掷骰子", "import random\nprint(random.randint(1, 6))", "Each run gives another number.", "每次的数都不同。"),
    Program("flip a coin", "抛硬币", 'import random\nprint(random.choice(["heads", "tails"]))', "Each run may differ.", "每次可能不同。"),
    Program("shuffle a list", "打乱列表", "import random\nrandom.shuffle(items)", "The order is new each time.", "每次顺序都不同。"),
    Program("read a file", "读文件", 'with open("a.txt") as file:\n    print(file.read())', "The file closes by itself.", "文件会自己关上。"),
    Program("write a file", "写文件", 'with open("a.txt", "w") as file:\n    file.write("hello")', "It makes the file anew.", "它会新建文件。"),
    Program("count the words in a text", "数文章里的词", 'text = "one two three"\nprint(len(text.split()))', "The answer is three.", "结果是三。"),
    Program("count the letters in a word", "数单词的字母", 'print(len("hello"))', "The answer is five.", "结果是五。"),
    Program("show the time", "显示时间", "import time\nprint(time.ctime())", "It reads the clock of the machine.", "它读机器的时钟。"),
    Program("wait a second", "等一秒", "import time\ntime.sleep(1)", "Nothing happens for a second.", "一秒里什么都不做。"),
    Program("show the date", "显示日期", "import datetime\nprint(datetime.date.today())", "It prints year, month and day.", "它打印年月日。"),
    Program("make text uppercase", "把文字变成大写", 'print("hello".upper())', "All letters are large now.", "字母都变大了。"),
    Program("make text lowercase", "把文字变成小写", 'print("HELLO".lower())', "All letters are small now.", "字母都变小了。"),
    Program("replace a word", "替换单词", 'print("red car".replace("red", "blue"))', "The car is blue now.", "车变成蓝色了。"),
    Program("join words", "连接单词", 'print(" ".join(["good", "day"]))', "A space stands between them.", "中间有一个空格。"),
    Program("make a list", "建一个列表", 'fruits = ["apple", "pear"]\nprint(fruits[0])', "It prints the first fruit.", "它打印第一个水果。"),
    Program("make a dictionary", "建一个字典", 'ages = {"anna": 9, "ben": 7}\nprint(ages["anna"])', "It looks a name up.", "它按名字查找。"),
    Program("remove doubles from a list", "去掉重复的元素", "items = list(set(items))", "Each item stays once.", "每个元素只留一个。"),
    Program("square numbers", "求平方", "print([n * n for n in range(5)])", "It squares zero to four.", "它求零到四的平方。"),
    Program("take a square root", "求平方根", "import math\nprint(math.sqrt(9))", "The answer is three.", "结果是三。"),
    Program("compute a mean", "求平均数", "data = [2, 4, 6]\nprint(sum(data) / len(data))", "The answer is four.", "结果是四。"),
    Program("convert celsius to fahrenheit", "把摄氏度换成华氏度", "def warm(c):\n    return c * 9 / 5 + 32", "Zero becomes thirty two.", "零度变成三十二。"),
    Program("swap two values", "交换两个值", "a, b = b, a", "No third name is needed.", "不需要第三个名字。"),
    Program("catch an error", "捕捉错误", 'try:\n    print(1 / 0)\nexcept ZeroDivisionError:\n    print("no")', "The program goes on.", "程序会继续运行。"),
    Program("repeat a word three times", "把单词重复三次", 'print("ha" * 3)', "It prints the word three times.", "它打印三次。"),
    Program("print a multiplication table", "打印乘法表", "for i in range(1, 10):\n    print(i, i * 7)", "It is the table of seven.", "这是七的乘法表。"),
]  # fmt: skip
