# ruff: noqa: E501 (tables of phrases, one row a line)
"""Facts told and asked: the phrasings of each kind, in both languages. Slots: {v} the value, {k} the thing it belongs to,
{f} that thing without "favourite", {o} the old value.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Kind:
    """One kind of fact."""

    name: str
    tell: Sequence[str]
    ask: Sequence[str]
    answer: str
    untold: str
    ack: Sequence[str]
    correct: Sequence[str] = ()
    slot: str = "{k}"
    """Its name in the memory block."""


_ACK = ["(okay|noted|got it|all right|good), ", "I will remember that ", "I have noted that ", ""]
_ASK_MY = [
    "(what is|what's|what was|whats) my {k} [again|now|called]", "(do|can|could|would) you [still] (remember|know|recall|tell me|say|repeat|give me) my {k} [again]", "(tell|remind|give) me [again] [of] my {k} [again|now]",
    "[can you|could you|please] tell me what my {k} (is|was) [again]", "(do|can) you [still] (remember|know|tell me) what my {k} (is|was) [again]", "i (forgot|forget|have forgotten|do not remember|can't remember|need|lost) my {k} [again]",
    "what did i (say|tell you|call) [about] my {k} [is|was]", "what (have|had) i told you about my {k}", "(which|what) {k} (do|did) i (have|tell you|say|mention|give you)", "my {k} (what was it|what is it|please|is what|was)", "say my {k} [again|out loud]",
    "and my {k}", "what about my {k}", "i want to (know|hear) my {k} [again]", "let me (hear|have) my {k} [again]", "you know my {k} (right|don't you) what is it",
]  # fmt: skip
_TELL_MY = [
    "my {k} is {v} [now|today]", "[please|can you|could you] remember [that] my {k} is {v}", "[please] (note|save|keep in mind|do not forget|don't forget|write down|memorize|learn) [that] my {k} is {v}", "i (want|need|would like) you to (know|remember) [that] my {k} is {v}",
    "{v} is my {k}", "(just so you know|for your information|remember this|listen|note this|you should know|let me tell you) my {k} is {v}", "the {k} i have is {v}", "for my {k} (it is|it's|take|put down|use) {v}", "i have (a|a new) {k} it is {v}", "my [new|own] {k} (is called|would be|will be|was|happens to be|must be|has to be) {v}", "as (for|to) my {k} it is {v}", "my {k} that's {v}", "set my {k} to {v}",
]  # fmt: skip
_CORRECT_MY = [
    "[no] [wait|sorry|actually|oh] my {k} is {v}", "(no|sorry|actually|wait|correction|no wait|i meant|oh no) (it is|it's) {v}", "[sorry|no|actually] i meant {v}", "(change|update|correct|set) my {k} to {v} [please]", "that was wrong my {k} is {v}", "my {k} is (not {o} but {v}|{v} not {o}|no longer {o} it is {v}|{v} now)", "i (made a mistake|was wrong) my {k} is {v}", "(it is|it's) (not {o}|{v} not {o}) (it is {v}|sorry)",
]  # fmt: skip


def _my(name: str) -> Kind:
    clause = "your {k} is {v}."
    return Kind(
        name,
        _TELL_MY,
        _ASK_MY,
        "your {k} is {v}.",
        "you have not told me your {k} yet.",
        [head + clause for head in _ACK],
        _CORRECT_MY,
    )


_NAME_ASK = [
    "(what is|what's|what was|whats) my name [again|now|then]", "who am i [again]", "(do|can) you [still] (remember|know|recall|tell me|say) (my name|who i am|what i am called|what my name is|what i'm called)", "what (am i|was i) called [again]", "(tell|remind) me [again] [of] (my name|who i am|what my name is)", "(say|repeat) my name [again|out loud]",
    "what (do|did|should|will) you call me", "(what|which) name did i (tell you|say|give you|mention)", "did i tell you my name [what is it]", "have i told you my name", "(how|what) am i called", "i forgot my name", "you (still)? know my name (right|don't you)", "can you still say who i am", "and my name", "my name (please|what is it|what was it)", "how do you call me", "by what name do you know me", "do you have my name",
]  # fmt: skip
_NAME_TELL = [
    "my name is {v}", "(i am|i'm) {v}", "(i am|i'm) called {v}", "[please|you can|just|you may] call me {v}", "(people|my friends|they|all|everybody|everyone) call[s] me {v}", "my [first|full|own|real] name is {v}", "the name is {v}", "{v} is my name", "[please] remember [that] my name is {v}", "(it's|it is|this is) {v} (here|speaking|talking)", "(this is|here is) {v}", "i go by {v}", "i want you to call me {v}", "(hello|hi|hey) (i am|i'm|my name is|my name's|it's|this is) {v}", "my name's {v}", "i (was named|was born|am known as) {v}", "(let me|may i) introduce myself i am {v}", "you are talking to {v}", "my parents named me {v}", "{v} that's me",
]  # fmt: skip

_PERSON_ASK = [
    "(what is|what's|what was|whats) my {k}'s name [again|now]", "(what is|what was) my {k} called [again]", "what (is|was) the name of my {k} [again]", "(do|can|could) you [still] (remember|know|recall|tell me|say) (my {k}'s name|the name of my {k}|what my {k} is called|who my {k} is|what my {k}'s name is)", "who is my {k} [again]", "(tell|remind) me [again] [of] (my {k}'s name|the name of my {k}|what my {k} is called)", "i (forgot|can't remember|need|forget) (my {k}'s name|the name of my {k}|what my {k} is called)", "how is my {k} called", "what did i say my {k} is called", "what do i call my {k}", "(which|what) name does my {k} have", "and my {k}", "what about my {k}", "what name did i give you for my {k}",
]  # fmt: skip
_PERSON_TELL = [
    "my {k}'s name is {v}", "my {k} is (called|named) {v}", "i have a {k} (called|named|her name is|his name is|whose name is|it is called) {v}", "[please] (remember|note|don't forget) [that] my {k} is (called|named) {v}", "[please] (remember|note|don't forget) [that] my {k}'s name is {v}", "the name of my {k} is {v}", "{v} is my {k} [you know]", "{v} is the name of my {k}", "we call (my|our) {k} {v}", "my {k} goes by [the name] {v}", "my {k} is {v}", "my {k} has the name {v}", "i call my {k} {v}", "my [new|little|old|dear] {k}'s name is {v}",
]  # fmt: skip

_HEAD = ["okay, ", "noted, ", "got it, ", "I will remember that ", ""]


def _acks(clause: str, *more: str) -> list[str]:
    return [head + clause for head in _HEAD] + list(more)


EN: dict[str, Kind] = {
    "name": Kind("name", [p.replace("(still)?", "[still]") for p in _NAME_TELL], [p.replace("(still)?", "[still]") for p in _NAME_ASK], "your name is {v}.", "you have not told me your name yet.",
                 ["nice to meet you, {v}.", "hello {v}, nice to meet you.", "okay, {v}, I will remember that.", "your name is {v}, noted."],
                 ["[no|sorry|actually|wait] my name is {v} [not {o}]", "[no|sorry|actually] (call me|i am called|i'm|it is|i meant) {v} [not {o}]", "that was wrong my name is {v}", "(change|set|correct) my name to {v}"], "name"),
    "my": _my("my"),
    "favourite": replace(
        _my("favourite"),
        tell=[*_TELL_MY, "the {f} i (like|love|prefer|enjoy) [the] (best|most) is {v}", "(of all|as a) {f} i (like|love|prefer) {v} [best|most]", "i (like|love|prefer) {v} (best|most|the most) as [a] {f}", "my (best|most loved|preferred) {f} is {v}"],
        ask=[*_ASK_MY, "(what|which) {f} do i (like|love|prefer|enjoy) [best|most|the most]", "(what|which) {f} is my favo[u]rite", "(do|can) you [still] (remember|know|tell me) (what|which) {f} i (like|love|prefer) [best|most]"],
    ),
    "code": _my("code"),
    "person": Kind("person", _PERSON_TELL, _PERSON_ASK, "your {k}'s name is {v}.", "you have not told me your {k}'s name yet.", _acks("your {k}'s name is {v}."),
                   ["[no|sorry|actually|wait|no wait|oh no|correction] my {k} is (called|named) {v} [not {o}]", "[no|sorry|actually|wait|no wait] my {k}'s name is {v} [not {o}]", "(no|sorry|actually|i meant|no wait|oh) (it is|it's) {v}", "(no|sorry|actually|no wait) (he|she|it) is (called|named) {v} [not {o}]", "that was wrong my {k} is called {v}", "(no|sorry|actually) [i meant] {v} [not {o}]"], "{k}'s name"),
    "city": Kind("city", ["(i live|i'm living|i am living|my home is|we live|i have a flat|my house is|i stay) in {v} [now]", "[please] remember [that] i live in {v}", "{v} is where i live", "i (moved|have moved) to {v}", "my (city|town|home town) is {v}", "the (city|town|place) i live in is {v}", "i am (at home|based) in {v}", "i want you to know [that] i live in {v}"],
                 ["where do i live [now|again]", "(which|what) (city|town|place) do i live in [again|now]", "(do|can) you [still] (remember|know|tell me|recall) (where i live|my city|my town|the city i live in|which city i live in|where my home is)", "(what is|what's) my (city|town|home town)", "where is my (home|house)", "in (which|what) (city|town) do i live", "(tell|remind) me where i live", "i forgot where i live", "where did i say i live"],
                 "you live in {v}.", "you have not told me where you live yet.", _acks("you live in {v}."), ["[no|sorry|actually|wait] i live in {v} [not {o}|now]", "(sorry|no|actually) i meant {v}", "i (moved|have moved) to {v}"], "city"),
    "job": Kind("job", ["(i work|i am working|i earn my money) as (a|an) {v}", "my (job|profession|work) is {v}", "[please] remember [that] i work as a {v}", "i (became|have become|trained to be|used to be and still am) a {v}", "i have a job as a {v}", "by (profession|trade) i am a {v}", "they pay me (to be|as) a {v}"],
                ["(what is|what's) my (job|profession|work|occupation)", "what do i (do|work as|do for a living|do for work)", "(do|can) you [still] (remember|know|tell me|recall) (my job|my profession|what i do|what i work as|what my job is)", "what (did|do) i (say|tell you) (my job is|i work as)", "(tell|remind) me (what my job is|what i work as)", "as what do i work", "(which|what) job do i have"],
                "you work as a {v}.", "you have not told me your job yet.", _acks("you work as a {v}."), ["[no|sorry|actually|wait] i work as a {v} [not a {o}]", "(sorry|no|actually|oh|no wait) i meant {v}", "my job is {v} [now|not {o}]", "i am [not a {o} but] a {v}", "(no|sorry|actually) (it is|it's) {v}"], "job"),
    "age": Kind("age", ["(i am|i'm) {v} years old [now]", "my age is {v}", "[please] remember [that] (i am|i'm) {v} [years old]", "i (turned|have turned|just turned) {v} [today|this year]", "{v} is my age", "i have lived for {v} years", "i am {v} years of age"],
                ["how old am i [now|again]", "(what is|what's) my age", "(do|can) you [still] (remember|know|tell me|recall|say) (how old i am|my age|what my age is)", "what age am i", "how many years old am i", "(tell|remind) me how old i am", "what did i say my age is"],
                "you are {v} years old.", "you have not told me your age yet.", _acks("you are {v} years old."), ["[no|sorry|actually|wait] (i am|i'm) {v} [years old]", "(sorry|no|actually) i meant {v}", "my age is {v} [not {o}]"], "age"),
    "object": Kind("object", ["(my|the) {k} is {v}", "i (put|left|placed|keep|hid|have put|have|stored) (my|the) {k} {v}", "[please] remember [that] (my|the) {k} is {v}", "[please] remember [that] i (put|left) (my|the) {k} {v}", "(my|the) {k} (lies|lives|can be found|sits|stands|lay) {v}", "you (will|can) find (my|the) {k} {v}", "{v} is where my {k} is"],
                   ["where is (my|the) {k} [now|again]", "where('s| is|s) (my|the) {k}", "where did i (put|leave|place|keep|hide|say i put|have) (my|the) {k} [again]", "(do|can|could) you [still] (remember|know|tell me|recall) where (my|the) {k} is", "(do|can) you [still] (remember|know|tell me) where i (put|left) (my|the) {k}", "i (can't|cannot|can not) find (my|the) {k}", "i (lost|need|am looking for|miss|forgot) (my|the) {k} [where is it]", "(tell|remind) me where (my|the) {k} is", "where (can|do) i find (my|the) {k}", "(have you seen|did you see|do you see) my {k}", "help me find (my|the) {k}", "where should i look for (my|the) {k}"],
                   "your {k} is {v}.", "you have not told me where your {k} is.", _acks("your {k} is {v}."), ["[no|sorry|actually|wait] (my|the) {k} is {v}", "i (moved|put) (my|the) {k} {v} [now]", "(sorry|no|actually|wait|no wait|oh|i meant) (it is|it's) {v}"]),
    "objects": Kind("objects", ["(my|the) {k} are {v}", "i (put|left|placed|keep|hid|have put|stored) (my|the) {k} {v}", "[please] remember [that] (my|the) {k} are {v}", "[please] remember [that] i (put|left) (my|the) {k} {v}", "(my|the) {k} (lie|can be found|live|sit) {v}", "you (will|can) find (my|the) {k} {v}", "{v} is where my {k} are"],
                    ["where are (my|the) {k} [now|again]", "where did i (put|leave|place|keep|hide|say i put|have) (my|the) {k} [again]", "(do|can|could) you [still] (remember|know|tell me|recall) where (my|the) {k} are", "(do|can) you [still] (remember|know|tell me) where i (put|left) (my|the) {k}", "i (can't|cannot) find (my|the) {k}", "i (lost|need|am looking for|miss|forgot) (my|the) {k} [where are they]", "(tell|remind) me where (my|the) {k} are", "where (can|do) i find (my|the) {k}", "help me find (my|the) {k}"],
                    "your {k} are {v}.", "you have not told me where your {k} are.", _acks("your {k} are {v}."), ["[no|sorry|actually|wait] (my|the) {k} are {v}", "i (moved|put) (my|the) {k} {v} [now]", "(sorry|no|actually) they are {v}"]),
    "event": Kind("event", ["[my|the] {k} is {v}", "i have (a|my|the) {k} {v}", "[please] remember [that] (my|the) {k} is {v}", "[please] remember [that] i have (a|my) {k} {v}", "there is (a|my) {k} {v}", "(my|the|our) {k} (starts|begins|takes place|was set|leaves|happens) {v}", "{v} i have (a|my) {k}", "we have (a|the) {k} {v}", "(don't|do not) forget my {k} {v}"],
                  ["when is (my|the) {k} [again|now]", "when do i have (my|the|a) {k}", "(do|can|could) you [still] (remember|know|tell me|recall) when (my|the) {k} is", "what (time|day) is (my|the) {k}", "(tell|remind) me when (my|the) {k} is", "when does (my|the) {k} (start|begin|take place|leave|happen)", "i forgot when (my|the) {k} is", "at what time is (my|the) {k}", "when did i say (my|the) {k} is", "when was (my|the) {k} [again]"],
                  "your {k} is {v}.", "you have not told me when your {k} is.", _acks("your {k} is {v}."), ["[no|sorry|actually|wait|no wait|oh no|correction] (my|the) {k} is {v} [now|not {o}]", "(my|the) {k} (was|has been|got) moved [and] it is {v} [now]", "(sorry|no|actually|no wait|oh|i meant) (it is|it's) {v}", "that was wrong (my|the) {k} is {v}", "(move|change) (my|the) {k} to {v}"]),
}  # fmt: skip
