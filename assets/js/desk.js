// The agent's keyboard: J K walk the list, O opens, A takes what nobody has, N writes to the citizen, / searches, ? says all this.
// One-letter keys never act while one types, and can be switched off (WCAG 2.1.4); the choice stays in this browser.

const KEY = "perron.raccourcis";
const help = document.getElementById("raccourcis");
const toggle = document.getElementById("raccourcis-actifs");
const on = () => { try { return localStorage.getItem(KEY) !== "non"; } catch { return true; } };

if (toggle) {
  toggle.checked = on();
  toggle.addEventListener("change", () => { try { localStorage.setItem(KEY, toggle.checked ? "oui" : "non"); } catch { /* a private window: the choice lasts as long as the page */ } });
}
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-help]")) help?.showModal();
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
});

const rows = () => [...document.querySelectorAll("[data-row]")];
const current = () => document.activeElement?.closest("[data-row]");
const go = (selector) => { const link = document.querySelector(selector); if (link) link.click(); return Boolean(link); };

function walk(step) {
  if (go(step > 0 ? "[data-next]" : "[data-previous]")) return;
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(current());
  const next = all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + step))];
  next.querySelector("a").focus();
  next.scrollIntoView({ block: "nearest" });
}

function write(writer) {
  if (!writer) return;
  writer.open = true;
  writer.querySelector("textarea").focus();
}

const acts = {
  j: () => walk(1),
  k: () => walk(-1),
  o: () => current()?.querySelector("a").click(),
  // In a list only the row one stands on; without rows, the request this page is about.
  a: () => (rows().length ? current() : document)?.querySelector("[data-take]")?.click(),
  n: () => write(document.querySelector("[data-write]")),
  "/": () => document.getElementById("recherche")?.focus(),
  "?": () => (help?.open ? help.close() : help?.showModal()),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
  const act = acts[event.key.toLowerCase()];
  if (!act || (!on() && event.key !== "?") || (help?.open && event.key !== "?")) return;
  event.preventDefault();
  act();
});

// On a telephone the queues and the filters fold away, so that the requests come first.
if (!matchMedia("(min-width: 64rem)").matches) for (const fold of document.querySelectorAll("[data-fold]")) fold.removeAttribute("open");
