// A turn as a picture: what was heard and why it ended, what was computed and what reused, when the first sound came, what was said.
import { el, svg } from "./html.js";
import { t } from "./texts.js";

const first = (events, name) => events.find((event) => event.event === name);
const last = (events, name) => events.findLast((event) => event.event === name);

// The figures of a turn, from its events; times in seconds from its beginning.
export function measure(events) {
  const start = events[0]?.t ?? 0;
  const at = (event) => (event ? event.t - start : null);
  const transcript = first(events, "transcript");
  const begun = first(events, "turn_started");
  const word = first(events, "token");
  const end = events.findLast((event) => ["completed", "cancelled", "failed"].includes(event.event));
  const made = {
    heard: transcript?.text ?? begun?.text ?? end?.user ?? "",
    reason: transcript?.end_reason ?? "typed",
    skill: first(events, "tool_called")?.name ?? "",
    cancelled: end?.event === "cancelled" ? end.reason : "",
    failed: end?.event === "failed" ? end.message : "",
    reply: end?.assistant ?? "",
    stages: end?.stages ?? {},
    reused: (end?.prompt_tokens ?? 0) - (end?.prompt_tokens_evaluated ?? 0),
    evaluated: end?.prompt_tokens_evaluated ?? 0,
    generated: end?.completion_tokens ?? 0,
    playedMs: first(events, "speech_done")?.played_ms ?? 0,
    total: at(end ?? events.at(-1)) ?? 0,
    bars: [],
  };
  const bar = (name, from, to) => from != null && to != null && made.bars.push({ name, from, to: Math.max(to, from) });
  if (transcript) bar("heard", at(first(events, "speech_started")) ?? 0, at(transcript));
  bar("understood", at(begun), at(word ?? end));
  if (word) bar("written", at(word), at(last(events, "token")) ?? at(word));
  const sound = first(events, "audio_started");
  if (sound) bar("spoken", at(sound), at(first(events, "speech_done")) ?? made.total);
  const asked = at(transcript ?? begun) ?? 0;
  made.firstAudio = sound ? at(sound) - asked : null;
  made.firstWord = word ? at(word) - asked : null;
  return made;
}

export function picture(events, width) {
  const turn = measure(events);
  const left = 92;
  const right = 64;
  const row = 30;
  const top = 12;
  const scale = (width - left - right) / Math.max(turn.total, 0.001);
  const base = top + turn.bars.length * row;
  const height = base + 56;
  const parts = [];
  const say = (x, y, text, more = {}) => parts.push(svg("text", { x, y, ...more }, text));
  turn.bars.forEach((one, number) => {
    const y = top + number * row;
    const x = left + one.from * scale;
    const long = Math.max((one.to - one.from) * scale, 3);
    say(left - 10, y + 16, t(one.name), { "text-anchor": "end", class: "name" });
    parts.push(svg("rect", { x: left, y: y + 2, width: width - left - right, height: 20, rx: 5, class: "lane" }));
    parts.push(svg("rect", { x, y: y + 2, width: long, height: 20, rx: 5, class: `bar ${one.name}` }));
    say(Math.min(x + long + 6, width - right + 6), y + 16, t("seconds")(one.to - one.from), { class: "time" });
  });
  parts.push(svg("line", { x1: left, y1: base + 4, x2: width - right, y2: base + 4, class: "axis" }));
  say(left, base + 20, t("seconds")(0), { class: "time" });
  say(width - right, base + 20, t("seconds")(turn.total), { class: "time", "text-anchor": "end" });

  const y = base + 38;
  const count = turn.reused + turn.evaluated + turn.generated;
  if (count) {
    const unit = (width - left - right) / count;
    let x = left;
    for (const [name, tokens] of [["reused", turn.reused], ["evaluated", turn.evaluated], ["generated", turn.generated]]) {
      if (tokens) parts.push(svg("rect", { x, y, width: Math.max(tokens * unit - 1, 2), height: 14, rx: 3, class: `tokens ${name}` }));
      x += tokens * unit;
    }
  }
  const counted = [["reused", turn.reused], ["evaluated", turn.evaluated], ["generated", turn.generated]];
  const words = count ? counted.map(([name, tokens]) => `${tokens} ${t(name)}`).join(" · ") : t("skill");

  const told = [
    turn.reason === "typed" ? t("ended").typed : `${t("why_ended")} ${t("ended")[turn.reason] ?? turn.reason}`,
    turn.firstAudio != null ? `${t("first_audio")} ${t("seconds")(turn.firstAudio)}` : null,
    turn.firstWord != null ? `${t("first_word")} ${t("seconds")(turn.firstWord)}` : null,
    turn.playedMs ? `${t("spoken")} ${t("seconds")(turn.playedMs / 1000)}` : null,
    count ? null : turn.skill || null,
    turn.cancelled ? t("cancelled")[turn.cancelled] ?? turn.cancelled : null,
    turn.failed || null,
  ].filter(Boolean);
  const bars = turn.bars.map((one) => `${t(one.name)} ${t("seconds")(one.to - one.from)}`);
  const label = [...bars, words, ...told].join("; ");
  return el(
    "figure",
    { class: "trace" },
    el("figcaption", {}, el("q", {}, turn.heard || "…"), el("span", { class: "facts" }, ...told.map((one) => el("span", {}, one)))),
    svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": label }, ...parts),
    el("p", { class: "tokens" }, ...(count ? counted.map(([name, tokens]) => el("span", { class: name }, `${tokens} ${t(name)}`)) : [t("skill")])),
    turn.reply ? el("p", { class: "reply" }, turn.reply) : null,
  );
}
