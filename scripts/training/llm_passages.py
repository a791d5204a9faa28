# ruff: noqa: E501 (tables of phrases, one row a line)
"""What passages say of their subjects, and the questions about it. Slots: {s} the subject, {v} the value."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Attribute:
    """Something a passage may say of its subject {s}."""

    value: str
    states: list[str]
    asks: list[str]
    answer: str


_KNOW = "(tell me|do you know|can you tell me|could you tell me|i want to know|i would like to know|can you say|please say|say|i wonder|does it say|does the text say|find out|read me|please tell me) "
_ZH_KNOW = "(你知道|告诉我|请告诉我|我想知道|请问|说说|能不能告诉我|文中说|查一下|请说说)"

_PLAIN_EN = {
    "price": Attribute("number", ["{s} costs {v} euros", "the price of {s} is {v} euros", "you pay {v} euros for {s}", "{s} is sold for {v} euros", "one can have {s} for {v} euros", "for {s} they ask {v} euros"],
                       ["how much (is|does|for|was) {s} [cost]", "(what|what's|what is) the (price|cost) of {s}", "what (does one|do i|do you|must i|do we) pay for {s}", "what does {s} cost", "how (expensive|dear|cheap) is {s}", _KNOW + "(the price of {s}|what {s} costs|how much {s} is|how much {s} costs)", "for how much is {s} [sold]", "how many euros (is|does|for) {s} [cost]"], "it costs {v} euros."),
    "open": Attribute("hour", ["{s} opens at {v}", "{s} is open from {v} on", "the doors of {s} open at {v}", "{s} starts at {v}", "at {v} {s} opens", "you can go to {s} from {v} on"],
                      ["when (does|will|did|is) {s} (open|start|opening)", "(what|at what|which) (time|hour) does {s} (open|start)", _KNOW + "(when {s} opens|at what time {s} opens|when {s} starts|the opening time of {s})", "from when [on] is {s} open", "how early (does|can) {s} open", "when (can|may|could) (i|we) (go to|visit|enter) {s}", "what is the opening (time|hour) of {s}"], "it opens at {v}."),
    "owner": Attribute("person", ["{s} belongs to {v}", "the owner of {s} is {v}", "{v} owns {s}", "{s} is run by {v}", "{v} is in charge of {s}", "{s} is owned by {v}", "{v} runs {s}"],
                       ["who (owns|runs|has|leads|manages|possesses) {s}", "who is the (owner|boss|head|manager|master) of {s}", "(to whom|who) does {s} belong [to]", _KNOW + "(who owns {s}|who runs {s}|the owner of {s}|whose {s} is)", "whose is {s}", "who is in charge of {s}", "by whom is {s} (run|owned|led)", "(what is|what's) the owner of {s} called"], "it belongs to {v}."),
    "where": Attribute("city", ["{s} is in {v}", "{s} stands in {v}", "you find {s} in {v}", "{s} is located in {v}", "{s} can be seen in {v}", "in {v} there is {s}", "people go to {v} to see {s}"],
                       ["where is {s} [located|exactly|standing]", "(in which|in what|which) (city|town|place) is {s} [in]", "where (can|do|could|will) (i|we|you) (find|see|visit) {s}", _KNOW + "(where {s} is|where to find {s}|the place of {s}|where {s} stands)", "where does {s} stand", "(what|which) (city|town) (has|holds) {s}", "what is the (place|location) of {s}"], "it is in {v}."),
    "colour": Attribute("colour", ["{s} is {v}", "{s} was painted {v}", "the colour of {s} is {v}", "{s} has a {v} colour", "they painted {s} {v}", "{s} looks {v}"],
                        ["(what|which) colo[u]r (is|has|does) {s} [have]", "(what is|what's) the colo[u]r of {s}", _KNOW + "(the colo[u]r of {s}|what colo[u]r {s} is|which colo[u]r {s} has)", "(in|of) (what|which) colo[u]r (was|is) {s} [painted]", "how was {s} painted", "(what|which) colo[u]r did they paint {s}"], "it is {v}."),
    "maker": Attribute("person", ["{s} was (built|made|founded|designed) by {v}", "{v} (built|made|founded|designed) {s}", "{s} is the work of {v}", "we owe {s} to {v}", "the maker of {s} is {v}"],
                       ["who (built|made|founded|designed|created|constructed) {s}", "(by whom|who) was {s} (built|made|founded|designed|created) [by]", _KNOW + "who (made|built|founded|designed|created) {s}", "who is the (maker|builder|founder|designer|creator) of {s}", "whose (work|idea|design) is {s}"], "it was made by {v}."),
    "age": Attribute("number", ["{s} is {v} years old", "{s} has stood for {v} years", "the age of {s} is {v} years", "{s} has been there for {v} years", "it is {v} years since {s} was new"],
                     ["how old (is|was) {s} [now|today]", "(what is|what's) the age of {s}", "(what|which) age (is|has) {s}", _KNOW + "(how old {s} is|the age of {s}|what age {s} is)", "how many years old is {s}", "(for how|how) (long|many years) has {s} (stood|been there|existed)"], "it is {v} years old."),
    "code": Attribute("code", ["the (number|code) of {s} is {v}", "{s} has the (number|code) {v}", "use the code {v} for {s}", "for {s} the (number|code) is {v}", "{v} is the (number|code) of {s}"],
                      ["(what is|what's) the (number|code) (of|for) {s}", "which (number|code) (has {s}|does {s} have|is for {s})", "what (number|code) do (i|we|you) need for {s}", _KNOW + "(the (number|code) of {s}|which (number|code) {s} has|what (number|code) to use for {s})", "{s} has (which|what) (number|code)", "(with which|what) code do i (open|use for) {s}"], "the number is {v}."),
    "made": Attribute("word", ["{s} is made of {v}", "{s} consists of {v}", "people made {s} from {v}", "{v} is what {s} is made of", "they used {v} to make {s}"],
                      ["(what|from what|of what) is {s} made [of|from]", "what does {s} consist of", _KNOW + "(what {s} is made of|from what {s} is made|what {s} consists of)", "(what|which) material is {s} [made of]", "what (did they|do they|did people) (use to make|make) {s} [from|of]"], "it is made of {v}."),
    "loved": Attribute("word", ["{s} is famous for {v}", "{s} is known for {v}", "people love {s} for {v}", "{v} made {s} famous", "everybody knows {s} for {v}"],
                       ["(what|for what|why) is {s} (famous|known|well known) [for]", "why do people (love|know|like) {s}", _KNOW + "(what {s} is famous for|why {s} is famous|what {s} is known for)", "what do people (love|know) {s} for", "what (made|makes) {s} (famous|known)"], "it is known for {v}."),
}  # fmt: skip
_PLAIN_ZH = {
    "price": Attribute("number", ["{s}的价格是{v}元", "{s}卖{v}元", "买{s}要{v}元", "{s}要花{v}元", "{v}元可以买{s}"], ["[请问|那]{s}(多少钱|卖多少钱|的价格是多少|要多少钱|贵不贵多少钱|要花多少钱|什么价格)", "买{s}(要|得|需要)(多少钱|花多少钱|多少元)", _ZH_KNOW + "{s}(的价格|多少钱|卖多少钱|要多少钱)"], "要{v}元。"),
    "owner": Attribute("person", ["{s}的主人是{v}", "{s}属于{v}", "{v}拥有{s}", "{s}是{v}的", "{s}归{v}"], ["[请问|那]{s}(的主人是谁|属于谁|是谁的|归谁|归谁所有|的主人叫什么)", "谁(拥有|有){s}", "谁是{s}的(主人|老板)", _ZH_KNOW + "{s}(是谁的|属于谁|的主人是谁|归谁)"], "是{v}的。"),
    "where": Attribute("city", ["{s}在{v}", "{s}位于{v}", "在{v}可以看到{s}", "{v}有{s}", "{s}就在{v}"], ["[请问|那]{s}(在哪里|在哪|在哪儿|位于哪里|在什么地方|在哪个地方|在哪个城市)", "(哪里|什么地方|哪儿|哪个城市)(有|能找到|可以看到|能看到){s}", _ZH_KNOW + "{s}(在哪里|在哪|位于哪里|在什么地方)"], "在{v}。"),
    "colour": Attribute("colour", ["{s}是{v}", "{s}的颜色是{v}", "{s}被涂成{v}", "{s}看起来是{v}"], ["[请问|那]{s}(是什么颜色|的颜色是什么|什么颜色|是哪种颜色|涂成什么颜色|有什么颜色)[的]", _ZH_KNOW + "{s}(的颜色|是什么颜色|什么颜色)"], "是{v}。"),
    "maker": Attribute("person", ["{s}是{v}做的", "{v}做了{s}", "{s}由{v}建造", "{v}造了{s}"], ["[请问|那]{s}(是谁做的|是谁建的|谁做的|由谁建造|是谁造的|谁建的)", "[请问|那](是谁|谁)(做了|建了|造了|建造了){s}", _ZH_KNOW + "(谁做了{s}|{s}是谁做的|{s}是谁建的|谁造了{s})"], "是{v}做的。"),
    "age": Attribute("number", ["{s}有{v}年的历史", "{s}已经{v}年了", "{s}的年头是{v}年", "{s}存在{v}年了"], ["[请问|那]{s}(有多少年|多少年了|的历史有多久|有几年|存在多少年|有多老|多久了)[了]", _ZH_KNOW + "{s}(有多少年|多少年了|的历史|有多久)"], "有{v}年。"),
    "code": Attribute("code", ["{s}的号码是{v}", "{s}用的号码是{v}", "{v}是{s}的号码"], ["[请问|那]{s}(的号码是多少|的号码是什么|的号码呢|用什么号码|几号|是多少号)", "(多少|什么|哪个)(号码)是{s}的", _ZH_KNOW + "{s}(的号码|是几号|用什么号码|的号码是多少)"], "号码是{v}。"),
    "made": Attribute("word", ["{s}是用{v}做的", "{s}由{v}制成", "{v}做成了{s}", "人们用{v}做{s}"], ["[请问|那]{s}(是用什么做的|是什么做的|由什么制成|用什么材料做的|是什么材料)", "(用什么|什么东西)做(了|成|的){s}", _ZH_KNOW + "{s}(用什么做的|是什么做的|由什么制成)"], "是用{v}做的。"),
}  # fmt: skip

_MORE_EN = {
    "price": (["the (ticket|entry|fee) for {s} is {v} euros", "{s} is worth {v} euros", "{s} comes at {v} euros", "they sell {s} for {v} euros", "whoever wants {s} pays {v} euros"], ["what (is|was) (the fee|the ticket|the entry) for {s}", "how many euros (do i need|must i pay|do they want|do they ask) for {s}", "(what|how much) (must|should|would|will) (one|i|we) pay for {s}", "what is {s} worth", "(is|was) {s} (expensive|cheap) how much is it", "at (what|which) price (is|do they sell) {s}", "what do they (ask|want|charge) for {s}"]),
    "open": (["{s} lets people in at {v}", "from {v} on {s} is open", "every day {s} opens at {v}", "{s} begins at {v}", "the first visitors see {s} at {v}"], ["(at|from) (what|which) (time|hour) (is|does) {s} open", "when does {s} (begin|let people in|unlock)", "how (early|soon) (can|will|may) (i go to|we visit|people see|one enter) {s}", "(when|at what time) do the doors of {s} open", "{s} opens when", "since (what|which) hour is {s} open", "what are the opening hours of {s}"]),
    "owner": (["{s} is in the hands of {v}", "{v} is the owner of {s}", "{v} has {s}", "{v} is the boss of {s}", "the boss of {s} is {v}", "{s} is managed by {v}"], ["who (is the boss|takes care|is the owner|is responsible|is at the head) of {s}", "{s} (belongs to whom|is whose)", "who (manages|directs|leads|keeps|holds|bought) {s}", "in whose hands is {s}", "what is the name of the (owner|boss|head) of {s}", "whom does {s} belong to", "(by whom|who) is {s} (managed|directed|kept|held) [by]"]),
    "where": (["{s} lies in {v}", "{s} was built in {v}", "{v} is the place of {s}", "{v} has {s}", "to see {s} go to {v}", "{s} belongs to the sights of {v}"], ["where (was|were|is|lies) {s} [built|to be found|situated]", "(what|which) (city|town|place) (must|should|do) (i|we) go to [to see|for] {s}", "(to|in) (what|which) (city|town|place) (do i go for|lies|was|would i find) {s}", "where (should|must|would) (i|we) (go|look|travel) (for|to see) {s}", "where (exactly|on earth|in the world) is {s}", "{s} is where", "where did they (build|put|set up) {s}"]),
    "colour": (["{s} shines {v}", "{v} is the colour of {s}", "{s} comes in {v}", "everybody sees that {s} is {v}", "the walls of {s} are {v}"], ["(what|which) colo[u]r (does {s} come in|did {s} get|do the walls of {s} have|do people see on {s})", "{s} has (what|which) colo[u]r", "how does {s} look", "(is|was) {s} (red|blue|green|white) or what colo[u]r", "in which colo[u]r does {s} (shine|come)"]),
    "maker": (["{s} comes from the workshop of {v}", "{s} was planned by {v}", "it was {v} who built {s}", "{v} was the builder of {s}", "{v} planned and built {s}"], ["(who|which person) (planned|invented|set up|put up|drew|started) {s}", "{s} was (made|built|designed|founded) by whom", "who (is|was) behind {s}", "from whose (workshop|hand) (is|comes) {s}", "who was it that (built|made|founded) {s}", "what is the name of the (maker|builder|founder) of {s}"]),
    "age": (["{s} was built {v} years ago", "{s} looks back on {v} years", "{v} years ago {s} was new", "{s} celebrates {v} years", "they opened {s} {v} years ago"], ["how (long ago|many years ago) was {s} (built|new|made|opened)", "since how many years (does {s} exist|is {s} there)", "what is the age in years of {s}", "(of|at) (what|which) age is {s}", "how many years does {s} (have|celebrate|look back on)", "{s} is how old"]),
    "code": (["to open {s} type {v}", "{s} opens with the code {v}", "the code for {s} was set to {v}", "whoever needs {s} calls the number {v}", "on {s} stands the number {v}"], ["(what|which) (number|code) (opens|belongs to|stands on|must i type for|was set for) {s}", "(with|under) (what|which) (number|code) (do i reach|can i open|is) {s}", "how do i open {s} (what|which) code is it", "the (number|code) (of|for) {s} (please|is what)", "what (must|should|do) i (type|call|dial|enter) for {s}"]),
    "made": (["{s} is built of {v}", "the material of {s} is {v}", "{s} was cut from {v}", "there is nothing but {v} in {s}", "for {s} they took {v}"], ["what (is|was) {s} (built|cut|put together) (of|from)", "(what|which) (stuff|thing|material) (is in|was used for|did they take for|did they need for) {s}", "what is the material of {s}", "from (what|which) material (is|was) {s} [built|made]", "{s} (is made|consists) of what"]),
    "loved": (["{s} owes its fame to {v}", "the best thing about {s} is {v}", "visitors come to {s} for {v}", "the fame of {s} comes from {v}"], ["(what|which thing) (is|was) {s} (loved|praised|liked|best known) for", "to what does {s} owe its fame", "what is (special|the best thing|famous) about {s}", "for what do (visitors|people|guests) (come to|love|praise|know) {s}", "where does the fame of {s} come from"]),
}  # fmt: skip
_NEW_EN = {
    "close": Attribute("hour", ["{s} closes at {v}", "{s} is open until {v}", "the doors of {s} close at {v}", "at {v} {s} is locked", "nobody gets into {s} after {v}", "{s} shuts at {v}"], ["when (does|will|is) {s} (close|shut|closed|end)", "(until when|until what time|how long) is {s} open", "(at what|what|which) (time|hour) does {s} (close|shut|end)", _KNOW + "(when {s} closes|until when {s} is open|the closing time of {s})", "what is the closing time of {s}", "when must (i|we) leave {s}", "how late (can i go to|is) {s} [open]"], "it closes at {v}."),
    "height": Attribute("number", ["{s} is {v} metres (high|tall)", "the height of {s} is {v} metres", "{s} reaches {v} metres into the sky", "{s} measures {v} metres", "from top to bottom {s} has {v} metres"], ["how (high|tall) is {s}", "(what is|what's) the height of {s}", "how many metres (is|does|has) {s} [high|tall|measure|have]", _KNOW + "(how (high|tall) {s} is|the height of {s})", "how far up does {s} reach"], "it is {v} metres high."),
    "weight": Attribute("number", ["{s} weighs {v} tons", "the weight of {s} is {v} tons", "{s} is {v} tons heavy", "on the scale {s} shows {v} tons"], ["how (heavy|much) (is|does) {s} [weigh]", "(what is|what's) the weight of {s}", "how many tons (does {s} weigh|is {s})", _KNOW + "(how heavy {s} is|the weight of {s}|what {s} weighs)", "what does {s} weigh"], "it weighs {v} tons."),
    "guests": Attribute("number", ["{s} has {v} visitors a day", "every day {v} people come to {s}", "{v} guests visit {s} each day", "the number of visitors of {s} is {v} a day"], ["how many (people|visitors|guests) (come to|visit|see|does|has) {s} [have] [a day|each day|every day]", "(what is|what's) the number of (visitors|guests) of {s}", _KNOW + "(how many people come to {s}|how many visitors {s} has)", "by how many people is {s} visited"], "it has {v} visitors a day."),
    "serves": Attribute("word", ["{s} serves {v}", "at {s} you can eat {v}", "the kitchen of {s} makes {v}", "for lunch {s} offers {v}", "{v} is on the menu of {s}"], ["what (does|can|do) (one|i|we|you) (eat|get|order) (at|in) {s}", "what (is there|do they have|do they serve) to eat (at|in) {s}", "what does {s} (serve|offer|cook)", _KNOW + "(what {s} serves|what one can eat at {s}|what is on the menu of {s})", "what is on the menu of {s}", "(what|which) food does {s} (have|offer|serve)"], "it serves {v}."),
    "guard": Attribute("person", ["{s} is guarded by {v}", "{v} guards {s}", "the guard of {s} is {v}", "at night {v} looks after {s}", "{v} keeps the keys of {s}"], ["who (guards|watches|looks after|keeps the keys of) {s} [at night]", "who is the guard of {s}", "by whom is {s} guarded", _KNOW + "(who guards {s}|who looks after {s}|the guard of {s})", "what is the guard of {s} called"], "it is guarded by {v}."),
    "gift": Attribute("person", ["{s} was a gift from {v}", "{v} gave {s} to the city", "the city got {s} from {v}", "{s} was given by {v}"], ["who gave {s} [to the city]", "from whom (is|was|comes) {s} [a gift]", "whose gift (is|was) {s}", _KNOW + "(who gave {s} to the city|from whom {s} is)", "from whom did the city get {s}"], "it was a gift from {v}."),
    "time_to": Attribute("number", ["the way to {s} takes {v} minutes", "{s} is {v} minutes from here", "it takes {v} minutes to get to {s}", "you walk {v} minutes to {s}"], ["how (far|long|many minutes) (is|does) (it|the way) [take] to {s}", "how (long|many minutes) do (i|we) (walk|need|drive) to {s}", _KNOW + "(how far {s} is|how long the way to {s} is|how many minutes it is to {s})", "how far is {s} [from here|away]", "how many minutes away is {s}"], "it is {v} minutes from here."),
}  # fmt: skip
_MORE_ZH = {
    "price": (["{s}的票价是{v}元", "{s}值{v}元", "进{s}要付{v}元", "{s}定价{v}元"], ["{s}(值多少钱|票价是多少|要付多少|贵吗多少钱|定价多少|几块钱|花费多少)", "(进|去|得到){s}要(多少钱|付多少钱|花多少)", "(要付|得花|该付)多少钱(买|给){s}", "{s}一共[要]多少元"]),
    "owner": (["{v}是{s}的主人", "{s}由{v}管理", "{s}在{v}名下", "{s}的老板是{v}"], ["{s}(在谁名下|由谁管理|的老板是谁|的所有者是谁|谁管|谁的)", "谁(管理|管|买了|负责){s}", "{s}的主人(叫什么|名字是什么|是哪位)", "(哪个人|哪位)(拥有|管理){s}"]),
    "where": (["{s}建在{v}", "{v}是{s}的所在地", "要看{s}就去{v}", "{s}坐落在{v}"], ["{s}(建在哪里|坐落在哪|的位置在哪|的所在地是哪里|在哪座城市|坐落在哪里)", "(去哪里|到哪里|去哪儿|到哪)(看|找|参观){s}", "{s}到底在(哪|哪里|哪儿)", "(看|找|参观){s}要去(哪里|哪儿|哪个城市)"]),
    "colour": (["{s}的墙是{v}", "{s}漆成{v}", "大家看到{s}是{v}"], ["{s}(漆成什么颜色|的墙是什么颜色|是啥颜色|看起来什么颜色|颜色是什么|属于什么颜色)[的]", "(什么|哪种)颜色是{s}的", "{s}长什么颜色"]),
    "maker": (["{s}是{v}设计的", "{s}的建造者是{v}", "当年{v}建了{s}", "{s}出自{v}之手"], ["{s}(是谁设计的|的建造者是谁|出自谁之手|的设计者是谁|当年谁造的)", "(谁|哪位|哪个人)(设计|建造|建立|创建)了{s}", "{s}的(建造者|设计者)叫什么"]),
    "age": (["{s}是{v}年前建的", "{v}年前有了{s}", "{s}今年{v}年了"], ["{s}(是多少年前建的|几年了|今年多少年|建了多少年|多大年头|有几年了)[了]", "{s}存在了(多久|几年|多少年)", "(多少|几)年前(有了|建了){s}"]),
    "code": (["打开{s}要用{v}", "{s}的编号是{v}", "找{s}请拨{v}"], ["{s}的编号是(什么|多少)", "(打开|找){s}(用什么号码|要拨多少|要用什么|拨什么号)", "{s}(是几号|号码多少|号码是几|号是多少)"]),
    "made": (["{s}的材料是{v}", "做{s}用了{v}", "{s}用{v}造成"], ["{s}的材料是什么", "(做|造){s}(用了什么|要什么材料|用什么)", "{s}(用啥做的|的材质是什么|由什么做成|什么材料)"]),
}  # fmt: skip
_NEW_ZH = {
    "open": Attribute("hour", ["{s}{v}开门", "{s}从{v}开始开放", "{s}每天{v}开放", "{v}可以进{s}", "{s}的开门时间是{v}"], ["{s}(几点开门|什么时候开门|几点开放|的开门时间是几点|何时开门|几点可以进)", "(几点|什么时候)(能|可以)(进|去|参观){s}", _ZH_KNOW + "{s}(几点开门|什么时候开门|的开门时间)"], "{v}开门。"),
    "close": Attribute("hour", ["{s}{v}关门", "{s}开到{v}", "{s}每天{v}关闭", "{v}以后进不了{s}", "{s}的关门时间是{v}"], ["{s}(几点关门|什么时候关门|开到几点|的关门时间是几点|何时关门)", "(几点|什么时候)(得|要)离开{s}", _ZH_KNOW + "{s}(几点关门|开到几点|的关门时间)"], "{v}关门。"),
    "height": Attribute("number", ["{s}高{v}米", "{s}的高度是{v}米", "{s}有{v}米高", "从上到下{s}有{v}米"], ["{s}(有多高|多高|高多少米|的高度是多少|有几米高|几米高)", _ZH_KNOW + "{s}(有多高|的高度|多少米高)"], "高{v}米。"),
    "weight": Attribute("number", ["{s}重{v}吨", "{s}的重量是{v}吨", "{s}有{v}吨重"], ["{s}(有多重|多重|重多少吨|的重量是多少|有几吨重)", _ZH_KNOW + "{s}(有多重|的重量|多少吨)"], "重{v}吨。"),
    "guests": Attribute("number", ["每天有{v}人来{s}", "{s}每天有{v}个客人", "一天有{v}人参观{s}"], ["(每天|一天)有多少人(来|去|参观){s}", "{s}(每天有多少人|有多少客人|一天多少人)", _ZH_KNOW + "{s}(每天有多少人|有多少客人)"], "每天有{v}人。"),
    "serves": Attribute("word", ["{s}供应{v}", "在{s}可以吃{v}", "{s}的厨房做{v}", "{s}的菜单上有{v}"], ["{s}(供应什么|有什么吃的|可以吃什么|的菜单上有什么)", "(在|到){s}(能|可以)吃什么", _ZH_KNOW + "{s}(供应什么|有什么吃的|可以吃什么)"], "供应{v}。"),
    "guard": Attribute("person", ["{v}看守{s}", "{s}由{v}看守", "晚上{v}守着{s}", "{s}的守卫是{v}"], ["谁(看守|守着|看着){s}", "{s}(由谁看守|的守卫是谁|谁看守)", _ZH_KNOW + "(谁看守{s}|{s}的守卫是谁)"], "由{v}看守。"),
    "time_to": Attribute("number", ["去{s}要{v}分钟", "{s}离这里{v}分钟", "走到{s}要{v}分钟"], ["(去|走到|到){s}要(多久|多长时间|多少分钟|几分钟)", "{s}离这里(多远|多少分钟|有多远)", _ZH_KNOW + "(去{s}要多久|{s}有多远)"], "要{v}分钟。"),
}  # fmt: skip


def _widened(table: dict[str, Attribute], more: dict[str, tuple[list[str], list[str]]]) -> dict[str, Attribute]:
    return {
        name: replace(plain, states=[*plain.states, *more[name][0]], asks=[*plain.asks, *more[name][1]])
        if name in more
        else plain
        for name, plain in table.items()
    }


EN = {**_widened(_PLAIN_EN, _MORE_EN), **_NEW_EN}
ZH = {**_widened(_PLAIN_ZH, _MORE_ZH), **_NEW_ZH}
EN_AROUND = [
    "many people like {s}",
    "{s} is [very|quite] (popular|old fashioned|beautiful|well visited) [in summer|with children]",
    "children love {s}",
    "there is a (bench|tree|small garden|fountain) beside {s}",
    "nobody knows why {s} is so popular",
    "it often rains there",
    "you can take photos of {s}",
]
ZH_AROUND = [
    "很多人喜欢{s}",
    "{s}(很受欢迎|很漂亮|夏天人很多)",
    "孩子们爱{s}",
    "{s}旁边有(一棵树|一个小花园|长椅)",
    "那里常常下雨",
    "可以给{s}拍照",
]
"""What a passage may say besides, that nobody asks for."""
