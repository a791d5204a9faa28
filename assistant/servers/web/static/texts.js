// Every word that the page shows, in both languages.
const texts = {
  en: {
    name: "Assistant", chat: "Chat", trace: "Trace", memory: "Memory", documents: "Documents", models: "Models",
    skip: "To the message box", language: "中文", language_label: "Switch to Chinese", theme: "Light or dark", settings: "Settings",
    logout: "Log out",
    private: "Private", private_hint: "Nothing of a private talk is left anywhere when its tab closes.",
    kept_hint: "This talk goes on where it was left.",
    say: "Ask something …", send: "Send", stop: "Stop", clear: "Clear", clear_label: "Clear this talk: its history and its memory cells",
    hold: "Hold to talk", recording: "Listening … let go when you have said it", hearing: "Writing it down …",
    aloud: "Hear the replies here", you: "You", room: "In the room", copy: "Copy", copied: "Copied", show_trace: "Trace",
    thinking: "thinking", stopped: "stopped", cleared: "The talk is cleared.",
    tokens: (used, context, hot) => `${used} of ${context} tokens in the talk, ${hot} computed and kept hot`,
    tokens_short: (used, context, hot) => `${used} / ${context} tokens · ${hot} hot`,
    tokens_shortest: (used, context, hot) => `${used} / ${context} · ${hot} hot`,
    suggestions: "Suggestions",
    suggested: ["what can you do", "what time is it", "tell me a joke", "what do you know about me"],
    temperature: "Temperature", top_p: "Top p", max_tokens: "Longest reply, tokens", history_turns: "Turns kept word for word",
    persona: "System prompt", persona_hint: "Empty: the house's own.", json_mode: "Reply in JSON",
    settings_hint: "These hold for this tab, until it closes.", reset: "As the house has it", close: "Close",
    hello: "Hello. What can I do for you?",
    mic_needs_https: "The browser gives its microphone only to pages served by https, or on this machine itself (localhost). Set api.tls_cert and api.tls_key to serve https.",
    mic_missing: "This browser has no microphone that can be used.", mic_refused: "The browser was told not to give the microphone to this page.",
    hold_longer: "Hold the button while you speak.", heard_nothing: "I heard no words.", failed: "That did not work:",
    offline: "The assistant does not answer; trying again …", closed: "This private talk ended, since nobody used it. A new one begins.",
    error: "Something went wrong:", copy_code: "Copy the code",
    memory_hint: "What is remembered about you, in every talk that is not private.", memory_none: "Nothing is remembered yet.",
    memory_off: "This assistant remembers nothing (memory.enabled is false).",
    fact: "What", value: "Value", save: "Save", correct: "Correct", forget: "Forget", forget_all: "Forget everything", add: "Add",
    sure: "Really? It is gone for good.", said_so: "you said", told: "told in the talk",
    documents_hint: "Manuals, house rules, FAQs: text, Markdown, HTML, PDF. Questions are answered from them.",
    documents_none: "There are no documents yet.", send_document: "Add a document", sending: "Reading …", passages: "passages", remove: "Remove",
    models_hint: "What is in use, and what is here.", in_use: "In use", here: "Here", kind: "Kind", size: "Size", licence: "Licence",
    kinds: { llm: "language", stt: "hears", tts: "speaks", embed: "finds" },
    pull: "More models are fetched on the device itself:",
    trace_hint: "What each turn spent its time on: turns of the room, and of this tab.", trace_none: "No turn yet.",
    heard: "heard", recognised: "written down", understood: "understood", written: "written", spoken: "spoken",
    ended: { silence: "silence", whole: "a whole command", max_length: "too long", end_of_audio: "end of sound", released: "button let go", typed: "typed" },
    why_ended: "it ended by", first_audio: "first sound after", first_word: "first word after", reused: "tokens reused", evaluated: "computed", generated: "written",
    seconds: (value) => `${value < 10 ? value.toFixed(2) : value.toFixed(1)} s`, skill: "by a skill, without the model",
    cancelled: { stop: "stopped", wake: "interrupted by the wake word", no_speech: "nobody spoke", shutdown: "it ended", slow_reader: "nobody read", client_gone: "the tab left" },
    states: { asleep: "Say the wake word, or hold the button", listening: "I am listening", thinking: "I am thinking", speaking: "I am speaking", off: "One moment …" },
    kiosk_hello: "How can I help?", fullscreen: "Full screen", again: "Start again",
    login_how: "This page opens with a link. On the device, run:", login_used: "This link was used already, or is too old. For a new one run, on the device:",
    login_needed: "You are not logged in. On the device, run:",
  },
  zh: {
    name: "语音助手", chat: "对话", trace: "过程", memory: "记忆", documents: "文档", models: "模型",
    skip: "跳到输入框", language: "English", language_label: "切换到英文", theme: "浅色或深色", settings: "设置",
    logout: "退出登录",
    private: "私密", private_hint: "标签页一关闭，私密对话不留下任何痕迹。", kept_hint: "这个对话会接着上次继续。",
    say: "请输入……", send: "发送", stop: "停止", clear: "清空", clear_label: "清空这个对话：历史和缓存",
    hold: "按住说话", recording: "正在听……说完请松开", hearing: "正在识别……",
    aloud: "在这里播放回答", you: "你", room: "房间里", copy: "复制", copied: "已复制", show_trace: "过程",
    thinking: "正在思考", stopped: "已停止", cleared: "对话已清空。",
    tokens: (used, context, hot) => `对话共 ${used} 个词元，上限 ${context}，其中 ${hot} 个已算好并留在缓存里`,
    tokens_short: (used, context, hot) => `${used} / ${context} 词元 · 已缓存 ${hot}`,
    tokens_shortest: (used, context, hot) => `${used} / ${context} · 热 ${hot}`,
    suggestions: "可以这样问", suggested: ["你会做什么", "现在几点", "讲个笑话", "你知道我什么"],
    temperature: "温度", top_p: "Top p", max_tokens: "回答最长词元数", history_turns: "逐字保留的轮数",
    persona: "系统提示", persona_hint: "留空则用默认的。", json_mode: "用 JSON 回答",
    settings_hint: "只对这个标签页有效，关闭后失效。", reset: "恢复默认", close: "关闭",
    hello: "你好，有什么可以帮你？",
    mic_needs_https: "浏览器只允许 https 页面或本机（localhost）使用麦克风。请设置 api.tls_cert 和 api.tls_key 来启用 https。",
    mic_missing: "这个浏览器没有可用的麦克风。", mic_refused: "浏览器没有允许这个页面使用麦克风。",
    hold_longer: "说话时请一直按住。", heard_nothing: "没有听到话。", failed: "没有成功：",
    offline: "助手没有回应，正在重试……", closed: "这个私密对话因长时间无人使用而结束，新的对话开始了。",
    error: "出错了：", copy_code: "复制代码",
    memory_hint: "关于你的记忆，用于所有非私密的对话。", memory_none: "还没有记住什么。", memory_off: "这个助手不记忆（memory.enabled 为 false）。",
    fact: "项目", value: "内容", save: "保存", correct: "更正", forget: "忘记", forget_all: "全部忘记", add: "添加",
    sure: "确定吗？将无法恢复。", said_so: "你说过", told: "对话中说过",
    documents_hint: "说明书、家规、常见问题：文本、Markdown、HTML、PDF。助手会据此回答。", documents_none: "还没有文档。",
    send_document: "添加文档", sending: "正在读……", passages: "段", remove: "移除",
    models_hint: "正在使用的和已有的模型。", in_use: "正在使用", here: "已有", kind: "用途", size: "大小", licence: "许可",
    kinds: { llm: "语言", stt: "听", tts: "说", embed: "检索" }, pull: "更多模型请在设备上获取：",
    trace_hint: "每一轮的时间花在哪里：房间里的，和这个标签页的。", trace_none: "还没有对话。",
    heard: "听", recognised: "识别", understood: "理解", written: "书写", spoken: "说",
    ended: { silence: "安静", whole: "命令完整", max_length: "太长", end_of_audio: "录音结束", released: "松开按钮", typed: "键入" },
    why_ended: "结束原因：", first_audio: "首个声音用时", first_word: "首个词用时", reused: "个词元复用", evaluated: "个计算", generated: "个写出",
    seconds: (value) => `${value < 10 ? value.toFixed(2) : value.toFixed(1)} 秒`, skill: "由技能回答，未用模型",
    cancelled: { stop: "已停止", wake: "被唤醒词打断", no_speech: "没有人说话", shutdown: "已结束", slow_reader: "无人读取", client_gone: "标签页已离开" },
    states: { asleep: "请说唤醒词，或按住按钮", listening: "我在听", thinking: "我在想", speaking: "我在说", off: "请稍候……" },
    kiosk_hello: "有什么可以帮您？", fullscreen: "全屏", again: "重新开始",
    login_how: "这个页面要用链接打开。请在设备上运行：", login_used: "这个链接已用过或已过期。请在设备上运行，得到新的：",
    login_needed: "你还没有登录。请在设备上运行：",
  },
};

let now = "en";

export const t = (key) => texts[now][key] ?? key;
export const currentLanguage = () => now;

export function setLanguage(code) {
  now = code in texts ? code : "en";
  document.documentElement.lang = now === "zh" ? "zh-CN" : "en";
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of document.querySelectorAll("[data-t-label]")) {
    node.setAttribute("aria-label", t(node.dataset.tLabel));
    node.title = t(node.dataset.tLabel);
  }
  for (const node of document.querySelectorAll("[data-t-title]")) node.title = t(node.dataset.tTitle);
  for (const node of document.querySelectorAll("[data-t-placeholder]")) node.placeholder = t(node.dataset.tPlaceholder);
  document.dispatchEvent(new Event("language"));
}
