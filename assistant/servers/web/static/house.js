// The house: timers, alarms and reminders, lists, rooms and their things. Shown is what the server holds: nothing is done before it says so.
import { call } from "./api.js";
import { el } from "./html.js";
import { currentLanguage, t } from "./texts.js";

const EVERY_MS = 3000; // so often the home is looked at
const SLOW = 4; // so many of these looks pass from one at the clock and the lists to the next
let shown = null;

export function house(section, has) {
  shown?.end();
  shown = new House(section, has);
}

export const timersChanged = () => shown?.look(shown.alarms);

const locale = () => document.documentElement.lang;
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const button = (text, onclick, more = {}) => el("button", { type: "button", onclick, ...more }, text);

function clock(seconds) {
  const whole = Math.ceil(seconds);
  const two = (number) => String(number).padStart(2, "0");
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

// Bring rows in step with what there is: one that stays keeps its element, and with it the focus.
function inStep(list, rows, items, key, make) {
  const wanted = new Map(items.map((item) => [key(item), item]));
  for (const [name, row] of rows) {
    if (!wanted.has(name)) {
      row.node.remove();
      rows.delete(name);
    }
  }
  let at = list.firstElementChild;
  for (const [name, item] of wanted) {
    if (!rows.has(name)) rows.set(name, make(item));
    const row = rows.get(name);
    if (row.node === at) at = at.nextElementSibling;
    else list.insertBefore(row.node, at);
    row.update(item);
  }
}

class House {
  constructor(section, has) {
    this.section = section;
    this.said = el("p", { class: "said", role: "status" });
    this.alarms = has.rings ? new Alarms(this) : null;
    this.lists = has.lists ? new Lists(this) : null;
    this.home = has.home ? new Home(this) : null;
    const none = has.home ? null : el("section", {}, el("h2", {}, t("home")), el("p", { class: "none" }, t("home_none")));
    const parts = [this.alarms, this.lists, this.home].filter(Boolean);
    section.replaceChildren(el("h1", {}, t("house")), el("p", { class: "muted" }, t("house_hint")), ...parts.map((part) => part.node), none ?? "", this.said);
    this.count = 0;
    this.timers = [setInterval(() => this.beat(), EVERY_MS), setInterval(() => this.alarms?.tick(), 500)];
    for (const part of parts) this.look(part);
  }

  end() {
    for (const timer of this.timers) clearInterval(timer);
    shown = null;
  }

  beat() {
    if (this.section.hidden) return this.end();
    if (document.hidden) return;
    this.look(this.home);
    this.count += 1;
    if (this.count % SLOW) return;
    this.look(this.alarms);
    this.look(this.lists);
  }

  async look(part) {
    if (!part || part.looking) return;
    part.looking = true;
    try {
      part.show(await call("GET", part.path()));
      part.trouble.textContent = "";
    } catch (error) {
      if (error.status !== 429) part.trouble.textContent = `${t("error")} ${error.message}`; // busy: what stands there stays
    }
    part.looking = false;
  }

  // Do something and say what became of it.
  async act(part, path, asked) {
    this.say("");
    try {
      const { said, done = true } = await call("POST", path, { ...asked, language: currentLanguage() });
      this.say(said, !done);
    } catch (error) {
      this.say(error.message, true);
    }
    await this.look(part);
  }

  say(text, wrong = false) {
    this.said.classList.toggle("wrong", wrong);
    this.said.textContent = text;
  }
}

class Part {
  constructor(house, title) {
    this.house = house;
    this.rows = new Map();
    this.list = el("ul", { class: "list" });
    this.none = el("p", { class: "none", hidden: true });
    this.trouble = el("p", { class: "wrong" });
    this.node = el("section", {}, el("h2", {}, t(title)), this.none, this.list, this.trouble);
  }
}

// -- timers, alarms, reminders --------------------------------------------------------------------------------------

class Alarms extends Part {
  constructor(house) {
    super(house, "alarms");
    this.none.textContent = t("alarms_none");
    this.rings = el("div", { class: "rings", hidden: true });
    this.names = el("p", { role: "alert" });
    const end = (key) => button(t(key), () => house.act(this, "/ring", { do: key }), { class: key === "stop" ? "strong" : "" });
    this.rings.append(this.names, end("stop"), end("snooze"));
    const minutes = el("input", { type: "number", min: 0.1, max: 10080, step: "any", required: true, placeholder: t("minutes"), "aria-label": t("minutes") });
    const label = el("input", { maxlength: 120, placeholder: t("what_for"), "aria-label": t("what_for") });
    const add = el("form", { class: "add" }, minutes, label, el("button", { class: "strong" }, t("start_timer")));
    add.addEventListener("submit", async (event) => {
      event.preventDefault();
      const asked = { seconds: Math.max(1, Math.round(60 * minutes.value)), label: label.value };
      add.reset();
      await house.act(this, "/alarms", asked);
    });
    this.list.before(this.rings);
    this.list.after(add);
  }

  path = () => "/alarms";

  show({ alarms }) {
    const ringing = alarms.filter((one) => one.state === "ringing");
    this.rings.hidden = !ringing.length;
    const names = ringing.length ? t("rings")(ringing.map(nameOf).join(", ")) : "";
    if (this.names.textContent !== names) this.names.textContent = names;
    const rest = alarms.filter((one) => one.state !== "ringing");
    this.none.hidden = alarms.length > 0;
    inStep(this.list, this.rows, rest, (one) => one.id, (one) => this.row(one));
    this.tick();
  }

  row(first) {
    const act = (what) => this.house.act(this, `/alarms/${first.id}`, { do: what });
    const name = el("span", { class: "fact" }, nameOf(first));
    const left = el("span", { class: "left" });
    const row = { item: first };
    const named = (key) => ({ "aria-label": `${t(key)}: ${nameOf(first)}` });
    const pause = button("", () => act(row.item.state === "paused" ? "resume" : "pause"));
    const longer = button(t("longer"), () => act("longer"), { "aria-label": `${t("longer_label")}: ${nameOf(first)}` });
    const cancel = button(t("cancel"), () => act("cancel"), { class: "danger", ...named("cancel") });
    row.node = el("li", {}, name, left, pause, longer, cancel);
    row.update = (item) => {
      row.item = item;
      row.over = performance.now() + 1000 * item.left_s;
      pause.hidden = longer.hidden = !item.elapses || item.state === "missed";
      const key = item.state === "paused" ? "resume" : "pause";
      pause.textContent = t(key);
      pause.setAttribute("aria-label", named(key)["aria-label"]);
    };
    row.tick = () => {
      const { state, elapses, left_s } = row.item;
      const seconds = state === "paused" ? left_s : Math.max(0, (row.over - performance.now()) / 1000);
      left.textContent = state === "missed" ? t("missed")(due(row.item)) : elapses ? clock(seconds) : due(row.item);
      left.classList.toggle("still", state === "paused");
      return elapses && state === "armed" && !seconds;
    };
    return row;
  }

  tick() {
    const over = [...this.rows.values()].map((row) => row.tick()).some(Boolean);
    if (over) this.house.look(this); // it rings now
  }
}

const nameOf = ({ kind, label }) => (label ? `${t("alarm_kinds")[kind]}: ${label}` : t("alarm_kinds")[kind]);

// The time of day is the house's own, wherever the browser is.
function due({ due: at, days }) {
  const when = new Date(at);
  const time = when.toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit" });
  const day = (date) => date.toLocaleDateString(locale(), { weekday: "short" });
  if (days.length === 7) return `${t("daily")} ${time}`;
  if (days) return `${[...days].map((number) => day(new Date(2024, 0, 1 + Number(number)))).join(" ")} ${time}`;
  if (when.toDateString() === new Date().toDateString()) return time;
  return `${when.toLocaleDateString(locale(), { weekday: "short", month: "short", day: "numeric" })} ${time}`;
}

// -- lists ------------------------------------------------------------------------------------------------------------

class Lists extends Part {
  constructor(house) {
    super(house, "lists");
    const box = el("div", { class: "lists" });
    this.list.replaceWith(box);
    this.list = box;
  }

  path = () => "/lists";

  show({ lists }) {
    inStep(this.list, this.rows, lists, (one) => one.name, (one) => this.one(one.name));
  }

  one(name) {
    const rows = new Map();
    const act = (what, text) => this.house.act(this, "/lists", { do: what, list: name, text });
    const list = el("ul", { class: "list" });
    const title = capital(t("list_name")(name));
    const text = el("input", { maxlength: 80, required: true, placeholder: t("list_add"), "aria-label": `${title}: ${t("list_add")}` });
    const add = el("form", { class: "add" }, text, el("button", {}, t("add")));
    add.addEventListener("submit", (event) => {
      event.preventDefault();
      act("add", text.value);
      text.value = "";
    });
    const entry = (item) => {
      const box = el("input", { type: "checkbox" });
      box.addEventListener("change", async () => {
        box.disabled = true;
        await act("remove", item);
        if (box.isConnected) box.checked = box.disabled = false; // it is still there
        else text.focus();
      });
      return { node: el("li", {}, el("label", {}, box, el("span", {}, item))), update: () => {} };
    };
    return {
      node: el("section", { class: "one", "aria-label": title }, el("h3", {}, title), list, add),
      update: ({ entries }) => inStep(list, rows, entries, (item) => item, entry),
    };
  }
}

// -- the home -----------------------------------------------------------------------------------------------------------

class Home extends Part {
  constructor(house) {
    super(house, "home");
    this.none.textContent = t("home_empty");
    const box = el("div", { class: "rooms" });
    this.list.replaceWith(box);
    this.list = box;
    this.more = el("p", { class: "muted" });
    box.after(this.more);
  }

  path = () => `/home?language=${currentLanguage()}`;

  show({ rooms, more }) {
    this.none.hidden = rooms.length > 0;
    this.more.textContent = more ? t("home_more")(more) : "";
    inStep(this.list, this.rows, rooms, (room) => room.name, (room) => this.room(room.name || t("no_room")));
  }

  room(name) {
    const rows = new Map();
    const list = el("ul", { class: "list" });
    const key = (thing) => [thing.id, thing.name, thing.verbs, thing.needs, isOnOrOff(thing)].join("|");
    return {
      node: el("section", { "aria-label": name }, el("h3", {}, name), list),
      update: ({ things }) => inStep(list, rows, things, key, (thing) => new Thing(this, thing)),
    };
  }
}

// A switch shows how a thing is: where that is not known there are two buttons.
const isOnOrOff = (thing) => ["on", "off"].includes(thing.state);
const STATELESS = ["scene", "script", "button", "input_button"];

class Thing {
  constructor(home, thing) {
    this.home = home;
    this.id = thing.id;
    this.word = el("span", { class: "muted" });
    this.switch = null;
    this.level = el("span", { class: "level", hidden: true });
    const own = [];
    if (thing.verbs.includes("turn_on") && isOnOrOff(thing)) {
      this.switch = button(el("i"), () => this.act(this.switch.ariaChecked === "true" ? "turn_off" : "turn_on"), { role: "switch", class: "switch", "aria-label": thing.name });
      own.push(this.switch);
    } else for (const verb of thing.verbs) own.push(button(t("verbs")[verb], () => this.act(verb), { "aria-label": `${t("verbs")[verb]}: ${thing.name}` }));
    const needs = thing.needs === "free" ? null : el("span", { class: "needs" }, t("needs")[thing.needs]);
    this.node = el("li", {}, el("span", { class: "fact" }, thing.name), this.word, own.length ? el("span", { class: "does" }, ...own) : null, this.level, needs);
    this.name = thing.name;
  }

  update(thing) {
    const word = thing.word || (STATELESS.includes(thing.domain) ? "" : t("not_known"));
    if (this.word.textContent !== word) this.word.textContent = word;
    this.node.classList.toggle("lost", word === t("not_known") || thing.state === "unavailable");
    if (this.switch) this.switch.ariaChecked = String(thing.state === "on");
    this.level.hidden = !thing.level;
    if (!thing.level) return;
    if (!this.set) this.set = thing.level === "temperature" ? this.degrees() : this.slider(thing.level);
    this.set(thing.value);
  }

  slider(level) {
    const shownAs = el("output", {});
    const range = el("input", { type: "range", min: 0, max: 100, step: 1, "aria-label": `${this.name}: ${t("levels")[level]}` });
    range.addEventListener("input", () => {
      this.held = true; // a look at the home must not move it under the finger
      shownAs.value = `${range.value} %`;
    });
    range.addEventListener("change", async () => {
      await this.act("set", { [level]: Number(range.value) });
      this.held = false;
      this.home.house.look(this.home);
    });
    this.level.append(el("span", { class: "muted" }, t("levels")[level]), range, shownAs);
    return (value) => {
      if (this.held) return;
      range.value = value;
      shownAs.value = `${Math.round(value)} %`;
    };
  }

  degrees() {
    const shownAs = el("output", {});
    let now = 0;
    const by = (step, sign, key) => button(sign, () => this.act("set", { temperature: now + step }), { "aria-label": `${this.name}: ${t(key)}` });
    this.level.append(el("span", { class: "muted" }, t("levels").temperature), by(-0.5, "−", "colder"), shownAs, by(0.5, "+", "warmer"));
    return (value) => {
      now = value;
      shownAs.value = `${value}°`;
    };
  }

  async act(verb, values = {}) {
    if (this.busy) return;
    this.busy = true;
    this.node.setAttribute("aria-busy", "true");
    await this.home.house.act(this.home, "/home", { thing: this.id, verb, values });
    this.node.removeAttribute("aria-busy");
    this.busy = false;
  }
}
