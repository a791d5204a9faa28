# ruff: noqa: E501 (tables of phrases)
"""What the recognisers are tested on besides sentences of their domain: fifty commands as a grammar, and talk about anything else."""

from collections.abc import Mapping, Sequence

_COMMANDS = (
    "stop", "cancel", "pause", "resume", "next", "louder", "quieter", "yes", "no", "help", "what time is it", "what is the date", "repeat that",
    "turn on the kitchen light", "turn off the kitchen light", "turn on the bedroom lamp", "turn off the bedroom lamp", "turn off all lights",
    "open the garage door", "close the garage door", "open the blinds", "close the blinds", "lock the front door", "unlock the front door",
    "set a timer for five minutes", "set a timer for ten minutes", "cancel the timer", "how much time is left", "set an alarm for seven o'clock",
    "stop the alarm", "play some music", "stop the music", "next song", "previous song", "volume up", "volume down", "mute the tv", "good morning",
    "good night", "goodbye", "thank you", "tell me a joke", "what is my name", "what can you do", "start the vacuum", "return to base",
    "what is on my shopping list", "add milk to the shopping list", "make it warmer", "turn up the heating",
)  # fmt: skip

_OTHER_TALK = (
    "the senator announced a new policy on education yesterday", "scientists discovered an unusual fossil near the northern coast",
    "her grandmother used to bake cherry pies every autumn", "the orchestra performed a symphony by an unknown composer",
    "shares of the company fell sharply after the report", "we walked along the beach until the tide came in",
    "he repaired his motorcycle in the shed behind the barn", "the committee postponed its decision until september",
    "a sudden storm destroyed several fishing boats in the harbor", "my cousin studies mechanical engineering in vienna",
    "the ancient castle was built on top of a steep cliff", "many tourists visit the museum during the summer holidays",
    "the goalkeeper saved two penalties in the final match", "they planted three hundred trees along the highway",
    "the recipe calls for two cups of flour and a pinch of salt", "an anonymous donor paid for the new hospital wing",
    "the train from edinburgh was delayed because of heavy snow", "critics praised the actress for her courageous performance",
    "the professor explained the theory with a simple diagram", "our neighbors are moving to portugal next spring",
    "the detective followed the suspect through the crowded market", "farmers are worried about the dry weather this year",
    "the novel tells the story of a sailor lost at sea", "police blocked the bridge after the accident last night",
    "the mayor promised to lower taxes for small businesses", "she collects stamps and coins from all over the world",
    "the spacecraft will reach the planet in about seven months", "researchers tested the vaccine on four thousand volunteers",
    "the carpenter measured the table twice before cutting the wood", "i met an old friend at the airport by chance",
    "the river floods the valley almost every winter", "the teacher corrected the essays during the weekend",
    "a herd of wild horses crossed the dusty plain", "the engine made a strange rattling noise on the hill",
    "the court rejected the appeal without giving reasons", "he borrowed a ladder to clean the gutters",
    "the bakery on the corner sells the best croissants in town", "her speech about freedom moved the whole audience",
    "the expedition ran out of supplies after nine days", "they argued for hours about the price of the carpet",
    "the priest rang the bell before the ceremony", "the bank raised interest rates for the third time",
    "an eagle built its nest on the tallest pine tree", "the soldiers marched through the village at dawn",
    "our train passed through a long dark tunnel", "the editor removed two paragraphs from the article",
    "most of the guests left shortly before midnight", "the pianist practiced the same passage all afternoon",
    "the factory produces nearly a million bottles every week", "his uncle told us stories about life on a farm",
    "the surgeon washed her hands and put on gloves", "a thick fog covered the entire coast in the morning",
    "the students organized a protest against the new rules", "the library closes earlier on public holidays",
    "they discovered a hidden staircase behind the bookshelf", "the champion retired after a serious knee injury",
    "the gardener trimmed the hedges around the palace", "prices for olive oil have doubled since january",
    "the captain ordered the crew to lower the sails", "my sister adopted a stray cat from the shelter",
)  # fmt: skip
_DEV_OTHER_TALK = (
    "the violinist broke a string in the middle of the concert", "several villages lost their power during the hurricane",
    "his lawyer refused to comment on the allegations", "the archaeologists uncovered a mosaic beneath the cathedral",
    "our landlord finally repaired the leaking roof", "the minister resigned after a scandal about expenses",
    "she inherited a vineyard from her great uncle", "the ferry sank within minutes of the collision",
    "a swarm of bees settled on the chimney of the school", "they negotiated for weeks before signing the treaty",
    "the biologist photographed a rare orchid in the swamp", "his novel was translated into seventeen languages",
    "the jury found the accountant guilty of fraud", "a rusty anchor was displayed in front of the harbour office",
    "many workers commute for more than an hour every morning", "the monks have brewed beer here since the middle ages",
    "the telescope captured the faint glow of a distant galaxy", "her knee healed slowly after the operation",
    "the shepherd counted his flock twice before nightfall", "an earthquake shook the southern islands last thursday",
    "the chef seasoned the stew with thyme and black pepper", "volunteers collected plastic along the shore of the lake",
    "the duke gambled away his fortune in a single night", "his handwriting is almost impossible to decipher",
    "the ambassador hosted a reception for foreign journalists", "tenants complained about rats in the basement",
    "the sculptor carved the statue from a block of marble", "inflation has eroded the savings of many pensioners",
    "the goat escaped through a hole in the fence again", "we missed our connection because the bus was late",
)  # fmt: skip
_ZH_COMMANDS = (
    "停", "停止", "取消", "暂停", "继续", "下一首", "上一首", "大声点", "小声点", "是", "不", "帮助", "现在几点", "今天几号", "再说一遍", "打开厨房的灯",
    "关掉厨房的灯", "打开卧室台灯", "关掉卧室台灯", "关掉所有灯", "打开车库门", "关上车库门", "拉开窗帘", "拉上窗帘", "锁上大门", "打开空调", "关闭空调",
    "设一个五分钟的计时器", "设一个十分钟的计时器", "取消计时器", "还剩多长时间", "设一个早上七点的闹钟", "关掉闹钟", "播放音乐", "停止音乐", "音量大一点", "音量小一点",
    "电视静音", "早上好", "晚安", "再见", "谢谢你", "讲个笑话", "我叫什么名字", "你会做什么", "扫地机器人开始打扫", "购物清单里有什么", "把牛奶加到购物清单", "温度调高一点", "小助手",
)  # fmt: skip
_ZH_OTHER_TALK = (
    "参议员昨天宣布了新的教育政策", "科学家在北方海岸发现了罕见的化石", "外婆每年秋天都会腌一坛咸菜", "交响乐团演奏了一位无名作曲家的作品", "报告公布以后公司的股票大跌",
    "我们沿着沙滩一直走到涨潮", "他在谷仓后面修理摩托车", "委员会把决定推迟到九月", "突如其来的暴风雨毁坏了几艘渔船", "表弟在维也纳学习机械工程", "古老的城堡建在悬崖顶上",
    "暑假里许多游客参观博物馆", "守门员在决赛中扑出两个点球", "他们沿着公路种了三百棵树", "一位匿名人士捐款建造了新病房", "大雪使列车晚点了四个小时", "评论家称赞女演员的表演",
    "教授用简单的图表解释了理论", "邻居明年春天搬去葡萄牙", "侦探跟着嫌疑人穿过拥挤的集市", "农民担心今年的干旱", "小说讲述了水手在海上迷路的经历", "事故发生后警方封锁了大桥",
    "市长承诺降低小企业的税收", "她收集世界各地的邮票和硬币", "飞船将在七个月后抵达行星", "研究人员对志愿者进行疫苗试验", "木匠锯木头之前量了两遍", "我在机场偶然遇见老同学",
    "河水几乎每个冬天都淹没山谷", "周末老师批改了全班的作文", "一群野马越过尘土飞扬的平原", "发动机在坡上发出奇怪的响声", "法院驳回上诉没有说明理由", "他借来梯子清理屋檐",
    "街角的面包铺卖最好的点心", "她关于自由的演讲感动了观众", "探险队九天后断了粮", "他们为地毯的价钱争论了很久", "仪式开始前神父敲响了钟", "银行第三次提高利率",
    "一只老鹰在松树上筑巢", "士兵们黎明时穿过村庄", "列车驶过漫长黑暗的隧道", "编辑从文章里删掉两段", "多数客人午夜之前离开", "钢琴家整个下午练习同一段", "工厂每周生产近百万个瓶子",
    "叔公给我们讲农场的往事", "外科医生洗手戴上手套", "清晨浓雾笼罩着整个海岸", "学生组织了反对新规定的抗议", "图书馆节假日提前闭馆", "他们在书架后面发现了暗梯", "冠军因膝盖受伤而退役",
    "园丁修剪了宫殿周围的树篱", "橄榄油的价格翻了一倍", "船长命令水手收起船帆", "姐姐收养了一只流浪猫", "记者追问部长辞职的原因",
)  # fmt: skip
_ZH_DEV_OTHER_TALK = (
    "小提琴手在音乐会中途断了一根弦", "飓风期间好几个村庄停电", "律师拒绝对指控发表评论", "考古学家在教堂下面发掘出壁画", "房东终于修好了漏水的屋顶", "部长因开支丑闻辞职",
    "她从舅公那里继承了葡萄园", "渡轮在碰撞后几分钟内沉没", "一群蜜蜂落在学校的烟囱上", "他们谈判数周才签署条约", "生物学家在沼泽拍到稀有的兰花", "他的书被译成十七种文字",
    "陪审团裁定会计师犯有诈骗罪", "生锈的船锚陈列在港务局门前", "许多工人每天通勤一个多小时", "修道院从中世纪起酿造啤酒", "望远镜捕捉到遥远星系的微光", "手术后她的膝盖恢复得很慢",
    "牧羊人天黑前数了两遍羊群", "上周四地震袭击了南部岛屿", "厨师用香草和黑胡椒给炖菜调味", "志愿者沿着湖岸捡拾塑料", "公爵一夜之间输光家产", "他的字迹几乎无法辨认",
    "大使为外国记者举行招待会", "租户抱怨地下室有老鼠", "雕刻家用整块大理石凿成雕像", "通货膨胀侵蚀了退休者的积蓄", "山羊又从篱笆的破洞逃走", "我们因为班车迟到错过了换乘",
)  # fmt: skip
COMMANDS: Mapping[str, Sequence[str]] = {"en": _COMMANDS, "zh": _ZH_COMMANDS}
OTHER_TALK: Mapping[str, Sequence[str]] = {"en": _OTHER_TALK, "zh": _ZH_OTHER_TALK}
DEV_OTHER_TALK: Mapping[str, Sequence[str]] = {"en": _DEV_OTHER_TALK, "zh": _ZH_DEV_OTHER_TALK}
