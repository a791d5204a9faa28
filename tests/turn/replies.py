"""Replies as a small model gives them: sentences of many lengths and shapes, put together by a seeded choice."""

import random

ENGLISH = """
Sure, I can help with that.
Yes.
No, I do not think so.
Of course.
It depends on what you like, but most people start with something simple.
The oven should be at 180 °C, and the dough needs about 25 minutes.
If the bread sounds hollow when you knock on it, it is done.
Paris is the capital of France.
It lies on the river Seine, in the north of the country, and about 2.1 million people live there.
A whale is not a fish, it is a mammal, because it breathes air and feeds its young with milk.
Light from the sun takes about 8 minutes and 20 seconds to reach us.
You could take the train at 9:20, which arrives at noon, or the bus, which is cheaper but slower.
The word comes from Latin, where it meant "to turn around".
Dr. Smith found it by accident, while he was looking for something else entirely.
To remove the stain, mix water with a little vinegar, let it soak for ten minutes, and wash it as usual.
Water boils at a lower temperature in the mountains, since the air presses less on it.
That is a good question.
I am not sure.
Plants need light, water, and a few minerals from the soil.
Most cats sleep between 12 and 16 hours a day, and kittens sleep even more.
A marathon is 42.195 kilometers long, so at a steady pace of six minutes a kilometer you would need a little over four hours.
First, switch the device off and wait for a moment.
Then hold the button until the light turns blue, and let go.
After that it should connect by itself; if it does not, try once more.
The Great Wall was built over many centuries, by several dynasties, to protect the northern border.
There are three kinds of them: the small ones, the large ones, and those in between.
Green tea has less caffeine than coffee, though it still has some, so it may be better not to drink it late at night.
You can keep cooked rice in the refrigerator for three to four days.
Honey does not spoil if the jar is closed well.
The moon moves away from the earth by almost four centimeters every year.
It was first shown in 1927, and people were amazed.
In short, start small, stay patient, and write down what you change.
For example, you might walk for twenty minutes every morning before breakfast.
Most of the heat is lost through the windows and the roof.
A cloud is made of tiny drops of water that are light enough to float in the rising air.
Good luck!
Really? That is great news, congratulations to you and to the whole family!
Well, there is more than one answer to that, and it partly depends on whom you ask.
The two planets look alike from afar, but one is a world of ice and the other one is mostly gas.
Please check with a doctor if the pain does not go away after a few days.
""".strip().split("\n")
CHINESE = """
好的，我来帮你。
可以。
不一定。
当然可以。
这要看你喜欢什么，不过大多数人会先从简单的开始。
烤箱要预热到180度，面团大约烤25分钟。
敲一敲面包底部，如果声音空空的，就说明烤好了。
巴黎是法国的首都。
它位于法国北部的塞纳河畔，大约有210万人口，是欧洲最受欢迎的旅游城市之一。
鲸鱼不是鱼，它是哺乳动物，因为它用肺呼吸，还会给幼崽喂奶。
太阳光到达地球大约需要8分20秒。
你可以坐9:20的火车，中午到，也可以坐汽车，便宜一点，但是比较慢。
这个词来自拉丁语，意思是“转过来”。
要去掉污渍，可以在水里加一点醋，浸泡十分钟，然后正常清洗。
在高山上，水的沸点会低一些，因为那里的气压比较低。
这是个好问题。
我不太确定。
植物需要阳光、水和土壤里的矿物质。
大多数猫每天要睡12到16个小时，小猫睡得更久。
马拉松全长42.195公里，如果每公里跑六分钟，大约需要四个多小时。
先把设备关掉，等一会儿。
然后按住按钮，直到灯变成蓝色，再松开。
之后它应该会自动连接；如果没有，请再试一次。
长城是由好几个朝代用了许多个世纪修建的，目的是保卫北方的边境。
它一共有三种：小的，大的，还有中等的。
绿茶的咖啡因比咖啡少，但还是有一些，所以晚上最好不要喝。
煮熟的米饭可以在冰箱里放三到四天。
只要罐子盖得紧，蜂蜜就不会坏。
月亮每年会离地球远将近四厘米。
它在1927年第一次上映，当时的观众都很惊讶。
总之，从小事做起，要有耐心，并且把每次的变化记下来。
比如，你可以每天早饭前散步二十分钟。
大部分热量是从窗户和屋顶散失的。
云是由许多很小的水滴组成的，它们轻得可以飘在上升的空气里。
祝你好运！
真的吗？那太好了，恭喜你和你的家人！
其实答案不止一个，这也取决于你问的是谁。
这两颗行星远看很像，但一颗是冰的世界，另一颗几乎全是气体。
如果过几天还是疼，请去看医生。
明天多云转晴，最高气温25度，最低16度，出门不用带伞。
""".strip().split("\n")


def replies(code: str, count: int = 120) -> list[str]:
    """Replies of 1 to 6 sentences."""
    chance, bank = random.Random(6), CHINESE if code == "zh" else ENGLISH
    return [("" if code == "zh" else " ").join(chance.sample(bank, 1 + n % 6)) for n in range(count)]
