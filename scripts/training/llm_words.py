# ruff: noqa: E501, SIM905 (tables of words and phrases, one row a line)
"""Word lists of the dialogue model's training sentences; plain data, written for this project."""

ONSETS = "b c d f g h j k l m n p r s t v w y z br cl dr fr gr pl st tr sh th ch sl pr kr bl".split()
VOWELS = "a e i o u a e i o ai ee ou ea".split()
CODAS = "n r l m s t k d x nd rt ll ck sh th".split()

EN_NAMES = """anna ben clara david emma frank grace henry ivy jack kate leo mary nina oscar paul rosa sam tina victor wendy alex bella carl
diana eric fiona george hannah ian julia kevin lucy mark nora oliver peter rachel simon tom ursula vera will zoe adam alice amy andrew
barbara betty bob brian carol charles chloe daniel dora edward ella emily ethan eva felix gina harry helen hugo isabel jacob james jane
jim joe john jonas jordan karen laura lena liam lily linda lisa louis luke maria martin max maya mia michael mike molly nick noah olga
patrick pia rita robert robin rose ruth sally sara sarah sophie steve susan ted thomas tim tony walter yara yusuf ahmed ali amir chen
hiro ines ivan jamal keiko kofi lars mei milan nadia omar pedro priya raj ravi sofia stefan tariq yuki""".split()

CITIES = """london paris berlin madrid rome vienna oslo dublin athens lisbon warsaw prague boston chicago dallas denver seattle houston
toronto montreal sydney melbourne delhi mumbai lagos nairobi cairo lima bogota hamburg munich cologne leeds bristol york oxford cambridge
glasgow lyon milan turin naples geneva zurich basel krakow porto seville valencia osaka kyoto seoul beijing shanghai""".split()

COLOURS = "red blue green yellow orange purple pink brown black white grey gold silver violet turquoise teal crimson beige ivory maroon navy lime indigo amber".split()
FOODS = """pizza pasta rice soup salad bread cheese chocolate sushi curry noodles pancakes dumplings tomatoes carrots potatoes eggs beans fish
chicken apples bananas cherries mangoes grapes oranges lasagna burgers waffles porridge honey yogurt icecream cake cookies mushrooms""".split()
DRINKS = "tea coffee water milk juice lemonade cocoa cola espresso cider soda smoothies".split()
ANIMALS = "dog cat horse tiger lion elephant penguin dolphin owl eagle rabbit fox wolf bear otter turtle giraffe zebra panda koala parrot frog whale".split()
SPORTS = "football tennis swimming cycling running basketball golf chess hockey volleyball cricket rugby skiing climbing boxing yoga rowing judo".split()
JOBS = """teacher doctor nurse baker farmer pilot driver painter engineer lawyer cook waiter gardener plumber carpenter singer writer
student mechanic dentist librarian butcher tailor actor scientist electrician firefighter cleaner journalist programmer""".split()
HOBBIES = "reading cooking painting dancing fishing hiking knitting gardening swimming chess photography cycling singing sailing baking drawing".split()
SUBJECTS = "maths history biology physics music art geography chemistry english german latin sport".split()
SEASONS = "spring summer autumn winter".split()
EN_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
MONTHS = "january february march april may june july august september october november december".split()
PREPOSITIONS = ["in", "on", "under", "behind", "next to", "near", "beside", "inside", "above", "below"]
EN_PLACES = """kitchen bedroom bathroom garage garden hall office cellar attic drawer cupboard shelf table desk sofa bed fridge box bag car
basket window door chair stairs coat jacket bookcase wardrobe cabinet closet porch shed bench piano lamp oven""".split()
OBJECTS = """wallet phone umbrella passport book bag charger hat coat bike camera laptop tablet watch ladder medicine notebook scarf cup
letter ticket toolbox torch hammer remote guitar lunch map ring pen drill football blanket suitcase""".split()
PLURALS = "keys glasses shoes gloves scissors socks boots headphones batteries papers tickets slippers matches stamps".split()
RELATIVES = """sister brother mother father wife husband son daughter friend neighbour boss teacher doctor cousin aunt uncle grandmother
grandfather partner girlfriend boyfriend dentist trainer coach colleague nephew niece landlord""".split()
PETS = "dog cat pet hamster rabbit horse bird fish parrot turtle puppy kitten".split()
CODES = """door code|pin|pin code|wifi password|password|locker number|room number|phone number|flight number|order number|seat number|bus
number|gate code|alarm code|house number|parking spot|table number|ticket number|customer number|post code|bike lock code|safe code""".replace(
    "\n", " "
).split("|")
EVENTS = """appointment|meeting|train|bus|flight|class|dentist appointment|lesson|party|dinner|exam|interview|lunch|concert|football match|
piano lesson|haircut|holiday|birthday|wedding|check up|rehearsal|delivery|book club|swimming class""".replace("\n", "").split("|")
THINGS = """order|car|team|school|street|hotel|company|band|boat|project|plan|gift|present|shop|bakery|doctor's name|bank|dessert|plant|task|
nickname|username|topic|destination|code word|secret word|size|shoe size|diet|allergy|homework|goal|lucky charm|costume|toast|breakfast""".replace(
    "\n", ""
).split("|")
FAVOURITES = {
    "colour": COLOURS, "color": COLOURS, "food": FOODS, "drink": DRINKS, "fruit": FOODS, "animal": ANIMALS, "sport": SPORTS, "season": SEASONS,
    "day": EN_DAYS, "month": MONTHS, "subject": SUBJECTS, "hobby": HOBBIES, "dish": FOODS, "bird": ANIMALS, "song": OBJECTS, "book": OBJECTS,
    "film": ANIMALS, "movie": PLURALS, "band": OBJECTS, "game": SPORTS, "flower": COLOURS, "word": OBJECTS, "room": EN_PLACES, "toy": OBJECTS,
    "snack": FOODS, "vegetable": FOODS, "city": CITIES, "team": CITIES, "singer": EN_NAMES, "restaurant": CITIES, "tree": ANIMALS,
}  # fmt: skip

