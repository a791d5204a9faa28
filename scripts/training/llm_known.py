# ruff: noqa: E501, SIM905 (tables of words and phrases, one row a line)
"""What the small model knows, what it does not, and what it must refuse: questions and replies in both languages."""

CAPITALS = dict(
    pair.split(":")
    for pair in """france:Paris germany:Berlin italy:Rome spain:Madrid portugal:Lisbon england:London austria:Vienna greece:Athens poland:Warsaw
norway:Oslo sweden:Stockholm denmark:Copenhagen finland:Helsinki ireland:Dublin belgium:Brussels hungary:Budapest russia:Moscow china:Beijing
japan:Tokyo india:Delhi egypt:Cairo turkey:Ankara canada:Ottawa australia:Canberra cuba:Havana peru:Lima kenya:Nairobi thailand:Bangkok
switzerland:Bern america:Washington""".split()
)
ZH_CAPITALS = dict(
    pair.split(":")
    for pair in """法国:巴黎 德国:柏林 意大利:罗马 西班牙:马德里 英国:伦敦 中国:北京 日本:东京 俄罗斯:莫斯科 美国:华盛顿 韩国:首尔 泰国:曼谷 埃及:开罗
印度:新德里 加拿大:渥太华 希腊:雅典 越南:河内 澳大利亚:堪培拉 葡萄牙:里斯本""".split()
)
OTHER_COUNTRIES = """chad mali nepal bolivia paraguay zambia laos angola gabon oman yemen estonia latvia malta serbia albania moldova georgia armenia
mongolia bhutan fiji samoa togo benin ghana sudan uganda rwanda burundi malawi namibia ecuador uruguay belize haiti""".split()
ZH_OTHER_COUNTRIES = "乍得 马里 尼泊尔 玻利维亚 赞比亚 老挝 安哥拉 阿曼 也门 拉脱维亚 马耳他 塞尔维亚 格鲁吉亚 蒙古 不丹 斐济 多哥 加纳 乌干达 智利".split()

CAPITAL_ASK = [
    "what is the capital of {v}", "[what is|which is|tell me|name|do you know|say|give me] [the] capital [city] of {v}", "what is {v}'s capital [city]", "(which|what) city is the capital of {v}", "what [is] the capital [city] of {v} [is|called]", "(can you|could you) (tell me|name) the capital of {v}", "the capital of {v} (is what|what is it|please)", "what's the capital of {v}", "i (forgot|need|want to know) the capital of {v}",
]  # fmt: skip
ZH_CAPITAL_ASK = [
    "{v}的首都(是哪里|是什么|在哪里|是哪个城市|叫什么|是哪儿|是哪)",
    "[你知道|告诉我|请问|说说]{v}的首都[是哪里|吗|是什么]",
    "哪个城市是{v}的首都",
    "{v}(首都是哪里|首都是什么|首都在哪)",
]

