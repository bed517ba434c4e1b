// The whole journey with the keyboard alone, from the home page to the document, on both sides of the counter.

import assert from "node:assert/strict";
import { everyWay, openHouse, twoWays } from "./support/house.mjs";
import { CHECK_PAGE, POPULATION, bearing, confirmation, path } from "./support/counter.mjs";
import { answerPageByKeyboard, enter, tab, tabTo } from "./support/keyboard.mjs";
import { agentOf, freshCode } from "./support/people.mjs";

const house = openHouse();

everyWay(house, "the first stop of the keyboard skips to the content", async (visit) => {
  await visit.open("/");
  const first = await tab(visit);
  assert.match(first.name, /^Aller au contenu/);
  await visit.page.keyboard.press("Enter");
  const next = await tab(visit);
  const inMain = await visit.page.evaluate(() => Boolean(document.activeElement.closest("main")));
  assert.ok(inMain, `after it the focus is in the content, not on “${next?.name}”`);
});

twoWays(house, "a composition de ménage is asked for and delivered by keyboard", async (visit) => {
  await visit.open("/");
  await enter(visit, /^Composition de ménage/i);
  await enter(visit, /^Commencer/);
  for (let pages = 0; !CHECK_PAGE.test(path(visit)); pages += 1) {
    assert.ok(pages < 12, `the form does not end; now at ${path(visit)}`);
    await answerPageByKeyboard(visit, [], /^Continuer/);
  }
  await answerPageByKeyboard(visit, [], /^Envoyer/);
  await visit.look();
  const request = await confirmation(visit);

  const agent = await visit.another();
  const account = agentOf(visit.server, POPULATION);
  await agent.open("/agent/connexion");
  await answerPageByKeyboard(agent, [[/électronique/i, account.email], [/mot de passe/i, account.password]], /^Continuer/);
  await answerPageByKeyboard(agent, [[/code/i, await freshCode(account)]], /^Se connecter/);
  await enter(agent, bearing(request));
  await enter(agent, /^Prendre en charge/);
  await agent.look();
  await tabTo(agent, /^Délivrer le document/);
});
