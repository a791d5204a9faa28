"""What people say to the starter recogniser, as hassil templates: `[optional]`, `(one|of)`, `{slot}` of `words_lists`, `{n}` a number.

Rules: `TRAINING` feeds the language model and the training speech; `DEV` and `TEST` are other phrasings of the same domain that
neither has seen; `DEMO` are the demo's own sentences, which training may know.
"""

_ASK = "[please|can you|could you|would you|i want you to|can you please]"

DEMO = (
    "what can you do", "my name is anna", "what time is it", "how are you today", "do you remember my name",
    "turn on the kitchen light", "tell me a joke", "what is the capital of france", "what did you say", "repeat that",
    "thank you", "goodbye", "what is my name", "who are you", "stop", "yes", "no", "never mind",
)  # fmt: skip

TRAINING = (
    # home
    _ASK + " (turn|switch) (on|off) [all] [the|my] [{room}] {light} [please|now]",
    _ASK + " (turn|switch) [the|my] [{room}] {light} (on|off) [please]",
    _ASK + " (turn|switch) (on|off) [the|my] [{room}] {switch} [please|now]",
    _ASK + " (turn|switch) the {switch} (on|off) [in the {room}]",
    "(turn|switch) (on|off) (all|all the|the|every) {light} in the {room} [please]",
    "{room} {light} (on|off)", "lights (on|off)", "[turn] everything (on|off)", "(is|are) the [{room}] ({light}|{switch}) (on|off)",
    _ASK + " (set|dim|turn|change) [the] [{room}] {light} to {n} percent [brightness]",
    _ASK + " (set|change|turn|make) [the] [{room}] {light} [color] [to] {colour} [please]",
    "(dim|brighten) the [{room}] {light} [a little|a bit]", "make (it|the {room}) (brighter|darker|warmer|colder|cooler|cozy)",
    "set [the] [{room}] brightness to {n} [percent]",
    _ASK + " (open|close|shut|raise|lower) [the|my|all] [{room}] {cover} [please|now|halfway]",
    _ASK + " (open|close) the {cover} in the {room}", "set the [{room}] {cover} to {n} percent", "(is|are) the {cover} (open|closed)",
    _ASK + " (lock|unlock) [the|my] {lock} [please|now]", "is the {lock} (locked|unlocked|open|closed)", "did i lock the {lock}",
    _ASK + " set [the] [{room}] (temperature|heating|thermostat) to {n} [degrees] [celsius|fahrenheit]",
    "(increase|decrease|raise|lower) the [{room}] temperature [by {n} degrees]",
    "what is the temperature [(in|of) the {room}|outside|inside]", "how (warm|cold|hot|humid) is it [in the {room}|outside|inside]",
    "set the [{room}] fan [speed] to (low|medium|high|auto|{n} percent)", "(start|stop|pause) the (vacuum|robot|lawn mower|mower) [cleaner]",
    "(vacuum|clean) the {room}", "send the (vacuum|robot|mower) (home|back to its base)", "return to base",
    _ASK + " (activate|turn on|start|set) the {scene} (scene|mode)", "(activate|run|start) [the] {scene} (scene|script|routine|mode)",
    "(arm|disarm) the alarm [system]", "is (anyone|anybody|someone) (home|at the door|in the {room})", "where is {name}",
    # media
    _ASK + " play [some] {music} [in the {room}|on the [{room}] (speaker|tv)]",
    "(pause|stop|resume|continue|unpause) [the] (music|song|movie|video|playback|radio|podcast|player) [in the {room}]",
    "(next|previous) (song|track|one)", "skip [this|to the next] (song|track)", "(mute|unmute) [the] (tv|music|speaker|volume|sound)",
    "(turn|set) the volume (up|down|to {n} [percent])", "(set|change) [the] [{room}] volume to {n} [percent]", "turn [it|the music] (up|down) [a bit]",
    "(louder|quieter|softer) [please]", "speak (louder|quieter|slower|faster|up) [please]", "(increase|decrease|raise|lower) the volume [by {n}]",
    # time
    "what time is it [now|please|in {city}]", "what is the time [now|please]", "(can you|could you) tell me the (time|date) [please]",
    "tell me the (time|date)", "what day is (it|today|tomorrow)", "what is (the|today's) date [today]", "what (month|year) is it",
    "what is the date (today|tomorrow|on {day})", "how many days until (christmas|{day}|my birthday)", "when is (christmas|easter|my birthday)",
    _ASK + " (set|start|create) a timer for {n} (minutes|seconds|hours|minute|hour)", "set a {n} (minute|second|hour) timer [please]",
    "(set|start) a {timer} timer for {n} (minutes|seconds)", "[set a] timer [for] {n} (minutes|seconds|hours)",
    "set a timer for {n} minutes and {n} seconds", "set a timer for (half an hour|an hour|a minute|one and a half hours|a quarter of an hour)",
    "(cancel|stop|pause|resume|delete) (the|my|all|that) [{timer}|{n} minute] (timer|timers)", "how (much|long) time is left [on the [{timer}] timer]",
    "how (long|much time) [is] left on (my|the) [{timer}] timer", "(add|take|remove) {n} minutes (to|from|off) (my|the) [{timer}] timer",
    _ASK + " (set|create) an alarm (for|at) {n} [{n}] [a m|p m|o'clock|in the morning|in the evening] [{day}|tomorrow]",
    "wake me [up] (at|in) {n} [{n}|hours|o'clock] [tomorrow|on {day}|in the morning]", "(cancel|stop|delete|snooze|turn off) (the|my) alarm",
    "(remind me|set a reminder) to {task} [tomorrow|tonight|at {n} [o'clock]|in {n} (minutes|hours)|on {day}|on the {ordinal}]",
    "remind me (at {n}|tomorrow|on {day}|in {n} minutes) to {task}", "what are my (reminders|alarms|timers|appointments|tasks)",
    "my birthday is [on] [the] {month} [the] {ordinal}", "my birthday is on the {ordinal} of {month}", "it is the {ordinal} of {month}",
    "when was i born", "i was born (in {month}|in {city}|on the {ordinal} of {month}|in nineteen {n}|in two thousand {n})",
    # lists
    _ASK + " (add|put) {food} [and {food}] (to|on) (my|the) {list} [please]", "(add|put) {task} (to|on) my {list}",
    "(remove|delete|take|check) {food} (from|off) (my|the) {list}", "what is on (my|the) {list}", "(read|clear|show) [me] (my|the) {list}",
    "i (bought|need|want|have) [some] {food} [and {food}]", "we need [more|some] {food}", "is {food} on (my|the) {list}",
    # counting
    "what is {n} (plus|minus|times|divided by|multiplied by) {n}", "how much is {n} (plus|minus|times|divided by) {n}",
    "(add|subtract|multiply|calculate) {n} (and|by|from|plus|times) {n}", "what is {n} percent of {n}", "what is the square root of {n}",
    "how many {unit} (are in|are|in) ({n} {unit}|a mile|a pound|a kilometer|a gallon|an hour|a day)", "convert {n} {unit} to {unit}",
    "what is half of {n}", "count (to|from|backwards from) {n} [to {n}]", "{n} {unit}", "{n} [{n}] [{n}]", "{n} point {n}", "{n} hundred [and] {n}",
    "{n} thousand [{n} hundred]", "roll a (dice|die)", "flip a coin", "(pick|choose|give me) a [random] number [between {n} and {n}]",
    # knowledge
    "[tell me] what is the capital [city] of {country}", "where is ({city}|{country})", "how (far|big) is ({city}|{country}|the moon|the sun)",
    "how many people live in ({city}|{country}|the world)", "what is the (biggest|largest|smallest|highest|longest) (country|city|river|mountain|animal|island) [in ({country}|the world)]",
    "what (language|languages) do they speak in {country}", "what is the population of ({city}|{country})", "who (is|was) {name}",
    "(what is|explain|tell me about|do you know [anything about]) ({topic}|{country}|a {animal})", "why is the (sky blue|grass green|sea salty|sun hot)",
    "how (does|do) {topic} work", "what is the (weather|forecast) [like] [today|tomorrow|on {day}|in {city}|outside]",
    "how is the weather [today|tomorrow|in {city}]", "will it {weather} [today|tomorrow|tonight|on {day}|in {city}]", "is it going to {weather} [today|tomorrow|on {day}]",
    "do i need (an umbrella|a jacket|a coat) [today|tomorrow]", "when (does|will) the sun (rise|set) [today|tomorrow]", "what is the news [today]",
    "how do you (spell|say|write) ({name}|{food}|{animal}) [in (english|german|french|spanish|chinese|italian)]", "what does {misc} mean",
    "(write|show me) a (short|small|simple) (program|poem|story|function|song|loop) [in python] [about {topic}]", "write a program that (counts|prints|adds) [{n}] numbers",
    "how do i (cook|make|clean|fix|boil|bake) ({food}|the {switch}|an egg|a cake)", "what can i (cook|make) with {food} [and {food}]",
    # talk
    "my name is {name} [what is your name|and i live in {city}]", "(i am|i'm|call me|this is|it is) {name}", "(hello|hi|hey|good morning|good evening) [i am|i'm|my name is|this is] {name}",
    "what is (my|your) name", "what's (my|your) name", "do you (remember|know) (my name|me|who i am|what i said|what my name is|my dog|my birthday|where i live|what i like)",
    "who (are|made|created|built) you", "who am i", "what are you", "what can you do [for me]", "what can i (ask|say) [you]", "how can you help [me]", "can you help me [please|with {topic}]",
    "how are you [today|doing|feeling] [today]", "how do you (do|feel) [today]", "(i am|i'm|i feel) [very|so|a bit|really|not] (tired|happy|sad|fine|good|bored|hungry|sick|great|well|ok|cold|hot|thirsty|angry) [today]",
    "are you (a robot|a computer|human|real|there|listening|awake|ready|sure|online|happy|a machine|a person|smart)", "how old are you", "where (are|do) you (from|live|come from)", "where do i (live|work)",
    "tell me [a|another|one more] (joke|story|riddle|fact|poem|secret)", "tell me (a funny|a short|another|a bedtime) (joke|story|fact)", "(sing|sing me) a song", "make me laugh", "that (was|is) (funny|good|great|nice|wrong|right|not right|not funny)",
    "thank you [very much|so much|that is all|for your help|goodbye]", "(thanks|thanks a lot|many thanks)", "(goodbye|bye|bye bye|good night|see you [later|soon|tomorrow]) [{name}]", "you are welcome", "have a (nice|good) (day|evening|night)",
    "i live in {city}", "i live in {country} [with my {kin}]", "i (come from|am from|was born in) ({city}|{country})", "where (was i born|am i from)", "i (work|live) (in|at) (an office|a school|a hospital|a factory|{city}|home|a house|a flat|a small town)", "i (am|work as) a {job}", "what (do i do|is my job)",
    "my (favorite|favourite) (color|colour) is {colour}", "what is my (favorite|favourite) (color|colour|food|animal|sport|city|number|song|book|movie|drink)", "my (favorite|favourite) (food|drink) is {food}", "my (favorite|favourite) animal is [the|a] {animal}",
    "my (favorite|favourite) (hobby|sport) is {hobby}", "my (favorite|favourite) (number|city|country) is ({n}|{city}|{country})", "i (like|love|hate|enjoy|prefer) ({food}|{hobby}|{animal}|{music}) [and ({food}|{hobby})]", "what do i like [to (eat|drink|do)]", "do you like ({food}|{hobby}|{animal}|{music})",
    "i (do not|don't) like ({food}|{hobby})", "i am {n} years old", "how old am i", "my {animal} is (called|named) ({pet}|{name})", "my {animal}'s name is ({pet}|{name})", "i have a {animal} (called|named) ({pet}|{name})", "what is (my {animal}|my {kin}) (called|named)", "what is the name of my ({animal}|{kin})",
    "my {kin} is (called|named) {name}", "my {kin}'s name is {name}", "my {kin} lives in {city}", "my {kin} (likes|loves) ({food}|{hobby})", "what is my {kin}'s name", "i have {n} (children|brothers|sisters|cats|dogs|kids|friends)", "my (code|password|phone number|number|address|house number) is {n} [{n}] [{n}]",
    "remember (that|this) [my name is {name}|i like {food}|my {kin} is called {name}|the code is {n}]", "(please|) remember that my {kin} likes {food}", "forget (that|everything|my name|it|what i said)", "what do you know about (me|{name}|my {kin}|{topic})", "i parked [the car] (on|in) (level|floor|row) {n}", "where did i (park|put my keys|leave my phone)", "(i put|i left) (my keys|my phone|my wallet|the keys|my glasses) (in|on) the ({room}|table|drawer|shelf)",
    "(what did|what do) you (say|mean|think)", "what did i (say|ask|tell you)", "(repeat|say) that [again|please|once more]", "(say it|once) again [please]", "(can|could) you (repeat|say) that [again|please]", "[i'm] sorry [what|i did not understand|i didn't hear you]", "pardon [me]", "(go on|continue|carry on|tell me more|more)",
    "(stop|stop it|stop talking|stop that|please stop|be quiet|shut up|quiet|silence|cancel|cancel that|enough|wait|wait a (minute|moment|second)|hold on|hang on)", "never mind", "(forget it|no thanks|no thank you|not now|that is all|that's all)",
    "(yes|yes please|yeah|yep|sure|ok|okay|of course|right|correct|exactly|no|nope|maybe|i don't know|i think so|not really|all right|very good|i see|really|good|great|perfect|cool|wow|oh)", "what about ({day}|{city}|{country}|you|the {room}|{name}|{food})", "and (tomorrow|in {city}|{country}|you|the {room}|now|then)", "let's (talk|play a game|start|go|begin)", "i have a question", "i need help", "i want to (talk|sleep|learn|play|know|go|ask you something)",
    "speak (english|chinese|german)", "do you speak (english|german|french|chinese|spanish)", "summarize (this|that|our talk|what we said)", "translate {food} into (french|german|spanish|chinese)", "what (should|can|shall) i (eat|do|cook|wear|read|watch|drink) [today|tonight|tomorrow]",
    "(okay nabu|hey jarvis|alexa|hey mycroft) [what time is it|stop|turn on the light|hello]", "(announce|broadcast|tell everyone) [that] (dinner is ready|it is time for bed|i am home|we are leaving|breakfast is ready)", "{misc}", "{misc} {misc}", "{name}", "{food}", "{city}", "{country}", "{colour}", "{day}", "{month} [{ordinal}]", "{room}", "{unit}",
)  # fmt: skip

