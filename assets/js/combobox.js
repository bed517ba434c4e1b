// A long native list becomes a field to type in. The select stays underneath, holds the value and is what the form sends.
// Pattern: ARIA combobox with a listbox popup; accents and capitals do not matter.

const MOST = 60;
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const say = (text) => document.dispatchEvent(new CustomEvent("perron:say", { detail: text }));

const enhanceAll = () => { for (const select of document.querySelectorAll("select[data-combobox]")) enhance(select); };
enhanceAll();
document.addEventListener("perron:drawn", enhanceAll);

function enhance(select) {
  delete select.dataset.combobox;
  select.removeAttribute("data-combobox");
  const focused = document.activeElement === select;
  const options = [...select.options].filter((option) => option.value).map((option) => ({ value: option.value, label: option.label, words: plain(option.label).split(/[\s'’()-]+/) }));
  const id = select.id;
  const box = document.createElement("div");
  box.className = "combo";
  const input = document.createElement("input");
  const list = document.createElement("ul");
  Object.assign(input, { id, type: "text", autocomplete: "off", spellcheck: false, value: chosen() });
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${id}-choix` })) input.setAttribute(name, value);
  for (const name of ["aria-describedby", "aria-invalid"]) if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  if (select.required) input.setAttribute("aria-required", "true");
  Object.assign(list, { id: `${id}-choix`, className: "combo__list", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", document.querySelector(`label[for="${CSS.escape(id)}"]`)?.textContent ?? "");
  select.id = `${id}-liste`;
  select.hidden = true;
  select.before(box);
  box.append(input, list, select);
  if (focused) input.focus();

  let active = -1;
  let shown = [];

  function chosen() { return select.value ? select.selectedOptions[0]?.label ?? "" : ""; }

  function open(query) {
    const asked = plain(query).split(/[\s'’()-]+/).filter(Boolean);
    shown = options.filter((option) => asked.every((part) => option.words.some((word) => word.startsWith(part)))).slice(0, MOST);
    list.replaceChildren(...(shown.length ? shown.map((option, index) => {
      const item = document.createElement("li");
      item.id = `${id}-choix-${index}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.textContent = option.label;
      item.addEventListener("mousedown", (event) => { event.preventDefault(); choose(index); });
      return item;
    }) : [Object.assign(document.createElement("li"), { className: "is-none", textContent: select.dataset.none })]));
    if (!shown.length) { list.firstChild.setAttribute("role", "option"); list.firstChild.setAttribute("aria-disabled", "true"); }
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    move(-1);
    say(shown.length ? select.dataset.found.replace("{n}", shown.length) : select.dataset.none);
  }
  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    active = -1;
  }
  function move(index) {
    list.children[active]?.setAttribute?.("aria-selected", "false");
    active = index;
    const item = index >= 0 && shown.length ? list.children[index] : null;
    if (!item) { input.removeAttribute("aria-activedescendant"); return; }
    item.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  }
  function set(value) {
    if (select.value === value) return;
    select.value = value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }
  function choose(index) {
    input.value = shown[index].label;
    close();
    set(shown[index].value);
  }
  input.addEventListener("input", (event) => { event.stopPropagation(); open(input.value); });
  input.addEventListener("change", (event) => event.stopPropagation());
  input.addEventListener("click", () => { if (list.hidden) open(""); });
  input.addEventListener("blur", () => {
    close();
    const exact = options.find((option) => plain(option.label) === plain(input.value.trim()));
    if (exact) { input.value = exact.label; set(exact.value); } else if (!input.value.trim()) set(""); else input.value = chosen();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) open(input.value === chosen() ? "" : input.value);
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (shown.length) move((active + step + shown.length + (active < 0 && step < 0 ? 1 : 0)) % shown.length);
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      if (active >= 0) choose(active); else if (shown.length === 1) choose(0);
    } else if (event.key === "Escape" && !list.hidden) { event.preventDefault(); input.value = chosen(); close(); }
  });
}