FACTS: list[tuple[list[str], str]] = [
    (["how many days (are there|are|does|has) [in] a week [have]", "how many days (has|are in|does) (a|one) week"], "A week has seven days."),
    (["how many months (are there|are|does|has) [in] a year [have]", "how many months (has|are in) (a|one) year"], "A year has twelve months."),
    (["how many days (are there|are|does|has) [in] a year [have]", "how many days (has|are in) (a|one) year"], "A year has three hundred and sixty five days."),
    (["how many hours (are there|are|does|has) [in] a day [have]", "how many hours (has|are in) (a|one) day"], "A day has twenty four hours."),
    (["how many minutes (are there|are|does|has) [in] an hour [have]", "how many minutes (has|are in) (an|one) hour"], "An hour has sixty minutes."),
    (["how many seconds (are there|are|does|has) [in] a minute [have]", "how many seconds (has|are in) (a|one) minute"], "A minute has sixty seconds."),
    (["(what|which) colo[u]r (is|has) the sky [have]", "what is the colo[u]r of the sky", "is the sky (blue|green|red)"], "The sky is blue."),
    (["(what|which) colo[u]r (is|has) [the] grass", "what is the colo[u]r of grass", "what colo[u]r are (leaves|trees)"], "It is green."),
    (["(what|which) colo[u]r (is|has) snow", "what is the colo[u]r of (snow|milk)", "(what|which) colo[u]r is milk"], "It is white."),
    (["(what|which) colo[u]r (is|has) a banana", "what is the colo[u]r of (a banana|bananas|a lemon)", "(what|which) colo[u]r is a lemon"], "It is yellow."),
    (["(what|which) colo[u]r (is|has) blood", "what is the colo[u]r of (blood|a tomato|a strawberry)", "(what|which) colo[u]r is a (tomato|strawberry)"], "It is red."),
    (["how many legs (does|has|do) a (dog|cat|horse|cow) [have]", "how many legs do (dogs|cats|horses|cows) have"], "Four legs."),
    (["how many legs (does|has|do) a spider [have]", "how many legs do spiders have"], "A spider has eight legs."),
    (["how many legs (does|has) a (bird|chicken|man|human) [have]", "how many legs do (birds|people|humans) have"], "Two legs."),
    (["what (sound|noise) does a (cat) make", "what does a cat say", "how does a cat sound"], "A cat says meow."),
    (["what (sound|noise) does a dog make", "what does a dog say", "how does a dog sound"], "A dog says woof."),
    (["what (sound|noise) does a cow make", "what does a cow say", "how does a cow sound"], "A cow says moo."),
    (["what is the opposite of hot", "what is the contrary of hot", "what's the opposite of hot"], "The opposite of hot is cold."),
    (["what is the opposite of big", "what is the contrary of (big|large)", "what's the opposite of (big|large)"], "The opposite of big is small."),
    (["what day comes after (monday)", "which day (follows|is after) monday"], "Tuesday comes after Monday."),
    (["what day comes after (friday)", "which day (follows|is after) friday"], "Saturday comes after Friday."),
    (["what is the (first|1st) month [of the year]", "which month (is|comes) first"], "January is the first month."),
    (["what is the last month [of the year]", "which month (is|comes) last"], "December is the last month."),
    (["what do (bees|the bees|honey bees) make", "who makes honey", "where does honey come from"], "Bees make honey."),
    (["what (star|thing) (shines|is up) in the day", "what is the sun", "is the sun a star"], "The sun is a star."),
    (["what is ice [made of]", "what is frozen water [called]", "what does ice come from"], "Ice is frozen water."),
    (["how many (eyes|ears|hands|feet) (does|has) a (person|human|man) [have]", "how many (eyes|ears|hands|feet) do (i|people|we|humans) have"], "Two."),
    (["how many fingers (are on|has|does) (a|one) hand [have]", "how many fingers do i have on one hand"], "One hand has five fingers."),
    (["what is the largest ocean", "which ocean is (biggest|the biggest|the largest)", "what's the biggest ocean"], "The Pacific is the largest ocean."),
    (["what is the (highest|tallest) mountain [in the world|on earth]", "which mountain is (highest|the highest|the tallest)"], "Mount Everest is the highest mountain."),
]  # fmt: skip
ZH_FACTS: list[tuple[list[str], str]] = [
    (["一(周|星期|个星期)(有|是)(几天|多少天)", "(一周|一个星期)几天"], "一周有七天。"),
    (["一年(有|是)(几个月|多少个月)", "一年几个月"], "一年有十二个月。"),
    (["一天(有|是)(几个|多少)小时", "一天[是]几个小时"], "一天有二十四小时。"),
    (["一[个]小时(有|是)(几|多少)分钟", "一个小时多少分"], "一小时有六十分钟。"),
    (["一分钟(有|是)(几|多少)秒", "一分钟多少秒"], "一分钟有六十秒。"),
    (["天空(是|是什么|什么)颜色[的]", "天是什么颜色[的]", "(天|天空)什么颜色"], "天空是蓝色的。"),
    (["(草|树叶|小草)(是|是什么|什么)颜色[的]", "草地是什么颜色"], "是绿色的。"),
    (["(雪|牛奶|雪花)(是|是什么|什么)颜色[的]"], "是白色的。"),
    (["(香蕉|柠檬)(是|是什么|什么)颜色[的]"], "是黄色的。"),
    (["(狗|猫|马|牛)有(几|多少)条腿", "一只(狗|猫)几条腿"], "四条腿。"),
    (["(鸟|鸡|人)有(几|多少)条腿"], "两条腿。"),
    (["(世界上|地球上)最高的山(是什么|是哪座|叫什么)", "最高的山是(什么|哪座)"], "珠穆朗玛峰最高。"),
    (["最大的(海洋|大洋)是(哪个|什么)", "哪个(海洋|大洋)最大"], "太平洋最大。"),
    (["(热|冷)的反义词是什么", "热的反面是什么"], "热的反义词是冷。"),
    (["(谁|什么)(酿|做|采)蜂蜜", "蜂蜜是(哪来的|谁做的)"], "蜜蜂酿蜜。"),
]  # fmt: skip
SUM_ASK = [
    "what is {a} plus {b}",
    "[how much is|what's|calculate|add|tell me] {a} plus {b}",
    "[how much is|what is|what's] {a} and {b}",
    "how much (is|are|makes) {a} plus {b}",
    "what (do|does) {a} plus {b} (make|give|equal)",
    "{a} plus {b} (is what|makes what|equals)",
]
ZH_SUM_ASK = ["{a}加{b}(是多少|等于几|等于多少|是几|得多少)", "[请|帮我](算|算一下|计算){a}加{b}", "{a}加上{b}(是多少|等于多少)"]

