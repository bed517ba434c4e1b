// What happens to people who hesitate, mistype, go back, click twice or come back tomorrow: nothing is lost, nothing
// is done twice, and the page says how to mend it.

import assert from "node:assert/strict";
import { CHECK_PAGE, HOUSEHOLD, bearing, confirmation, fillIn, mainText, path, reach, start } from "./support/counter.mjs";
import { answerPage, goOn, press, questions } from "./support/form.mjs";
import { everyWay, openHouse, twoWays } from "./support/house.mjs";
import { mailThat, mails } from "./support/mail.mjs";

const house = openHouse();
const BAD_NUMBER = [[/num[eé]ro national/i, "85.07.30-033.2"]];

everyWay(house, "a mistake is named, linked, explained beside the field, and what was typed is kept", async (visit) => {
  const { page } = visit;
  await start(visit, HOUSEHOLD);
  await reach(visit, /num[eé]ro national/i);
  const address = path(visit);
  // The answer to a page that has to be mended.
  visit.expecting(422);
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
  const described = (await field.getAttribute("aria-describedby")).split(/\s+/);
  const said = await Promise.all(described.map((id) => page.locator(`[id="${id}"]`).getAttribute("class")));
  assert.ok(said.some((name) => /error/.test(name)), "the message is tied to the field");
});

twoWays(house, "going back loses nothing", async (visit) => {
  const { page } = visit;
  await start(visit, HOUSEHOLD);
  const first = path(visit);
  await answerPage(visit, []);
  const given = (await questions(page)).map(({ name, answered, value }) => [name, answered, value]);
  await goOn(visit);
  await press(visit, /^Retour/);
  assert.equal(path(visit), first);
  const found = (await questions(page)).map(({ name, answered, value }) => [name, answered, value]);
  assert.deepEqual(found, given);
});

twoWays(house, "a draft is taken up again from its link", async (visit) => {
  await start(visit, HOUSEHOLD);
  await answerPage(visit, []);
  await goOn(visit);
  const later = await visit.another();
  await later.open(path(visit));
  await later.look();
  assert.equal(path(later), path(visit), "the same page opens elsewhere");
});

twoWays(house, "sending twice makes one request", async (visit) => {
  const { page } = visit;
  await start(visit, HOUSEHOLD);
  await fillIn(visit, []);
  await answerPage(visit, []);
  const check = path(visit);
  await page.getByRole("button", { name: /^Envoyer/ }).dblclick();
  await page.waitForURL((url) => url.pathname.endsWith("/confirmation"));
  await visit.settle();
  const request = await confirmation(visit);

  // Back to the check page, as the history of the browser would: it sends nothing any more.
  visit.expecting(410);
  await visit.open(check);
  await visit.look();
  assert.equal(await page.getByRole("button", { name: /^Envoyer/ }).count(), 0, "there is nothing left to send");
  const words = await mainText(visit);
  assert.ok(bearing(request).test(words) || /déjà envoyée/.test(words), "the page says that it is sent already");

  const receipt = await mailThat(visit.server, bearing(request), /\/suivi\//);
  const tracked = (mail) => mail.links.find((link) => link.includes("/suivi/"));
  const same = (await mails(visit.server)).filter((mail) => tracked(mail) === tracked(receipt));
  assert.equal(same.length, 1, "one receipt was sent");
});