SURNAMES = list(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石"
)
ZH_NAMES = "小明 小红 小丽 小华 小芳 王伟 李娜 张敏 刘洋 陈静 杨帆 赵磊 黄丽 周杰 吴军 徐强 孙悦 林峰 何平 郭涛 安娜 大卫 玛丽 汤姆 杰克 丽莎 彼得 露西".split()
ZH_CITIES = "北京 上海 广州 深圳 成都 杭州 武汉 西安 南京 重庆 天津 苏州 长沙 青岛 大连 厦门 昆明 济南 香港 台北 伦敦 巴黎 东京 纽约 柏林".split()
ZH_COLOURS = "红色 蓝色 绿色 黄色 橙色 紫色 粉色 棕色 黑色 白色 灰色 金色 银色 青色 米色".split()
ZH_FOODS = (
    "饺子 面条 米饭 包子 火锅 烤鸭 豆腐 粥 馒头 披萨 蛋糕 寿司 苹果 香蕉 西瓜 葡萄 草莓 橙子 土豆 番茄 鸡蛋 鱼 牛肉".split()
)
ZH_DRINKS = "茶 咖啡 水 牛奶 果汁 可乐 豆浆 柠檬水 啤酒 奶茶".split()
ZH_ANIMALS = "狗 猫 马 老虎 狮子 大象 企鹅 海豚 兔子 狐狸 狼 熊 乌龟 熊猫 鹦鹉 青蛙 猴子".split()
ZH_SPORTS = "足球 网球 游泳 骑车 跑步 篮球 排球 乒乓球 羽毛球 滑雪 爬山 下棋 瑜伽 太极".split()
ZH_JOBS = "老师 医生 护士 厨师 农民 司机 画家 工程师 律师 作家 学生 歌手 演员 会计 记者 程序员 警察 木匠".split()
ZH_DAYS = "星期一 星期二 星期三 星期四 星期五 星期六 星期天 明天 后天 周一 周二 周三 周四 周五 周六 周日".split()
ZH_PLACES = "厨房 卧室 浴室 车库 花园 客厅 办公室 抽屉 柜子 架子 桌子 沙发 床 冰箱 盒子 包 车 篮子 窗户 椅子 书包 衣柜 书房 阳台 箱子".split()
ZH_OBJECTS = "钥匙 钱包 手机 眼镜 雨伞 护照 书 包 充电器 帽子 外套 相机 电脑 手表 梯子 药 笔记本 围巾 杯子 信 车票 工具 手电筒 遥控器 吉他 地图 笔 耳机 鞋".split()
ZH_RELATIVES = (
    "姐姐 妹妹 哥哥 弟弟 妈妈 爸爸 妻子 丈夫 儿子 女儿 朋友 邻居 老板 老师 医生 表哥 姑姑 叔叔 奶奶 爷爷 同事 同学".split()
)
ZH_PETS = "狗 猫 宠物 仓鼠 兔子 马 鸟 鱼 鹦鹉 乌龟 小狗 小猫".split()
ZH_CODES = "门锁密码 密码 无线网密码 柜子号码 房间号 电话号码 航班号 订单号 座位号 车牌号 门牌号 车位号 桌号 票号 银行卡密码 邮编 手机密码".split()
ZH_EVENTS = "会议 火车 航班 课 聚会 晚饭 考试 面试 午饭 音乐会 比赛 钢琴课 婚礼 体检 排练 约会 生日 假期".split()
ZH_THINGS = "学校 公司 球队 车 计划 礼物 作业 昵称 用户名 暗号 目标 早餐 菜 订单 街道 酒店 项目 尺码 植物 银行".split()
ZH_FAVOURITES = {
    "颜色": ZH_COLOURS, "食物": ZH_FOODS, "饮料": ZH_DRINKS, "水果": ZH_FOODS, "动物": ZH_ANIMALS, "运动": ZH_SPORTS, "菜": ZH_FOODS, "歌": ZH_OBJECTS,
    "书": ZH_OBJECTS, "电影": ZH_ANIMALS, "游戏": ZH_SPORTS, "花": ZH_COLOURS, "城市": ZH_CITIES, "球队": ZH_CITIES, "歌手": ZH_NAMES, "玩具": ZH_OBJECTS,
    "零食": ZH_FOODS, "蔬菜": ZH_FOODS, "季节": ["春天", "夏天", "秋天", "冬天"], "科目": ["数学", "语文", "英语", "历史", "音乐", "美术"],
}  # fmt: skip