UNKNOWN = [
    "who (invented|discovered|wrote|painted|composed|built|founded) [the] {w} [first]", "when (was|did) [the] {w} (invented|discovered|born|built|begin|end|happen|die)", "how (tall|big|heavy|old|long|far|deep|high|fast|expensive) is [the] {w}", "what is (a|an|the|your opinion on) {w}", "what (does|do) {w} (mean|cost|eat|do|look like|consist of)", "why (is|are|do|does) {w} (so expensive|blue|important|famous|dangerous|exist|work)",
    "how (does|do) (a|the) {w} (work|function|grow|fly)", "(tell me|explain|what do you know) about {w}", "(explain|define|describe) [the word|to me] {w}", "who (is|was) {w}", "where is {w}", "how do i (cook|make|repair|build|clean|use|play|fix|grow) [a|the] {w}", "how (many|much) {w} (are there|is there|do people buy|does one need)", "what is the (population|language|currency|history|president|area|king) of {w}", "which (is better|costs more) {w} or {x}",
    "what is the difference between {w} and {x}", "translate {w} into (german|french|spanish|italian|russian)", "what is {w} in (french|german|spanish|latin)", "how do you spell {w}", "what is the (formula|symbol|recipe|price|best book) (for|of) {w}", "who (won|directed|played in|sang) {w}", "is {w} (dangerous|healthy|good for me|true|poisonous|expensive)", "what happened in {w}", "give me (facts|information|some information) about {w}", "did {w} (win|exist|live|happen) [in the past|last year]", "how far is it (to|from here to) {w}", "what (time|day) is it in {w}", "i want to know (about|what is) {w}",
]  # fmt: skip
ZH_UNKNOWN = [
    "(谁|是谁)(发明|发现|写|画|建|创立)了{w}", "{w}(是什么时候|是哪年)(发明|发现|出生|建成|开始|结束)的", "{w}有多(高|大|重|远|长|深|快|贵)", "{w}是(什么|什么东西|什么意思|谁|哪里的|哪国的)", "为什么{w}(这么贵|很重要|很有名|会动|存在)", "{w}(怎么工作|是怎么来的|吃什么|多少钱|在哪里|怎么用|怎么写|怎么读)", "(讲讲|介绍一下|解释一下|说说|你知道){w}[的历史|的事|吗]", "(怎么|如何)(做|修|种|用|煮|玩){w}", "{w}的(人口|历史|总统|面积|价格|作者|公式)是(多少|什么|谁)", "{w}和{x}有什么(区别|不同|关系)", "{w}用(英语|法语|日语|德语)怎么说", "(世界上|全国)有多少{w}", "{w}(危险|健康|有毒|好吃|好用)吗", "去{w}有多远", "{w}和{x}哪个(好|贵|大)",
]  # fmt: skip
UNKNOWN_REPLY = [
    "I do not know that. The full model can tell you.",
    "I am too small to know that. The full model can help.",
    "I do not know. Ask the full model, please.",
]
ZH_UNKNOWN_REPLY = [
    "这个我不知道，完整的模型可以告诉你。",
    "我太小了，不知道这个，完整的模型可以回答。",
    "我不知道，请问完整的模型。",
]
TOPICS = """gravity napoleon electricity photosynthesis bitcoin dinosaurs volcanoes penicillin the eiffel tower mount fuji the moon mars jupiter saturn
shakespeare mozart beethoven picasso einstein newton the telephone the computer steam engine radio piano violin quantum physics chemistry algebra a black hole
the universe evolution democracy inflation the stock market cancer diabetes vitamins aspirin coral reef the amazon nile sahara atlantis pyramids rome empire
world war vikings gold diamonds plastic concrete paper silk rice wheat sourdough cheese wine whisky sushi lasagna paella""".split()
ZH_TOPICS = "引力 拿破仑 电 光合作用 比特币 恐龙 火山 月亮 火星 木星 莫扎特 贝多芬 爱因斯坦 牛顿 电话 电脑 钢琴 量子 化学 黑洞 宇宙 进化 通货膨胀 糖尿病 维生素 长城 金字塔 沙漠 钻石 塑料 丝绸 奶酪 红酒".split()

