// Attachments leave one by one as soon as they are chosen or dropped, each with its progress; a refused one says why and the others stay.
// POST data-upload: _csrf, field, file. Answers 2xx {id, name, size, media_type}, or 4xx {error: "sentence"}.

const HOMES = "[data-upload]";
const say = (text) => document.dispatchEvent(new CustomEvent("perron:say", { detail: text }));
let pending = 0;
let afterwards = null; // the form that was sent while files were still leaving

document.addEventListener("change", (event) => {
  const home = event.target.matches("input[type=file]") && event.target.closest(HOMES);
  if (!home) return;
  const files = [...event.target.files];
  event.target.value = ""; // what leaves on its own must not leave again with the form
  enqueue(home, files);
});
for (const type of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(type, (event) => {
    const drop = event.target.closest?.(".drop");
    const home = drop?.closest(HOMES);
    if (!home || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    drop.classList.toggle("is-over", type === "dragover");
    if (type === "drop") enqueue(home, [...event.dataTransfer.files]);
  });
}
document.addEventListener("submit", (event) => {
  if (!pending || event.defaultPrevented) return;
  event.preventDefault();
  afterwards = { form: event.target, button: event.submitter };
}, true);
document.addEventListener("click", (event) => {
  const dismiss = event.target.closest("[data-dismiss-row]");
  if (!dismiss) return;
  const input = dismiss.closest(HOMES)?.querySelector("input[type=file]");
  dismiss.closest("li").remove();
  input?.focus();
});

async function enqueue(home, files) {
  for (const file of files) {
    const list = home.querySelector(".files");
    const row = draw(home, file.name);
    list.append(row);
    const kept = list.querySelectorAll("li:not(.is-refused)").length;
    if (kept > Number(home.dataset.maxFiles)) refuse(row, file.name, home.dataset.tooMany);
    else if (file.size > Number(home.dataset.maxSize)) refuse(row, file.name, home.dataset.tooLarge);
    else {
      pending += 1;
      await send(home, file, row).catch((reason) => refuse(row, file.name, reason));
      pending -= 1;
    }
  }
  if (pending || !afterwards) return;
  const { form, button } = afterwards;
  afterwards = null;
  form.requestSubmit(button ?? undefined);
}

function send(home, file, row) {
  return new Promise((resolve, reject) => {
    const body = new FormData();
    body.append("_csrf", home.closest("form").elements._csrf.value);
    body.append("field", home.dataset.field);
    body.append("file", file, file.name);
    const request = new XMLHttpRequest();
    const bar = row.querySelector("progress");
    request.open("POST", home.dataset.upload);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.onprogress = (event) => { if (event.lengthComputable) bar.value = event.loaded / event.total; };
    request.onerror = () => reject(home.dataset.failed);
    request.onload = () => {
      if (request.status >= 300 || !request.response?.id) { reject(request.response?.error ?? home.dataset.failed); return; }
      settle(home, row, request.response);
      resolve();
    };
    request.send(body);
  });
}

function draw(home, name) {
  const row = home.querySelector("template").content.firstElementChild.cloneNode(true);
  row.querySelector("[data-name]").textContent = name;
  row.querySelector("[data-about]").textContent = home.dataset.sending;
  row.querySelector("progress").setAttribute("aria-label", name);
  row.querySelector("button").hidden = true;
  return row;
}

function settle(home, row, file) {
  row.querySelector("progress").remove();
  row.querySelector("[data-name]").textContent = file.name;
  row.querySelector("[data-about]").textContent = weight(file.size);
  const button = row.querySelector("button");
  button.hidden = false;
  button.value = file.id;
  button.querySelector(".unseen").textContent = ` ${file.name}`;
  home.classList.remove("field--error");
  home.querySelector(".field__error")?.remove();
  home.querySelector("input[type=file]")?.removeAttribute("aria-invalid");
  const full = home.querySelectorAll(".files li:not(.is-refused)").length >= Number(home.dataset.maxFiles);
  if (full) home.querySelector(".drop").hidden = true;
  say(`${home.dataset.sent} ${file.name}`);
}

function refuse(row, name, reason) {
  row.classList.add("is-refused");
  row.querySelector("progress")?.remove();
  row.querySelector("[data-about]").textContent = reason;
  const button = row.querySelector("button");
  button.hidden = false;
  button.type = "button";
  button.removeAttribute("name");
  button.removeAttribute("data-refresh");
  button.setAttribute("data-dismiss-row", "");
  button.querySelector("[data-word]").textContent = row.closest(HOMES).dataset.dismiss;
  button.querySelector(".unseen").textContent = ` ${name}`;
  say(`${name} : ${reason}`);
}

const weight = (bytes) => {
  const number = (value) => value.toLocaleString("fr-BE", { maximumFractionDigits: 1 });
  if (bytes < 1000) return `${number(bytes)} octets`;
  return bytes < 1e6 ? `${number(bytes / 1000)} ko` : `${number(bytes / 1e6)} Mo`;
};
