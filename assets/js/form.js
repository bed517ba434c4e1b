// A page of questions that saves itself and follows the answers, on top of the same form posted by hand.
// Every request is the form's own post with _refresh (or the button's name): the answer is the page, of which #questions and #enregistre are taken.
// Needs htmx; without it nothing here starts and the button "Mettre à jour les questions" stays.

const htmx = window.htmx;
const form = document.querySelector("form[data-form]");
const say = (text) => text && document.dispatchEvent(new CustomEvent("perron:say", { detail: text }));
const SAVE_AFTER_CHANGE = 300;
const SAVE_AFTER_TYPING = 4000;
const RETRY = 10000;

if (htmx && form) start();
countCharacters();

function start() {
  document.documentElement.classList.add("live");
  let timer = 0;
  let busy = false;
  let leaving = false;
  let waiting = null; // the request asked for while another was under way

  const status = () => document.getElementById("enregistre");
  const fail = () => {
    const line = status();
    if (line) { line.textContent = form.dataset.failed ?? ""; line.classList.add("saved--failed"); }
    later(RETRY);
  };
  // The small form of a step is not a draft: it follows the answers and keeps nothing until it is sent.
  const saves = form.dataset.form !== "unsaved";
  const later = (delay) => { if (!saves) return; clearTimeout(timer); timer = setTimeout(() => send({}, false), delay); };

  form.addEventListener("change", (event) => {
    if (event.target.type === "file") return;
    if (event.target.closest("[data-live]")) { clearTimeout(timer); send({}, true); } else later(SAVE_AFTER_CHANGE);
  });
  form.addEventListener("input", (event) => { if (event.target.type !== "file") later(SAVE_AFTER_TYPING); });
  form.addEventListener("submit", (event) => { if (!event.defaultPrevented && !event.submitter?.formTarget) { leaving = true; clearTimeout(timer); } });
  window.addEventListener("pageshow", () => { leaving = false; });
  // The telephone is put away in the middle of a word: save what is there.
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden" && timer) { clearTimeout(timer); timer = 0; send({}, false); } });

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-refresh]");
    if (!button) return;
    event.preventDefault();
    const home = button.closest("fieldset.field--group, [data-upload]");
    send({ [button.name]: button.value }, true, () => land(button.name, home?.id || button.closest("[data-upload]")?.querySelector("input[type=file]")?.id));
  });

  /** After something was added or removed, the focus goes where one would look. */
  function land(action, id) {
    const home = id && document.getElementById(id);
    if (action === "_add") {
      say(form.dataset.added);
      home?.querySelector(":scope > .items > .item:last-child")?.querySelector("input, select, textarea")?.focus();
    } else {
      say(form.dataset.removed);
      const next = home?.matches("fieldset") ? document.getElementById(`${id}-add`) ?? home.querySelector("button, input, select") : home;
      next?.focus();
    }
  }

  function snapshot() {
    const values = new Map();
    for (const control of form.querySelectorAll("#questions input, #questions select, #questions textarea")) {
      if (!control.name || control.type === "file") continue;
      const kept = control.type === "radio" || control.type === "checkbox" ? control.checked : control.value;
      values.set(`${control.name}\n${control.type === "radio" || control.type === "checkbox" ? control.value : ""}`, kept);
    }
    return values;
  }
  /** What was typed while the answer travelled is put back into the new questions. */
  function restore(before, after) {
    for (const control of form.querySelectorAll("#questions input, #questions select, #questions textarea")) {
      const boxed = control.type === "radio" || control.type === "checkbox";
      const key = `${control.name}\n${boxed ? control.value : ""}`;
      if (!after.has(key) || before.get(key) === after.get(key)) continue;
      if (boxed) control.checked = after.get(key); else if (control.type !== "file") control.value = after.get(key);
    }
  }

  function send(extra, swap, then) {
    if (leaving) return;
    if (busy) { waiting = { extra, swap: swap || (waiting?.swap ?? false), then }; return; }
    timer = 0;
    busy = true;
    const before = snapshot();
    let after = before;
    const source = document.getElementById("questions");
    const values = { _live: "1", ...(Object.keys(extra).length ? extra : { _refresh: "1" }) };

    const beforeSwap = (event) => {
      const ok = event.detail.xhr.status < 300 && event.detail.serverResponse.includes('id="questions"');
      if (!ok) {
        event.detail.shouldSwap = false;
        // Not a network failure: the draft itself is gone, or was sent from another window. The page says which.
        if (event.detail.xhr.status === 404 || event.detail.xhr.status === 410 || event.detail.xhr.status < 300) location.reload(); else fail();
        return;
      }
      after = snapshot();
      status()?.classList.remove("saved--failed");
    };
    source.addEventListener("htmx:beforeSwap", beforeSwap, { once: true });
    source.addEventListener("htmx:sendError", fail, { once: true });
    source.addEventListener("htmx:timeout", fail, { once: true });

    htmx.ajax("POST", form.action, {
      source,
      target: source,
      values,
      swap: swap ? "outerHTML" : "none",
      select: swap ? "#questions" : undefined,
      selectOOB: status() ? "#enregistre:innerHTML" : undefined,
    }).catch(() => {}).finally(() => {
      source.removeEventListener("htmx:beforeSwap", beforeSwap);
      source.removeEventListener("htmx:sendError", fail);
      source.removeEventListener("htmx:timeout", fail);
      if (swap) { restore(before, after); document.dispatchEvent(new CustomEvent("perron:drawn")); countCharacters(); then?.(); }
      busy = false;
      if (waiting) { const next = waiting; waiting = null; send(next.extra, next.swap, next.then); }
    });
  }
}

function countCharacters() {
  for (const line of document.querySelectorAll("[data-count-of]:not([data-counting])")) {
    const text = document.getElementById(line.dataset.countOf);
    if (!text?.maxLength || text.maxLength < 0) continue;
    line.dataset.counting = "true";
    const update = () => { line.textContent = line.dataset.countText.replace("{n}", (text.maxLength - text.value.length).toLocaleString("fr-BE")); };
    text.addEventListener("input", update);
    if (text.value) update();
  }
}