CONTROL = [
    "(turn|switch) (on|off) (the|my|all the|this) [{w}] (light|lights|lamp|heating|fan|tv|television|radio|oven|heater|socket|coffee machine|computer|air conditioning|music)", "(turn|switch) (the|my) (light|lights|lamp|heating|fan|tv|radio|oven|heater) [in the {w}] (on|off)", "(open|close|shut|lock|unlock) (the|my|all the) [{w}] (door|window|garage|blinds|curtains|gate|shutters|windows)", "(set|turn|put) the (heating|temperature|thermostat|volume|brightness) [in the {w}] (to {n}|up|down|higher|lower)", "(dim|brighten) the [{w}] (light|lights|lamp)", "make it (warmer|cooler|brighter|darker|louder) [in the {w}]",
    "(play|start|put on) (some music|music|the radio|a song|my playlist|jazz|{w})", "(call|phone|text|email|message) (my mother|my mom|my friend|{w}|the doctor|the police)", "(send|write) (a message|an email|a text) to {w}", "(set|start|make) (a timer|an alarm|a reminder) (for {n} minutes|for tomorrow|at {n}|now)", "wake me [up] (at {n}|tomorrow|in {n} minutes)", "(order|buy|book) (me|us) (a pizza|a taxi|a ticket|a table|{w})", "(start|stop) the (washing machine|dishwasher|vacuum cleaner|robot|coffee machine|oven)", "(water|feed) the (plants|garden|dog|cat|fish)", "(pause|stop|skip) (the music|this song|the film)", "(vacuum|clean) (the|my) (kitchen|house|{w}|floor)",
]  # fmt: skip
ZH_CONTROL = [
    "[请|帮我](打开|关掉|关上|开一下|关闭)[{w}的](灯|电视|空调|风扇|窗户|窗帘|门|暖气|收音机|电脑|烤箱)", "把[{w}的](灯|电视|空调|风扇|窗户|窗帘|门|暖气)(打开|关掉|关上|调高|调低)", "[请|帮我](锁上|锁好|打开)[{w}的]门", "把(温度|音量|亮度)调(到{n}|高|低|大|小)[一点]", "[请|给我](放|播放|来)(音乐|一首歌|{w}|点音乐)", "[请|帮我](给|打电话给|发消息给)(妈妈|爸爸|{w}|医生)[打电话]", "[请|帮我](定|设)(个|一个)(闹钟|提醒|计时器|{n}分钟的闹钟)", "[请|帮我](叫|订|买)(一个|一份)(披萨|外卖|出租车|票)", "[请|帮我](浇花|扫地|洗衣服|喂狗|喂猫|煮咖啡)", "(开灯|关灯|开空调|关空调|开门|关窗)[吧|好吗|一下]",
]  # fmt: skip
CONTROL_REPLY = ["I cannot do that. I have no hand for it here.", "I cannot do that yet. I can only talk."]
ZH_CONTROL_REPLY = ["这个我做不到，我还没有连接它。", "我做不到，我只会说话。"]

SKILL = [
    (["what time is it [now]", "[can you] tell me the time", "what's the time [now|please]", "how late is it", "do you have the time"], "time"),
    (["what day is it [today]", "what is the date [today]", "what's today's date", "which day is today", "what is the day today"], "date"),
    (["turn (on|off) the (light|lights|lamp) [in the kitchen|in the bedroom]", "switch (on|off) the (lamp|light)", "open the (blinds|window|garage|door)", "set the heating to twenty", "set a timer for (five|ten|two) minutes", "play some music", "add milk to the shopping list"], "refused"),
]  # fmt: skip
ZH_SKILL = [(["[现在]几点[了|钟]", "现在是几点", "告诉我时间"], "time"), (["今天(几号|星期几|是几号|是星期几)", "今天是什么日子"], "date"), (["打开(灯|空调|电视|窗帘)", "关掉(灯|空调|电视)", "设一个闹钟", "放点音乐"], "refused")]  # fmt: skip
REFUSED = [
    "I cannot control {w} yet. Connect your home in the section home of config.yaml.",
    "I cannot set timers yet. Switch them on in the section skills of config.yaml.",
    "I cannot do that yet. See the section home of config.yaml.",
]
ZH_REFUSED = ["我还不能控制{w}。请在 config.yaml 的 home 部分连接你的家。", "我还不能设闹钟。请看 config.yaml 的 skills 部分。"]
