// An agent's day: the keys of the desk, and a household that grows member by member before it is delivered.

import assert from "node:assert/strict";
import {
  HOUSEHOLD,
  POPULATION,
  bearing,
  download,
  fillIn,
  follow,
  mainText,
  openRequest,
  path,
  send,
  signIn,
  start,
} from "./support/counter.mjs";
import { readPdf } from "./support/document.mjs";
import { answerPage, press, turn } from "./support/form.mjs";
import { oneWay, openHouse, twoWays } from "./support/house.mjs";
import { agentOf } from "./support/people.mjs";

const house = openHouse();
const DESK = { js: true, width: 1280 };

async function asked(visit) {
  await start(visit, HOUSEHOLD);
  await fillIn(visit, [[/^pr[eé]nom/i, "Camille"], [/^nom\b/i, "Exemple"]]);
  return send(visit);
}

oneWay(house, "each key of the desk does what the help says, and A takes nothing that was not chosen", DESK, async (visit) => {
  const request = await asked(visit);
  const agent = await visit.another();
  const { page } = agent;
  await signIn(agent, agentOf(visit.server, POPULATION));
  await agent.open("/agent");
  const row = page.locator("[data-row]").filter({ hasText: bearing(request) });
  await page.keyboard.press("a");
  await page.waitForTimeout(300);
  assert.equal(await row.locator("[data-take]").count(), 1, "without a row nothing is taken");
  await page.keyboard.press("j");
  for (let rows = 0; !(await row.evaluate((one) => one.contains(document.activeElement))); rows += 1) {
    assert.ok(rows < 20, "J arrives at every row");
    await page.keyboard.press("j");
  }
  await turn(agent, () => page.keyboard.press("a"));
  assert.match(await row.innerText(), /moi/, "A takes the row one stands on");
  const back = () => page.locator("[data-row]:focus-within").filter({ hasText: bearing(request) }).waitFor();
  await assert.doesNotReject(back, "and comes back to it");
  await agent.look();
  await turn(agent, () => page.keyboard.press("o"));
  assert.match(path(agent), /^\/agent\/demandes\//);
  await page.keyboard.press("n");
  assert.equal(await page.evaluate(() => document.activeElement.name), "message", "N writes to the citizen");
  await agent.look();
  await page.keyboard.press("Escape");
});

twoWays(house, "a household of three is delivered with three names", async (visit) => {
  const request = await asked(visit);
  const agent = await visit.another();
  const { page } = agent;
  await signIn(agent, agentOf(visit.server, POPULATION));
  await openRequest(agent, request);
  await press(agent, /^Délivrer le document/);
  const form = path(agent);
  const names = page.locator('[name^="membres."][name$=".first_name"]');
  for (let members = await names.count(); members < 3; members += 1) {
    const add = page.getByRole("button", { name: /^Ajouter un membre/ });
    if (agent.way.js) await add.click();
    else await turn(agent, () => add.click());
    await names.nth(members).waitFor();
    assert.equal(path(agent), form, "adding a member delivers nothing");
  }
  await answerPage(agent, [[/^Qualité/, "Membre"]]);
  for (const [index, name] of ["Anne", "Hugo", "Zoé"].entries()) await names.nth(index).fill(name);
  await agent.look();
  await turn(agent, () => page.locator("main form .actions button.button").first().click());
  assert.match(await mainText(agent), /Décision/, "what was decided stands on the request");
  await agent.look();
  await follow(visit, request);
  const { text } = await readPdf((await download(visit, /^Télécharger/)).bytes);
  for (const name of ["Anne", "Hugo", "Zoé"]) assert.match(text, new RegExp(name));
});
