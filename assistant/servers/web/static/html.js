// Making elements. `setHtml` is the one place where HTML becomes elements: it takes what the server cleaned, and nothing else.
const policy = window.trustedTypes?.createPolicy("reply", { createHTML: (cleaned) => cleaned });

export function el(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === "class") made.className = value;
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child != null));
  return made;
}

export function svg(tag, props = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(props)) made.setAttribute(name, value);
  made.append(...children.filter((child) => child != null));
  return made;
}

export function setHtml(node, cleaned) {
  node.innerHTML = policy ? policy.createHTML(cleaned) : cleaned;
}

export function addHtml(node, cleaned) {
  const part = document.createElement("div");
  setHtml(part, cleaned);
  node.append(...part.childNodes);
}

export const $ = (selector) => document.querySelector(selector);

const icons = {
  copy: "M8 8h11v13H8zM5 16H4V3h12v2",
  check: "M4 12.5l5 5L20 6.5",
  send: "M4 12l16-8-6 16-3-6z",
  stop: "M7 7h10v10H7z",
  mic: "M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM5.5 11a6.5 6.5 0 0 0 13 0M12 17.5V21",
  sound: "M4 9.5h3.5L12 5.5v13l-4.5-4H4zM15.5 9a4 4 0 0 1 0 6M18 6.5a7.5 7.5 0 0 1 0 11",
  trace: "M3 19h18M6 15V9M11 15V5M16 15v-4",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
};

export function icon(name) {
  return svg("svg", { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" }, svg("path", { d: icons[name] }));
}