CHARACTERS = """的一是了我不人在他有这个上们来到时大地为子中你说生国年着就那和要她出也得里后自以会家可下而过天去能对小多然于心学么之都好看起发当没成只如事把
还用第样道想作种开美总从无情己面最女但现前些所同日手又行意动方期它头经长儿回位分爱老因很给名法间斯知世什两次使身者被高已亲其进此话常与活正感见明问力理尔点文几定本公
特做外孩相西果走将月十实向声车全信重三机工物气每并别真打太新比才便夫再书部水像眼等体却加电主界门利海受听表德少克代员许先口由死安写性马光白或住难望教命花结乐色更拉东
神记处让母父应直字场平报友关放至张认接告入笑内英军候民岁往何度山觉路带万男边风解叫任金快原吃妈变通师立象数四失满战远格士音轻目条呢病始达深完今提求清王化空业思切怎
非找片罗钱南论元北单南坐早半反该越哪飞谈步合百城近半语坏河红包台持夜球观食块约跟店术李言办跑春足拿六五七八九二千怕客阿古志读树石火黑村房买卖送衣服晚蓝绿黄米茶饭菜肉
鱼鸡牛羊虫鸟草木林森湖江船桥街园室床桌椅灯窗墙纸笔刀盘碗杯瓶箱袋帽鞋裤裙伞钟表针线布皮毛骨血脸鼻耳嘴牙舌脚腿背肩胸腹肚病药医院校课题考试习练唱歌跳舞画剧影视戏游玩
具糖盐油醋酒奶蛋糕果梨桃杏枣橘柠檬葡萄瓜豆麦稻谷香甜苦辣酸咸冷热温暖凉雨雪云雷雾霜冰星阳阴晴春夏秋冬左右旁底顶角圆方直弯粗细厚薄宽窄浅软硬松紧干湿净脏旧忙闲快慢
静吵亮暗贵贱穷富胖瘦强弱勇敢聪慧诚实善良温柔严厉幽默浩宇婷雅欣怡梦琪嘉慧敏涛鹏飞龙虎凤鹤燕雁莺蝶蜂蚁蛇龟兔鼠猫狗猪猴象狮豹熊狼狐鹿骆驼鸭鹅鸽鹰""".replace(
    "\n", ""
)
