// Filling in forms as a person does: by what the labels say. A journey gives the answers that matter to it; whatever
// else a form insists on gets a sensible, obviously fictitious answer, so that a reworded question breaks no journey.

import assert from "node:assert/strict";

const DAY = 24 * 3600 * 1000;
const day = (offset) => new Date(Date.now() + offset * DAY).toISOString().slice(0, 10);

/** A picture of one grey point: the smallest honest PNG. */
export const PICTURE = {
  name: "piece-d-exemple.png",
  mimeType: "image/png",
  buffer: Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==",
    "base64",
  ),
};

/** Answers to what is asked on most forms: a pattern on the question, and the answer. */
const SENSIBLE = [
  [/num[eé]ro national|NISS|registre national/i, "85.07.30-033.28"],
  [/IBAN|num[eé]ro de compte/i, "BE68 5390 0754 7034"],
  [/courriel|e-?mail|[eé]lectronique/i, "camille.exemple@example.org"],
  [/t[eé]l[eé]phone|GSM/i, "0470 00 00 00"],
  [/code postal/i, "4520"],
  [/localit[eé]|^commune|ville/i, "Wanze"],
  [/pays/i, /Belgique/],
  [/^rue|adresse/i, "Rue de l’Exemple"],
  [/^num[eé]ro\b|^n°/i, "12"],
  [/pr[eé]nom/i, "Camille"],
  [/\bnom\b/i, "Exemple"],
  [/^combien|nombre/i, "2"],
  [/montant/i, "210,00"],
];

/** Days that are asked for most: past ones, in a form's own terms. Any other is some weeks ahead. */
const DAYS = [
  [/naissance/i, "1985-07-30"],
  [/livraison|facture|mariage|d[eé]cision|situation/i, day(-10)],
];

/** The questions of the page, in order, with what has been answered already. Choices are one question each. */
export function questions(page) {
  return page.evaluate(() => {
    const text = (element) => (element?.textContent ?? "").replace(/\s+/g, " ").trim();
    const seen = (input) => input.checkVisibility() || [...(input.labels ?? [])].some((label) => label.checkVisibility());
    const all = [];
    const byName = new Map();
    for (const input of document.querySelectorAll("main form input, main form select, main form textarea")) {
      if (["hidden", "submit", "button", "search"].includes(input.type) || input.disabled || input.readOnly) continue;
      // A list that a script has covered with a field to type in is still the question.
      const cover = input.hidden ? input.closest(".combo")?.querySelector("[role=combobox]") : null;
      const covered = Boolean(cover);
      if (!input.name || (!covered && !seen(input))) continue;
      const form = input.closest("form");
      const same = [...form.querySelectorAll(`[name="${CSS.escape(input.name)}"]`)];
      const rank = [...document.querySelectorAll(`[name="${CSS.escape(input.name)}"]`)].indexOf(input);
      const legend = text(input.closest("fieldset")?.querySelector("legend"));
      const label = text((cover ?? input).labels?.[0]) || input.getAttribute("aria-label") || "";
      const grouped = input.type === "radio" || (input.type === "checkbox" && same.filter((one) => one.type === "checkbox").length > 1);
      // What may be left out says so; everything else is expected.
      const required = input.required || !/\(facultatif\)/.test(grouped ? legend : label);
      const part = { name: input.name, rank, label, value: input.value, checked: input.checked };
      const key = `${input.name} ${[...document.forms].indexOf(form)}`;
      if (grouped && byName.has(key)) {
        const question = byName.get(key);
        question.options.push(part);
        question.required ||= required;
        question.answered ||= input.checked;
        continue;
      }
      const question = {
        ...part,
        kind: input.type === "select-one" || input.type === "select-multiple" ? "select" : input.type,
        label: grouped ? legend : label,
        legend: grouped ? "" : legend,
        required,
        invalid: input.getAttribute("aria-invalid") === "true",
        grouped,
        options: grouped ? [part] : [...(input.options ?? [])].map((option) => ({ label: text(option), value: option.value })),
        covered,
        typedIn: cover?.id ?? "",
        answered: ["radio", "checkbox"].includes(input.type)
          ? input.checked
          : input.value !== "" || Boolean(input.closest(".field")?.querySelector(".files li")),
      };
      if (grouped) byName.set(key, question);
      all.push(question);
    }
    return all;
  });
}

