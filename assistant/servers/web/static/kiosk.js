// A screen for visitors: large captions of what is heard and said, here and in the room. No settings, no history; 30 seconds after
// the visitor leaves everything is as it was before they came, and their talk is gone from the server too.
import { call, lines } from "./api.js";
import { $, el } from "./html.js";
import { holdToTalk } from "./hold.js";
import { follow, stateAfter } from "./live.js";
import { Player, unlock } from "./sound.js";
import { currentLanguage, setLanguage, t } from "./texts.js";

const LEFT_MS = 30000;
let house = null;
let talk = null;
let asking = false;
let player = null;
let timer = 0;
let visited = false;

function light(state) {
  document.body.dataset.state = state;
  $("#light").className = `light ${state}`;
  $("#state").textContent = t("states")[state === "asleep" && !house?.room ? "alone" : state];
}

const hint = (text, wrong = false) => {
  $("#hint").textContent = text;
  $("#hint").className = wrong ? "wrong" : "";
};

// Somebody is here.
function sign() {
  visited = true;
  clearTimeout(timer);
  timer = setTimeout(left, LEFT_MS);
}

function left() {
  if (asking) return sign(); // it is being spoken to
  visited = false;
  begin();
}

function begin() {
  if (talk) call("POST", `/talks/${talk.id}/close`).catch(() => {});
  talk = null; // the next visitor's question opens a new one
  setLanguage(house.language);
  $("#heard").textContent = "";
  $("#reply").textContent = t("kiosk_hello");
  hint("");
  light("asleep");
}

async function ask(text) {
  if (asking) return;
  sign();
  asking = true;
  $("#hold").hidden = true;
  $("#stop").hidden = false;
  $("#heard").textContent = text;
  $("#reply").textContent = "";
  light("thinking");
  player = new Player();
  try {
    talk ??= await call("POST", "/talks", { private: true });
    for await (const line of lines("POST", `/talks/${talk.id}/turns`, { text, language: currentLanguage(), aloud: true })) {
      if (line.sound) {
        light("speaking");
        player.add(line.sound, line.rate);
      } else if (line.event === "token") $("#reply").append(line.text);
      else if (line.private) $("#heard").textContent = "";
      else if (line.event === "failed" || line.error) hint(`${t("error")} ${line.message}`, true);
      sign();
    }
  } catch (error) {
    hint(`${t("error")} ${error.message}`, true);
    if (error.status === 404) talk = null;
  }
  await player.finished();
  asking = false;
  $("#hold").hidden = false;
  $("#stop").hidden = true;
  light("asleep");
  sign();
}

// What is said in the room shows here too.
function roomTold(event) {
  if (event.event === "timer_changed") return;
  sign();
  const state = stateAfter(event);
  if (state) light(state);
  if (event.event === "partial" || event.event === "transcript") {
    $("#heard").textContent = event.text;
    $("#reply").textContent = "";
  } else if (event.event === "token") $("#reply").append(event.text);
  else if (event.private) $("#heard").textContent = ""; // a PIN was said
}

function words() {
  $("#suggestions").replaceChildren(
    ...t("suggested").slice(0, 3).map((one) => el("button", { type: "button", class: "chip", onclick: () => (unlock(), ask(one)) }, one)),
  );
  light(document.body.dataset.state ?? "asleep");
  if (!visited || !$("#heard").textContent) $("#reply").textContent = t("kiosk_hello");
}

async function start() {
  setLanguage(navigator.language.startsWith("zh") ? "zh" : "en");
  try {
    house = await call("GET", "/house");
  } catch (error) {
    if (error.status === 401) return location.replace("/login");
    return hint(`${t("error")} ${error.message}`, true);
  }
  document.addEventListener("language", words);
  begin();
  words();
  for (const name of ["pointerdown", "keydown"]) document.addEventListener(name, sign);
  $("#language").addEventListener("click", () => setLanguage(currentLanguage() === "zh" ? "en" : "zh"));
  $("#fullscreen").addEventListener("click", () => document.documentElement.requestFullscreen?.().catch(() => {}));
  $("#stop").addEventListener("click", () => {
    player?.stop();
    call("POST", `/talks/${talk.id}/stop`).catch(() => {});
  });
  addEventListener("pagehide", () => talk && fetch(`/page/talks/${talk.id}/close`, { method: "POST", keepalive: true }));
  holdToTalk($("#hold"), {
    language: currentLanguage,
    heard: ask,
    wrong: (key, more = "") => hint(`${t(key)} ${more}`, true),
    state: (state) => {
      hint(state && t(state));
      light(state === "recording" ? "listening" : state ? "thinking" : "asleep");
    },
  });
  follow(() => "/live", {
    told: roomTold,
    away: (gone) => light(gone ? "off" : document.body.dataset.state === "off" ? "asleep" : document.body.dataset.state),
    ended: begin,
  });
  document.body.dataset.ready = "yes";
}
start();
