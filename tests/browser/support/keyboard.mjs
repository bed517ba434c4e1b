// Someone who has a keyboard and nothing else: Tab, Enter, Space, arrows inside a choice, and letters. At every stop of
// Tab, the place where they are must show.

import assert from "node:assert/strict";
import { answerTo, optionFor, questions, turn } from "./form.mjs";

const FAR = 150;

/** Presses Tab once; resolves to what has the focus, or null when it has left the page. */
export async function tab(visit) {
  await visit.page.keyboard.press("Tab");
  return here(visit);
}

/** What has the focus now, once it is certain that it shows. */
async function here(visit) {
  const stop = await visit.page.evaluate(() => {
    const here = document.activeElement;
    if (!here || here === document.body) return null;
    const labels = [...(here.labels ?? [])];
    // The field that covers a long list stands for that list.
    const control = here.closest(".combo")?.querySelector("select") ?? here;
    const text = (element) => (element?.textContent ?? "").replace(/\s+/g, " ").trim();
    // A control drawn by its label shows the focus there.
    const drawn = [here, ...labels, here.parentElement].filter(Boolean);
    // The little calendar inside a date field is the browser's own, and so is the ring around it.
    const inner = ["date", "time", "datetime-local"].includes(here.type) && !here.matches(":focus-visible");
    const ringed = inner || drawn.some((element) => {
      const style = getComputedStyle(element);
      const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
      return outlined || style.boxShadow !== "none";
    });
    const box = [here, ...labels].map((element) => element.getBoundingClientRect()).find((rect) => rect.width > 1 && rect.height > 1);
    const inside = box && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    const clamp = (value, most) => Math.min(Math.max(value, 1), most - 1);
    const top =
      box &&
      document.elementFromPoint(
        clamp(box.left + Math.min(box.width, innerWidth) / 2, innerWidth),
        clamp(box.top + Math.min(box.height, innerHeight) / 2, innerHeight),
      );
    const uncovered = top && [here, ...labels].some((element) => element.contains(top) || top.contains(element));
    return {
      tag: here.tagName.toLowerCase(),
      type: here.type ?? "",
      name: here.getAttribute("aria-label") || text(labels[0]) || text(here) || here.value || "",
      field: control.getAttribute("name") ?? "",
      rank: control.getAttribute("name")
        ? [...document.querySelectorAll(`[name="${CSS.escape(control.getAttribute("name"))}"]`)].indexOf(control)
        : -1,
      seen: Boolean(inside && uncovered),
      ringed,
    };
  });
  if (stop) {
    const what = `${stop.tag} “${stop.name.slice(0, 60)}”`;
    assert.ok(stop.ringed, `the focus on ${what} does not show`);
    assert.ok(stop.seen, `the focus on ${what} is out of sight or covered`);
  }
  return stop;
}

/** Tabs until what has the focus is called this. */
export async function tabTo(visit, name) {
  const passed = [];
  for (let stops = 0; stops < FAR; stops += 1) {
    const stop = await tab(visit);
    if (stop && name.test(stop.name)) return stop;
    if (stop) passed.push(stop.name.slice(0, 40));
  }
  return assert.fail(`the keyboard does not reach ${name}; it passed ${[...new Set(passed)].join(" | ")}`);
}

/** Tabs to it and presses Enter, then waits for the page that answers. */
export async function enter(visit, name) {
  await tabTo(visit, name);
  await turn(visit, () => visit.page.keyboard.press("Enter"));
}

/** Goes down the page with Tab, answering each question where it stands, and presses Enter on the button of this name. */
export async function answerPageByKeyboard(visit, answers, button) {
  const { page } = visit;
  const done = new Set();
  // A page may have put the focus on its first question already.
  const waiting = await page.evaluate(() => document.activeElement.matches("main input, main select, main textarea"));
  for (let stops = 0; stops < FAR; stops += 1) {
    const stop = waiting && stops === 0 ? await here(visit) : await tab(visit);
    if (!stop) continue;
    if (stop.tag === "button" && button.test(stop.name)) {
      return turn(visit, () => page.keyboard.press("Enter"));
    }
    if (!["input", "select", "textarea"].includes(stop.tag)) continue;
    const question = (await questions(page)).find(
      (one) => one.name === stop.field && (one.grouped || one.rank === stop.rank),
    );
    if (!question) continue;
    const key = `${question.name} ${question.grouped ? stop.rank : question.rank}`;
    const answer = done.has(key) ? undefined : answerTo(question, answers);
    if (answer === undefined) continue;
    done.add(key);
    await type(visit, question, stop, answer);
  }
  return assert.fail(`the keyboard does not reach the button ${button}`);
}

async function type(visit, question, stop, answer) {
  const { keyboard } = visit.page;
  if (question.kind === "radio") {
    const wanted = question.options.indexOf(optionFor(question, answer));
    const here = question.options.findIndex((option) => option.rank === stop.rank);
    await keyboard.press("Space");
    for (let at = here; at < wanted; at += 1) await keyboard.press("ArrowDown");
    for (let at = here; at > wanted; at -= 1) await keyboard.press("ArrowUp");
  } else if (question.grouped) {
    const wanted = [answer].flat().map((one) => optionFor(question, one).rank);
    const option = question.options.find((one) => one.rank === stop.rank);
    if (wanted.includes(stop.rank) !== option.checked) await keyboard.press("Space");
  } else if (question.kind === "checkbox") {
    if (!question.checked) await keyboard.press("Space");
  } else if (question.covered) {
    await keyboard.press("Control+A");
    await keyboard.type(optionFor(question, answer).label);
  } else if (question.kind === "select") {
    await keyboard.type(optionFor(question, answer).label);
  } else if (question.kind === "date") {
    // The parts stand in the order of the browser's own language, which `launch` holds at month, day, year.
    const [year, month, day] = answer.split("-");
    await keyboard.type(`${month}${day}${year}`);
    const held = await visit.page.evaluate(() => document.activeElement.value);
    assert.equal(held, answer, `the date typed in “${question.label}” was not understood`);
  } else if (question.kind === "file") {
    // The dialog that Enter opens belongs to the system; the file is handed over where it would be.
    await visit.page.locator(`[name="${question.name}"]`).nth(question.rank).setInputFiles(answer);
  } else {
    await keyboard.press("Control+A");
    await keyboard.type(String(answer));
  }
  await visit.settle();
}