/** The answer a person would give: the journey's own first, then a sensible one when an answer is required. */
export function answerTo(question, answers) {
  const asked = [question.label, `${question.legend} ${question.label}`.trim()];
  const own = answers.find(([pattern]) => asked.some((words) => pattern.test(words)));
  if (own) return own[1];
  if (question.answered && !question.invalid) return undefined;
  if (!question.required && !question.invalid) return undefined;
  const { kind, options } = question;
  if (kind === "radio" || question.grouped) return options[0].label;
  if (kind === "checkbox") return true;
  if (kind === "file") return PICTURE;
  const known = kind === "date" ? DAYS : SENSIBLE;
  const usual = known.find(([pattern]) => pattern.test(question.label))?.[1];
  if (kind === "select") {
    const fit = usual instanceof RegExp && options.find((option) => usual.test(option.label));
    return (fit || options.find((option) => option.value !== "")).label;
  }
  if (kind === "date") return usual ?? day(20);
  if (kind === "number") return "1";
  if (kind === "time") return "10:00";
  return usual instanceof RegExp ? "Belgique" : (usual ?? "Exemple");
}

const fits = (wanted, label) => (wanted instanceof RegExp ? wanted.test(label) : label.includes(wanted));

/** Which option of a choice an answer means; says what there was when none fits. */
export function optionFor(question, wanted) {
  const found = question.options.find((option) => fits(wanted, option.label));
  const offered = question.options.map((option) => `“${option.label}”`).join(", ");
  assert.ok(found, `“${question.label}” does not offer ${wanted}: it offers ${offered}`);
  return found;
}

async function give({ page, way: { js } }, question, answer) {
  const place = ({ name, rank }) => page.locator(`[name="${name}"]`).nth(rank);
  if (question.grouped) {
    for (const one of [answer].flat()) await place(optionFor(question, one)).check();
  } else if (question.kind === "radio" || question.kind === "checkbox") {
    await place(question).setChecked(answer === true || fits(answer, question.label));
  } else if (question.covered) {
    const typed = page.locator(`[id="${question.typedIn}"]`);
    await typed.fill(optionFor(question, answer).label);
    await typed.blur();
  } else if (question.kind === "select") {
    await place(question).selectOption(optionFor(question, answer).value);
  } else if (question.kind === "file") {
    const home = page.locator("[data-upload]").filter({ has: place(question) });
    const sentAtOnce = js && (await home.count()) > 0;
    await place(question).setInputFiles(answer);
    if (!sentAtOnce) return;
    // It has left already; it has arrived when its row has lost its progress bar.
    await page.locator(".files li").filter({ hasText: answer.name, hasNot: page.locator("progress") }).first().waitFor();
  } else {
    await place(question).fill(String(answer));
  }
}

/**
 * Answers everything on this page that the journey knows or that the form insists on. Choosing may reveal further
 * questions, so the page is read again until nothing is left to answer. Returns the labels that were answered.
 */
export async function answerPage(visit, answers) {
  const { page } = visit;
  const done = new Set();
  for (let reading = 0; reading < 30; reading += 1) {
    let given = 0;
    for (const question of await questions(page)) {
      const key = `${question.name} ${question.rank}`;
      const answer = done.has(key) ? undefined : answerTo(question, answers);
      if (answer === undefined) continue;
      await give(visit, question, answer);
      done.add(key);
      given += 1;
      // A choice may redraw the page: read it again before going on.
      if (visit.way.js && (question.grouped || ["select", "checkbox", "file"].includes(question.kind))) break;
    }
    if (given === 0) break;
    if (visit.way.js) await page.waitForTimeout(250);
    await visit.settle();
  }
  return [...done];
}

/** Does what leads to another page, and waits until that page is there. */
export async function turn(visit, action) {
  const arrived = visit.page.waitForEvent("domcontentloaded", { timeout: 15_000 });
  arrived.catch(() => {});
  await action();
  await arrived;
  await visit.settle();
}

/** Presses the button of this name (or follows the link that looks like one) and waits for the page that answers. */
export async function press(visit, name) {
  const main = visit.page.getByRole("main");
  const button = main.getByRole("button", { name }).or(main.getByRole("link", { name })).first();
  await turn(visit, () => button.click());
}

/** Goes to the next page; what the form warns about but lets pass is confirmed. */
export async function goOn(visit) {
  await press(visit, /^(Continuer|Enregistrer et revenir)/);
  const confirm = visit.page.getByRole("button", { name: /^C’est exact/ });
  if (await confirm.count()) await press(visit, /^C’est exact/);
}

/** Answers page after page until the address matches `until`, looking at each page on the way. */
export async function answerForm(visit, answers, until) {
  const { page } = visit;
  const way = [];
  for (let step = 0; step < 30; step += 1) {
    await visit.look();
    const address = new URL(page.url()).pathname;
    if (until.test(address)) return way;
    way.push(address);
    const stuck = way.slice(-4).length === 4 && new Set(way.slice(-4)).size === 1;
    assert.ok(!stuck, `the form does not let us past ${address}`);
    await answerPage(visit, answers);
    await goOn(visit);
  }
  assert.fail(`never arrived at ${until}; on the way: ${way.join(" → ")}`);
}
