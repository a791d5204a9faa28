// A turn as bubbles, fed with the lines that servers/web/turns.py describes.
import { addHtml, el, icon, setHtml } from "./html.js";
import { t } from "./texts.js";

export async function copyText(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const area = el("textarea", { class: "unseen" }); // without https a browser has only the old way
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

function copyButton(label, text) {
  const button = el("button", { class: "quiet", type: "button", title: t(label), "aria-label": t(label) }, icon("copy"));
  button.addEventListener("click", async () => {
    await copyText(text());
    button.replaceChildren(icon("check"));
    button.setAttribute("aria-label", t("copied"));
    setTimeout(() => {
      button.replaceChildren(icon("copy"));
      button.setAttribute("aria-label", t(label));
    }, 1500);
  });
  return button;
}

export class Turn {
  constructor(user, { room = false, onTrace = null } = {}) {
    this.events = [];
    this.reply = "";
    this.room = room;
    this.user = el("div", { class: "bubble user" }, user);
    this.done = el("div", { class: "done" });
    this.tail = el("div", { class: "tail" });
    this.note = el("p", { class: "note", hidden: true });
    this.actions = el("div", { class: "actions", hidden: true });
    this.actions.append(copyButton("copy", () => this.reply));
    if (onTrace) {
      const label = { title: t("show_trace"), "aria-label": t("show_trace") };
      this.actions.append(el("button", { class: "quiet", type: "button", ...label, onclick: () => onTrace(this) }, icon("trace")));
    }
    const wait = el("span", { class: "dots", role: "img", "aria-label": t("thinking") }, el("i"), el("i"), el("i"));
    this.wait = wait;
    this.answer = el("div", { class: "bubble assistant", "aria-busy": "true" }, wait, this.done, this.tail, this.note);
    this.node = el(
      "article",
      { class: room ? "turn room" : "turn" },
      room ? el("p", { class: "where" }, t("room")) : null,
      el("div", { class: "row right" }, this.user),
      el("div", { class: "row" }, this.answer, this.actions),
    );
  }

  hear(text) {
    this.user.textContent = text || "…";
  }

  take(line) {
    if (line.private) this.hide();
    else if (line.event) this.events.push({ ...line, at: performance.now() / 1000 });
    if (line.event === "token") {
      this.wait.hidden = true;
      this.reply += line.text;
      this.tail.append(line.text);
    } else if (line.block) {
      addHtml(this.done, line.block);
      this.tail.textContent = line.tail;
      this.fences();
    } else if (line.html) {
      setHtml(this.done, line.html);
      this.tail.textContent = "";
      this.fences();
    } else if (line.event === "cancelled") this.end(t("cancelled")[line.reason] ?? line.reason);
    else if (line.event === "failed" || line.error) this.end(`${t("error")} ${line.message}`, true);
    else if (line.event === "completed") {
      this.reply ||= line.assistant;
      if (this.room) this.tail.textContent = line.assistant; // its Markdown was meant to be heard
      this.end("");
    }
  }

  // A PIN was said: the bubble does not keep it.
  hide() {
    this.user.textContent = "•••";
    this.user.title = t("not_kept");
    this.events.length = 0;
  }

  past(html) {
    setHtml(this.done, html);
    this.reply = this.done.textContent;
    this.fences();
    this.end("");
  }

  end(note, wrong = false) {
    this.wait.hidden = true;
    this.over = true;
    this.answer.removeAttribute("aria-busy");
    this.note.hidden = !note;
    this.note.textContent = note;
    this.note.classList.toggle("wrong", wrong);
    this.actions.hidden = !this.reply;
  }

  fences() {
    for (const figure of this.done.querySelectorAll("figure.code")) {
      const caption = figure.querySelector("figcaption");
      const pre = figure.querySelector("pre");
      if (!caption || caption.querySelector("button")) continue;
      pre.tabIndex = 0; // it scrolls sideways: the keyboard must reach it
      caption.append(copyButton("copy_code", () => pre.textContent));
    }
  }
}
