// What every page gets: focus where the news is, links of the error summary that reach the control, copy, print, and one click that stays one.

const root = document.documentElement;
root.classList.add("js");

/** Says something to those who listen, without moving anything. Other modules use it through the event "perron:say". */
const voice = document.createElement("p");
voice.className = "unseen";
voice.setAttribute("role", "status");
document.body.append(voice);
document.addEventListener("perron:say", (event) => {
  voice.textContent = "";
  setTimeout(() => { voice.textContent = event.detail; }, 50);
});
const say = (text) => document.dispatchEvent(new CustomEvent("perron:say", { detail: text }));

document.querySelector("[data-focus]")?.focus();

const CONTROLS = "input:not([type=hidden]):not([hidden]), select:not([hidden]), textarea, button";

document.addEventListener("click", (event) => {
  const link = event.target.closest(".errors a[href^='#']");
  if (link) {
    const target = document.getElementById(link.hash.slice(1));
    if (!target) return;
    const control = target.matches(CONTROLS) ? target : target.querySelector(CONTROLS);
    if (!control) return;
    event.preventDefault();
    // Scrolling is left to the label, so that the question is read with its answer.
    (target.closest(".field") ?? target).scrollIntoView({ block: "start" });
    control.focus({ preventScroll: true });
    return;
  }
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    navigator.clipboard?.writeText(copy.dataset.copy).then(() => {
      copy.textContent = copy.dataset.copied;
      say(copy.dataset.copied);
    });
    return;
  }
  if (event.target.closest("[data-print]")) window.print();
});

// A day that does not exist (31/02) never reaches the server: the browser sends an empty field. So it is said here.
document.addEventListener("focusout", (event) => {
  const day = event.target;
  if (!day.matches?.("[data-no-such-day]")) return;
  day.parentElement.querySelector(".field__error--day")?.remove();
  if (!day.validity.badInput) return;
  const words = document.createElement("p");
  words.className = "field__error field__error--day";
  words.textContent = day.dataset.noSuchDay;
  day.before(words);
  say(day.dataset.noSuchDay);
});

// A form that must leave once. The server holds the real guarantee; this spares a second wait.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("[data-once]")) return;
  if (form.dataset.leaving) { event.preventDefault(); return; }
  if (event.submitter?.name.startsWith("_")) return;
  form.dataset.leaving = "true";
  const button = event.submitter?.matches(".unseen") ? form.querySelector(".button:not(.unseen)") : event.submitter;
  if (!button) return;
  // Not `disabled`: that would drop the button's own name and value, and the focus with it.
  button.setAttribute("aria-disabled", "true");
  button.dataset.label = button.textContent;
  if (form.dataset.sending) { button.textContent = form.dataset.sending; say(form.dataset.sending); }
});
// Coming back through the browser's history gives the page as it was left.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("[data-leaving]")) {
    delete form.dataset.leaving;
    for (const button of form.querySelectorAll("[data-label]")) {
      button.textContent = button.dataset.label;
      button.removeAttribute("aria-disabled");
    }
  }
});
