// The talk of this tab: asking, stopping, clearing, what it holds; private ones end with the tab.
import { call, lines } from "./api.js";
import { $, el } from "./html.js";
import { holdToTalk } from "./hold.js";
import { Player, unlock } from "./sound.js";
import { currentLanguage, t } from "./texts.js";
import { Turn } from "./turn.js";

const PAUSE_MS = 300;

export class Chat {
  constructor(house, { settings, onTurn, onTrace }) {
    this.house = house;
    this.settings = settings;
    this.onTurn = onTurn;
    this.onTrace = onTrace;
    this.talk = null;
    this.turn = null;
    this.aloud = false;
    this.held = { tokens: 0, hot: 0, context: house.context };
    this.log = $("#log");
    this.text = $("#text");
    this.listen();
  }

  listen() {
    $("#ask").addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.text.addEventListener("keydown", (event) => {
      // while an input method composes (Chinese), Enter takes its word and sends nothing
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.send();
      }
    });
    this.text.addEventListener("input", () => this.typed());
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.turn && this.stop());
    $("#stop").addEventListener("click", () => this.stop());
    $("#clear").addEventListener("click", () => this.clear());
    $("#private").addEventListener("click", () => this.open(!this.talk?.private));
    $("#aloud").addEventListener("click", () => {
      this.aloud = !this.aloud;
      if (this.aloud) unlock();
      else this.player?.stop();
      $("#aloud").setAttribute("aria-pressed", this.aloud);
    });
    holdToTalk($("#hold"), {
      language: currentLanguage,
      heard: (text) => this.ask(text, true),
      wrong: (key, more = "") => this.say(`${t(key)} ${more}`, true),
      state: (state) => this.say(state && t(state)),
    });
    document.addEventListener("language", () => this.words());
    // the tab closes, or rests where it can be shown again: either way its private talk is over
    addEventListener("pagehide", () => this.leave());
    addEventListener("pageshow", (event) => event.persisted && location.reload());
  }

  words() {
    $("#suggestions").replaceChildren(
      ...t("suggested").map((words) => el("button", { type: "button", class: "chip", onclick: () => this.ask(words) }, words)),
    );
    this.meter();
  }

  leave() {
    if (this.talk?.private) fetch(`/page/talks/${this.talk.id}/close`, { method: "POST", keepalive: true });
  }

  async open(isPrivate) {
    if (this.turn) await this.stop();
    this.leave();
    this.log.replaceChildren();
    this.talk = await call("POST", "/talks", { private: isPrivate });
    $("#private").setAttribute("aria-pressed", this.talk.private);
    document.body.classList.toggle("private", this.talk.private);
    this.say(t(this.talk.private ? "private_hint" : "kept_hint"));
    const held = await this.refresh(!this.talk.private);
    for (const past of held?.history ?? []) {
      const turn = new Turn(past.user);
      turn.past(past.html);
      this.log.append(turn.node);
    }
    this.empty();
    this.scroll(true);
    document.dispatchEvent(new Event("talk"));
    this.text.focus({ preventScroll: true });
  }

  empty() {
    $("#suggestions").hidden = this.log.childElementCount > 0;
    document.body.classList.toggle("fresh", this.log.childElementCount === 0);
    this.log.dataset.hello = t("hello");
  }

  // What the talk holds now, from the server.
  async refresh(history = false) {
    try {
      this.held = await call("GET", `/talks/${this.talk.id}?history=${history}`);
      this.meter();
      return this.held;
    } catch (error) {
      if (error.status === 404) await this.lost();
      return null;
    }
  }

  meter(more = 0) {
    const { tokens, hot, context } = this.held;
    const used = Math.min(tokens + more, context);
    const warm = Math.min(hot + more, context);
    $("#meter .used").style.width = `${(100 * used) / context}%`;
    $("#meter .hot").style.width = `${(100 * warm) / context}%`;
    const narrow = matchMedia("(max-width: 700px)").matches;
    $("#meter .words").textContent = t(narrow ? "tokens_shortest" : "tokens_short")(used, context, warm);
    $("#meter").setAttribute("aria-label", t("tokens")(used, context, warm));
    $("#meter").title = t("tokens")(used, context, warm);
  }

  typed() {
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(this.text.scrollHeight, 160)}px`;
    clearTimeout(this.pause);
    this.pause = setTimeout(async () => {
      const text = this.text.value;
      if (this.turn || text.trim().length < 2) return;
      await call("POST", `/talks/${this.talk.id}/typing`, { text }).catch(() => {}); // it only saves time
      if (!this.turn) this.refresh();
    }, PAUSE_MS);
  }

  send() {
    const text = this.text.value.trim();
    if (!text || this.turn) return;
    this.text.value = "";
    this.text.style.height = "auto";
    this.ask(text);
  }

  async ask(text, aloud = this.aloud) {
    await this.clearing; // what is asked next is not cleared with what was
    if (this.turn) return;
    clearTimeout(this.pause);
    if (aloud) unlock();
    const turn = new Turn(text, { onTrace: this.onTrace });
    this.turn = turn;
    this.log.append(turn.node);
    this.empty();
    this.scroll(true);
    this.busy(true);
    this.say("");
    this.player = aloud ? new Player() : null;
    let tokens = 0;
    try {
      const asked = { text, language: currentLanguage(), aloud, ...this.settings() };
      for await (const line of lines("POST", `/talks/${this.talk.id}/turns`, asked)) {
        const near = this.near();
        if (line.sound) this.player?.add(line.sound, line.rate);
        else turn.take(line);
        if (line.event === "token") this.meter(++tokens);
        if (near) this.scroll();
      }
    } catch (error) {
      if (error.status === 404) await this.lost();
      turn.end(`${t("error")} ${error.message}`, true);
    }
    if (!turn.over) turn.end(t("stopped"));
    this.turn = null;
    this.busy(false);
    this.onTurn(turn);
    this.say(turn.reply, false, true);
    this.scroll();
    await this.refresh();
  }

  async stop() {
    this.player?.stop();
    await call("POST", `/talks/${this.talk.id}/stop`).catch(() => {});
  }

  clear() {
    this.clearing = this.clearNow().finally(() => {
      this.clearing = null;
    });
  }

  async clearNow() {
    this.player?.stop();
    try {
      await call("DELETE", `/talks/${this.talk.id}`);
      this.log.replaceChildren();
      this.empty();
      this.say(t("cleared"));
      document.dispatchEvent(new Event("cleared"));
      await this.refresh();
    } catch (error) {
      this.say(`${t("error")} ${error.message}`, true);
    }
    this.text.focus();
  }

  async lost() {
    if (this.losing) return; // found out twice: by the live stream and by a call
    this.losing = true;
    this.talk = null;
    await this.open(true);
    this.losing = false;
    this.say(t("closed"), true);
  }

  busy(on) {
    $("#send").hidden = on;
    $("#stop").hidden = !on;
    document.body.classList.toggle("answering", on);
  }

  // A line below the talk; `unseen` is for screen readers alone.
  say(text, wrong = false, unseen = false) {
    const place = $("#announce");
    place.className = unseen ? "unseen" : wrong ? "hint wrong" : "hint";
    place.textContent = text;
  }

  near() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 80;
  }

  scroll(always = true) {
    if (always) this.log.scrollTop = this.log.scrollHeight;
  }
}
