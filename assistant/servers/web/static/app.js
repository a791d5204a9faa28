// The page: which part is shown, language, light or dark, settings of this tab, and the room.
import { call } from "./api.js";
import { Chat } from "./chat.js";
import { house as housePage, timersChanged } from "./house.js";
import { $, el } from "./html.js";
import { follow, stateAfter } from "./live.js";
import * as pages from "./pages.js";
import { currentLanguage, setLanguage, t } from "./texts.js";
import { picture } from "./trace.js";
import { Turn } from "./turn.js";

const MOST_TURNS = 60;
const NAMES = ["chat", "house", "trace", "memory", "documents", "models"];
let house = null;
let chat = null;
let chosen = null; // events of the turn whose trace is asked for
let turns = []; // events of each turn, newest last; in this tab only

// -- what is shown ------------------------------------------------------------------------------------------------

function shown() {
  const name = location.hash.slice(1);
  return NAMES.includes(name) ? name : "chat";
}

function show() {
  const name = shown();
  for (const other of NAMES) $(`#${other}`).hidden = other !== name;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#${name}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = name === "chat" ? t("name") : `${t(name)} · ${t("name")}`;
  if (name === "trace") traces(chosen);
  else if (name === "house") housePage($("#house"), house);
  else if (name !== "chat") pages[name]($(`#${name}`), house);
}

function traces(events = null) {
  chosen = null;
  const section = $("#trace");
  const width = Math.max(300, Math.min(section.clientWidth - 48, 760));
  const shownTurns = events?.length ? [events] : turns.filter((turn) => turn.length).toReversed();
  section.replaceChildren(
    el("h1", {}, t("trace")),
    el("p", { class: "muted" }, t("trace_hint")),
    ...(shownTurns.length ? shownTurns.map((turn) => picture(turn, width)) : [el("p", { class: "none" }, t("trace_none"))]),
  );
}

function keepTurn(events) {
  turns.push(events);
  turns = turns.slice(-MOST_TURNS);
  if (shown() === "trace") traces();
}

// -- the room -----------------------------------------------------------------------------------------------------

const inRoom = new Map(); // turn -> {turn, events}

function roomTold(event) {
  if (event.event === "timer_changed") return timersChanged();
  const state = stateAfter(event);
  if (state) light(state);
  let one = inRoom.get(event.turn);
  if (!one) {
    one = { turn: new Turn("…", { room: true }), events: [] };
    inRoom.set(event.turn, one);
    if (inRoom.size > MOST_TURNS) inRoom.delete(inRoom.keys().next().value);
    keepTurn(one.events);
  }
  one.events.push(event);
  if (event.private) one.events.length = 0; // a PIN was said: the trace forgets it
  if (event.event === "partial" || event.event === "transcript") {
    one.turn.hear(event.text);
    if (!one.turn.node.isConnected) {
      $("#log").append(one.turn.node);
      chat.empty();
    }
    chat.scroll(chat.near());
  } else if (one.turn.node.isConnected) {
    const near = chat.near();
    one.turn.take(event);
    chat.scroll(near);
  }
  if (shown() === "trace" && ["completed", "cancelled", "failed"].includes(event.event)) traces();
}

function light(state) {
  const lamp = $("#light");
  lamp.className = `light ${state}`;
  lamp.setAttribute("aria-label", t("states")[state]);
  lamp.title = t("states")[state];
}

function away(gone) {
  $("#banner").hidden = !gone;
  $("#banner").textContent = gone ? t("offline") : "";
  if (gone) light("off");
  else if ($("#light").classList.contains("off")) light("asleep");
}

// -- settings of this tab -----------------------------------------------------------------------------------------

const form = $("#settings form");

function houseSettings() {
  const { temperature, top_p, max_tokens } = house.sampling;
  const own = { temperature, top_p, max_tokens, history_turns: house.history_turns, persona: "" };
  for (const [name, value] of Object.entries(own)) form.elements[name].value = value;
  form.elements.json_mode.checked = false;
  outputs();
}

function outputs() {
  for (const slider of form.querySelectorAll("input[type=range]")) {
    slider.previousElementSibling.value = Number(slider.value).toLocaleString("en", { maximumFractionDigits: 2, useGrouping: false });
  }
}

// Only what differs from the house is asked for: its own values need not be steps of a slider.
const touched = new Set();

function settings() {
  const asked = {};
  for (const name of touched) {
    const field = form.elements[name];
    if (field.type === "checkbox") asked[name] = field.checked;
    else asked[name] = field.type === "range" ? Number(field.value) : field.value;
  }
  return asked;
}

form.addEventListener("input", (event) => {
  touched.add(event.target.name);
  outputs();
});
$("#settings-open").addEventListener("click", () => $("#settings").showModal());
$("#settings").addEventListener("click", (event) => event.target === $("#settings") && $("#settings").close());
$("#settings-reset").addEventListener("click", () => {
  touched.clear();
  houseSettings();
});
$("#logout").addEventListener("click", async () => {
  await call("POST", "/logout").catch(() => {});
  location.reload();
});

// -- language and theme -------------------------------------------------------------------------------------------

$("#language").addEventListener("click", () => {
  const other = currentLanguage() === "zh" ? "en" : "zh";
  localStorage.setItem("language", other);
  setLanguage(other);
  show();
});

function theme(name) {
  if (name) document.documentElement.dataset.theme = name;
}

$("#theme").addEventListener("click", () => {
  const dark = document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  theme(dark ? "light" : "dark");
  localStorage.setItem("theme", dark ? "light" : "dark");
});

// -- the beginning ------------------------------------------------------------------------------------------------

async function begin() {
  theme(localStorage.getItem("theme"));
  setLanguage(localStorage.getItem("language") ?? (navigator.language.startsWith("zh") ? "zh" : "en"));
  try {
    house = await call("GET", "/house");
  } catch (error) {
    if (error.status === 401) return location.replace("/login");
    $("#banner").hidden = false;
    $("#banner").textContent = `${t("error")} ${error.message}`;
    return;
  }
  if (house.scope === "kiosk") return location.replace("/kiosk");
  if (!localStorage.getItem("language")) setLanguage(house.language);
  chat = new Chat(house, {
    settings,
    onTurn: (turn) => keepTurn(turn.events),
    onTrace: (turn) => {
      chosen = turn.events;
      location.hash = "#trace";
    },
  });
  houseSettings();
  chat.words();
  await chat.open(false);
  turns = [...(await call("GET", "/room")).turns, ...turns];
  addEventListener("hashchange", show);
  addEventListener("resize", () => shown() === "trace" && traces());
  document.addEventListener("cleared", () => {
    turns = [];
    inRoom.clear();
  });
  show();
  const room = follow(() => `/live?talk=${chat.talk.id}`, { told: roomTold, away, ended: () => chat.lost() });
  document.addEventListener("talk", () => room.again());
  document.body.dataset.ready = "yes";
}
begin();
