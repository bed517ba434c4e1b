// What happens to people who hesitate, mistype, go back, click twice or come back tomorrow: nothing is lost, nothing
// is done twice, and the page says how to mend it.

import assert from "node:assert/strict";
import { everyWay, oneWay, openHouse, WAYS } from "./support/house.mjs";
import { CHECK_PAGE, confirmation, fillIn, path, start } from "./support/counter.mjs";
import { answerPage, goOn, questions } from "./support/form.mjs";

const house = openHouse();
const HOUSEHOLD = { name: /composition de ménage/i, slug: "composition-de-menage" };
const BAD_NUMBER = [[/num[eé]ro national/i, "85.07.30-033.2"]];

/** Goes forward until a page asks this question; leaves it unanswered. */
async function reach(visit, pattern) {
  for (let pages = 0; pages < 12; pages += 1) {
    if ((await questions(visit.page)).some((question) => pattern.test(question.label))) return;
    assert.ok(!CHECK_PAGE.test(path(visit)), `no page asks ${pattern}`);
    await answerPage(visit, []);
    await goOn(visit);
  }
}

everyWay(house, "a mistake is named, linked, explained beside the field, and what was typed is kept", async (visit) => {
  const { page } = visit;
  await start(visit, HOUSEHOLD);
  await reach(visit, /num[eé]ro national/i);
  const address = path(visit);
  await answerPage(visit, BAD_NUMBER);
  await goOn(visit);
  await visit.look();
  assert.equal(path(visit), address, "the page is the same");
  assert.match(await page.title(), /^Erreur/, "the title says that there is an error");

  const link = page.locator(".errors a").first();
  const target = (await link.getAttribute("href")).replace(/^.*#/, "");
  await link.click();
  const field = page.locator(`[id="${target}"]`);
  assert.ok(await field.evaluate((element) => document.activeElement === element), "the link leads to the field");
  assert.equal(await field.inputValue(), "85.07.30-033.2", "what was typed is kept");
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  const described = (await field.getAttribute("aria-describedby")).split(" ");
  const said = await Promise.all(described.map((id) => page.locator(`[id="${id}"]`).getAttribute("class")));
  assert.ok(said.some((name) => /error/.test(name)), "the message is tied to the field");
});

everyWay(house, "going back loses nothing", async (visit) => {
  const { page } = visit;
  await start(visit, HOUSEHOLD);
  const first = path(visit);
  await answerPage(visit, []);
  const given = (await questions(page)).map(({ name, answered, value }) => [name, answered, value]);
  await goOn(visit);
  await page.getByRole("main").getByRole("link", { name: /^Retour/ }).first().click();
  await visit.settle();
  assert.equal(path(visit), first);
  const found = (await questions(page)).map(({ name, answered, value }) => [name, answered, value]);
  assert.deepEqual(found, given);
});

everyWay(house, "a draft is taken up again from its link", async (visit) => {
  await start(visit, HOUSEHOLD);
  await answerPage(visit, []);
  await goOn(visit);
  const later = await visit.another();
  await later.open(path(visit));
  await later.look();
  assert.equal(path(later), path(visit), "the same page opens elsewhere");
});

for (const way of WAYS.filter(({ width }) => width === 320)) {
  oneWay(house, "sending twice makes one request", way, async (visit) => {
    const { page } = visit;
    await start(visit, HOUSEHOLD);
    await fillIn(visit, []);
    await answerPage(visit, []);
    const check = path(visit);
    await page.getByRole("button", { name: /^Envoyer/ }).dblclick();
    await visit.settle();
    const one = await confirmation(visit);
    // The back button, and the same button again.
    await visit.open(check);
    await visit.settle();
    const again = page.getByRole("button", { name: /^Envoyer/ });
    if (await again.count()) {
      await again.click();
      await visit.settle();
    }
    const two = await confirmation(visit);
    assert.equal(two.reference, one.reference);
  });
}
