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
    (["what (planet|world) do we live on", "which planet (is|are) (ours|we on)", "on which planet do we live"], "We live on the planet Earth."),
    (["what (does|do) (the earth|our earth) (move|turn|go|circle) around", "(around what|what) does the earth (orbit|circle)"], "The Earth moves around the Sun."),
    (["what (moves|turns|goes|circles) around the earth", "what (does|is) the moon (circle|orbit|move around)"], "The Moon moves around the Earth."),
    (["which planet is (the largest|the biggest|biggest|largest)", "what is the (largest|biggest) planet"], "Jupiter is the largest planet."),
    (["how many planets (are there|are|has) [in] [the|our] solar system [have]", "how many planets (circle|go around|orbit) the sun"], "Eight planets move around the Sun."),
    (["how many continents (are there|do we have|exist) [on earth|in the world]", "how many continents (has|does) the (earth|world) [have]"], "There are seven continents."),
    (["(what|which) is the (largest|biggest) continent", "which continent is (largest|biggest|the largest|the biggest)"], "Asia is the largest continent."),
    (["what is water made of", "what does water consist of", "(which|what) (elements|atoms) are in water"], "Water is made of hydrogen and oxygen."),
    (["(when|at what temperature|how hot) does water boil", "what is the boiling point of water"], "Water boils at one hundred degrees."),
    (["(when|at what temperature|how cold) does water freeze", "what is the freezing point of water"], "Water freezes at zero degrees."),
    (["what do (plants|trees|flowers) need [to grow|to live]", "what does a (plant|tree|flower) need [to grow|to live]"], "Plants need light, water and air."),
    (["what (gas|air) do we (breathe|need to breathe)", "(what|which) gas do (people|humans) (breathe|need)"], "We breathe oxygen."),
    (["(what|which) organ pumps [the|our] blood", "what (does|is) the heart (do|for)"], "The heart pumps the blood."),
    (["how many sides (has|does|are on) a triangle [have]", "how many (corners|angles) (has|does) a triangle [have]"], "A triangle has three sides."),
    (["how many sides (has|does|are on) a (square) [have]", "how many (corners|angles) (has|does) a square [have]"], "A square has four sides."),
    (["how many (centimetres|centimeters) (are in|has|make) a (metre|meter)", "how many (centimetres|centimeters) (are there|are) in a (metre|meter)"], "A metre has one hundred centimetres."),
    (["how many (metres|meters) (are in|has|make) a (kilometre|kilometer)", "how many (metres|meters) (are there|are) in a (kilometre|kilometer)"], "A kilometre has one thousand metres."),
    (["how many grams (are in|has|make) a (kilo|kilogram)", "how many grams (are there|are) in a (kilo|kilogram)"], "A kilogram has one thousand grams."),
    (["how many (letters|characters) (has|are in|does) the [english] alphabet [have]", "how many letters (are there|are) in the alphabet"], "The alphabet has twenty six letters."),
    (["how many seasons (are there|are|has) [in] a year [have]", "how many seasons do we have"], "A year has four seasons."),
    (["which season (comes|is) after winter", "what (comes|season comes) after winter"], "Spring comes after winter."),
    (["what is half of ten", "(how much|what) is ten divided by two", "what do i get when i halve ten"], "Half of ten is five."),
    (["what is (the largest|the biggest) animal [in the world|on earth]", "which animal is (the largest|the biggest|biggest)"], "The blue whale is the largest animal."),
    (["what do cows (eat|feed on)", "what does a cow (eat|feed on)"], "Cows eat grass."),
    (["where does milk come from", "(what|which) animal gives [us] milk", "who gives [us] milk"], "Milk comes from cows."),
    (["what do caterpillars (become|turn into)", "what does a caterpillar (become|turn into)"], "A caterpillar becomes a butterfly."),
    (["what (colour|color) do (blue and yellow|yellow and blue) (make|give)", "mixing blue and yellow (gives|makes) (what|which colour)"], "Blue and yellow make green."),
    (["where does the sun (rise|come up)", "in (which|what) direction does the sun rise"], "The sun rises in the east."),
    (["where does the sun (set|go down)", "in (which|what) direction does the sun set"], "The sun sets in the west."),
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
    (["(地球|我们的地球)(绕着|围着|绕)什么(转|转动|走)", "地球围绕什么转"], "地球绕着太阳转。"),
    (["(月亮|月球)(绕着|围着|绕)什么(转|转动|走)", "什么(绕着|围着)地球转"], "月亮绕着地球转。"),
    (["(最大的行星|哪颗行星最大)[是哪个|是什么|呢]", "(太阳系|太阳系里)最大的行星(是什么|是哪颗|叫什么)"], "木星是最大的行星。"),
    (["太阳系(有|里有|一共有)(几|多少)(颗|个)行星", "(几|多少)颗行星(绕着|围着)太阳转"], "太阳系有八颗行星。"),
    (["(世界上|地球上)(有|一共有)(几|多少)(个|块)(大洲|大陆)", "(一共|总共)有几个大洲"], "世界上有七个大洲。"),
    (["(最大的|哪个)(大洲|洲)(是哪个|最大|是什么)", "世界上最大的洲(是哪个|是什么|叫什么)"], "亚洲是最大的洲。"),
    (["水是(由什么|用什么|什么)(组成|构成|做)的", "水里有(什么|哪些)元素"], "水由氢和氧组成。"),
    (["水[在|到](多少度|几度|什么温度)[会|才](沸腾|开|烧开)", "水的沸点是(多少|几度|多少度)"], "水在一百度沸腾。"),
    (["水(多少度|几度|什么温度)(会|才|就)(结冰|冻住|变成冰)", "水的冰点是(多少|几度|多少度)"], "水在零度结冰。"),
    (["(植物|花|树|小草)(需要|生长需要|长大需要)什么", "(植物|花|树)靠什么(生长|活着|长大)"], "植物需要阳光、水和空气。"),
    (["(人|我们|人类)(呼吸|需要)什么(气体|气)", "(人|我们|人类)呼吸的是什么[气体]"], "我们呼吸氧气。"),
    (["(心脏|心)(有什么用|是做什么的|的作用是什么)", "(什么|哪个)器官(输送|推动)血液"], "心脏推动血液。"),
    (["三角形有(几|多少)(条边|个角|个边)", "(一个|一只)三角形(几|多少)条边"], "三角形有三条边。"),
    (["(正方形|方形)有(几|多少)(条边|个角|个边)", "一个正方形(几|多少)条边"], "正方形有四条边。"),
    (["一米(有|是|等于)(几|多少)厘米", "一米(几|多少)厘米"], "一米有一百厘米。"),
    (["一公里(有|是|等于)(几|多少)米", "一千米(有|是|等于)(几|多少)米"], "一公里有一千米。"),
    (["一公斤(有|是|等于)(几|多少)克", "一千克(有|是|等于)(几|多少)克"], "一公斤有一千克。"),
    (["(英语|英文)(有|里有|一共有)(几|多少)个字母", "(字母表|英文字母)(有|一共有)多少个[字母]"], "英语有二十六个字母。"),
    (["一年(有|是|一共有)(几|多少)个季节", "一年有几季", "(几|多少)个季节是一年"], "一年有四个季节。"),
    (["冬天(之后|过后|后面|以后)是(什么|哪个)(季节|季)", "(什么|哪个)季节在冬天(之后|后面)"], "冬天之后是春天。"),
    (["(世界上|地球上)最大的动物(是什么|是哪个|叫什么)", "(什么|哪种)动物最大"], "蓝鲸是最大的动物。"),
    (["(牛|奶牛)(吃|喜欢吃|爱吃|平时吃)什么", "(牛|奶牛)的食物是什么"], "牛吃草。"),
    (["(毛毛虫|毛虫)(会|能|最后)变成什么", "(毛毛虫|毛虫)长大(变成|是|成为)什么"], "毛毛虫会变成蝴蝶。"),
    (["(蓝色和黄色|黄色和蓝色|蓝和黄)(混合|加在一起|合起来)(是什么|变成什么|得到什么)[颜色]"], "蓝色和黄色变成绿色。"),
    (["太阳(从|在)(哪里|哪边|哪个方向|什么方向)(升起|出来|升起来)"], "太阳从东边升起。"),
    (["太阳(从|在)(哪里|哪边|哪个方向|什么方向)(落下|下山|落山)"], "太阳从西边落下。"),
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
