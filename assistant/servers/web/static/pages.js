// Memory, documents, models: what is there, and what may be done with it.
import { call } from "./api.js";
import { el } from "./html.js";
import { t } from "./texts.js";

const size = (bytes) => (bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

function page(section, title, hint, ...rest) {
  section.replaceChildren(el("h1", {}, t(title)), el("p", { class: "muted" }, t(hint)), ...rest);
}

function trouble(section, error) {
  section.querySelector(".trouble")?.remove();
  section.append(el("p", { class: "trouble wrong", role: "alert" }, `${t("error")} ${error.message}`));
}

// A button that asks once more before it does what cannot be undone.
function twice(key, work) {
  const button = el("button", { type: "button", class: "danger" }, t(key));
  button.addEventListener("click", () => {
    if (button.dataset.sure) return work();
    button.dataset.sure = "1";
    button.textContent = t("sure");
    setTimeout(() => {
      delete button.dataset.sure;
      button.textContent = t(key);
    }, 4000);
  });
  return button;
}

export async function memory(section, house) {
  if (!house.remembers) return page(section, "memory", "memory_off");
  const again = () => memory(section, house);
  const act = (work) => work.then(again, (error) => trouble(section, error));
  try {
    const { slots } = await call("GET", "/api/memory");
    const row = (slot) => {
      const value = el("input", { value: slot.value, maxlength: 200, "aria-label": `${slot.name || t("said_so")}: ${t("value")}` });
      const save = () => act(call("PUT", `/api/memory/${encodeURIComponent(slot.name)}`, { value: value.value }));
      const forget = twice("forget", () => act(call("DELETE", `/api/memory/${encodeURIComponent(slot.name || slot.value)}`)));
      return slot.name
        ? el("li", {}, el("span", { class: "fact" }, slot.name), value, el("button", { type: "button", onclick: save }, t("correct")), forget)
        : el("li", {}, el("span", { class: "fact muted" }, t("said_so")), el("q", {}, slot.value), forget);
    };
    const name = el("input", { name: "name", maxlength: 100, required: true, placeholder: t("fact"), "aria-label": t("fact") });
    const value = el("input", { name: "value", maxlength: 200, required: true, placeholder: t("value"), "aria-label": t("value") });
    const add = el("form", { class: "add" }, name, value, el("button", { class: "strong wide" }, t("add")));
    add.addEventListener("submit", (event) => {
      event.preventDefault();
      act(call("PUT", `/api/memory/${encodeURIComponent(name.value.trim())}`, { value: value.value.trim() }));
    });
    page(
      section,
      "memory",
      "memory_hint",
      slots.length ? el("ul", { class: "list" }, ...slots.map(row)) : el("p", { class: "none" }, t("memory_none")),
      add,
      slots.length ? twice("forget_all", () => act(call("DELETE", "/api/memory"))) : null,
    );
  } catch (error) {
    trouble(section, error);
  }
}

export async function documents(section, house) {
  if (!house.documents) return page(section, "documents", "documents_none");
  const again = () => documents(section, house);
  try {
    const found = (await call("GET", "/documents")).documents;
    const row = (one) => {
      const when = new Date(1000 * one.added_at).toLocaleDateString(document.documentElement.lang);
      const facts = `${size(one.bytes)} · ${t("passages")(one.passages)} · ${when}`;
      const name = one.name.split("/").map(encodeURIComponent).join("/");
      const remove = twice("remove", () => call("DELETE", `/documents/${name}`).then(again, (error) => trouble(section, error)));
      return el("li", {}, el("span", { class: "fact" }, one.name), el("span", { class: "muted" }, facts), remove);
    };
    const file = el("input", { type: "file", class: "unseen", id: "document-file", accept: ".txt,.text,.md,.markdown,.html,.htm,.pdf,.png,.jpg,.jpeg,.tif,.tiff,.bmp,.webp" });
    const label = el("label", { for: "document-file", class: "button strong wide" }, t("send_document"));
    file.addEventListener("change", async () => {
      if (!file.files.length) return;
      label.textContent = t("sending");
      file.disabled = true;
      const form = new FormData();
      form.append("file", file.files[0]);
      try {
        await call("POST", "/documents", form);
        again();
      } catch (error) {
        label.textContent = t("send_document");
        file.disabled = false;
        file.value = "";
        trouble(section, error);
      }
    });
    page(
      section,
      "documents",
      "documents_hint",
      found.length ? el("ul", { class: "list" }, ...found.map(row)) : el("p", { class: "none" }, t("documents_none")),
      el("p", {}, file, label),
    );
  } catch (error) {
    trouble(section, error);
  }
}

export async function models(section, house) {
  try {
    const { engines, here } = await call("GET", "/models");
    const head = el("tr", {}, ...["models", "kind", "size", "licence"].map((key) => el("th", { scope: "col" }, t(key))));
    const rows = here.map((one) =>
      el("tr", {}, el("td", {}, one.name), el("td", {}, `${t("kinds")[one.kind]} (${one.languages.join(", ")})`), el("td", {}, size(one.bytes)), el("td", {}, one.licence)),
    );
    page(
      section,
      "models",
      "models_hint",
      el("h2", {}, t("in_use")),
      el("ul", { class: "list engines" }, ...engines.map((engine) => el("li", {}, engine))),
      el("h2", {}, t("here")),
      el("div", { class: "scroll", tabindex: 0 }, el("table", {}, el("thead", {}, head), el("tbody", {}, ...rows))),
      el("p", { class: "muted" }, t("pull")),
      el("pre", {}, el("code", {}, "assistant models pull recommended")),
      el("p", { class: "muted" }, `${house.version} · ${house.model}`),
    );
  } catch (error) {
    trouble(section, error);
  }
}