DEV = (
    "i would like the {light} in the {room} to be {colour}", "please make the {room} {light} go off", "could you please close all {cover} in the {room}",
    "i want {n} percent brightness in the {room}", "start counting down {n} minutes please", "please wake me at {n} in the morning",
    "put some {food} on the list please", "can you tell me where {city} is", "the name of my {kin} is {name}", "my dog {pet} likes {food}",
    "i am called {name}", "do you still know my name", "tell me what you can do", "what is the weather going to be on {day}",
    "is there any {food} on the shopping list", "how much is {n} and {n}", "please say that one more time", "please lock up the {lock}",
)  # fmt: skip
TEST = (
    "i want the {room} {light} on please", "please get the {light} in my {room} turned off", "would you dim all the lights in the {room}", "let me have {colour} light in the {room}",
    "please open up the {room} {cover}", "is anything on in the {room}", "make the {room} {n} degrees please", "give me a timer of {n} minutes", "i need a timer for my {food} please",
    "wake me on {day} at {n}", "do not let me forget to {task}", "please put {food} and {food} on the list", "take {food} off the list again", "what do you get for {n} times {n}",
    "can you tell me the capital of {country}", "tell me how big {country} is", "what city is the capital of {country}", "people call me {name}", "hello there my name is {name}", "can you remember that i am {name}",
    "my {kin} is called {name} and lives in {city}", "i have a {animal} and its name is {pet}", "the color i like is {colour}", "do you know what my name is", "please tell me who you are", "so what can you do for me",
    "i want to hear a joke please", "could you play {music} in the {room}", "please turn the music down a bit", "is it going to {weather} in {city} tomorrow", "what day is it on the {ordinal}", "i did not hear you please say that again", "can you please lock the {lock} for me", "what is on my list for {day}",
)  # fmt: skip
