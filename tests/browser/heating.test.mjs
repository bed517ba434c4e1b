// The social side of the same counter: a heating allowance, asked of the CPAS, handled there, and invisible elsewhere.

import assert from "node:assert/strict";
import {
  ENERGY,
  HEATED,
  HEATING,
  POPULATION,
  act,
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
import { oneWay, openHouse, twoWays } from "./support/house.mjs";
import { mails, mailThat } from "./support/mail.mjs";
import { agentOf } from "./support/people.mjs";

const house = openHouse();
const DESK = { js: true, width: 1280 };

twoWays(house, "a citizen asks for a heating allowance and the CPAS decides", async (visit) => {
  await start(visit, HEATING);
  await fillIn(visit, HEATED);
  const request = await send(visit);
  assert.match(await follow(visit, request), /CPAS/, "the tracking page says who is responsible");
  await mailThat(visit.server, bearing(request));

  const agent = await visit.another();
  await signIn(agent, agentOf(visit.server, ENERGY));
  await openRequest(agent, request);
  await act(agent, /^Prendre en charge/);
  await act(agent, /^Accorder l’allocation/, [[/^Raisons/, "Votre ménage remplit les conditions. Décision de démonstration."]]);
  assert.match(await follow(visit, request), /Réponse donnée/);
  const decision = await download(visit, /^Télécharger/);
  const { text } = await readPdf(decision.bytes);
  assert.match(text, /accordée/);
  assert.match(text, /50,00\s*€/, "what the form had worked out was proposed");
});

oneWay(house, "an agent of the commune cannot learn that the request exists", DESK, async (visit) => {
  await start(visit, HEATING);
  await fillIn(visit, HEATED);
  const request = await send(visit);

  const member = await visit.another();
  await signIn(member, agentOf(visit.server, ENERGY));
  await openRequest(member, request);
  const address = path(member);

  const curious = await visit.another();
  await signIn(curious, agentOf(visit.server, POPULATION));
  assert.doesNotMatch(await mainText(curious), /chauffage/i, "nothing in the queues");
  curious.expecting(404);
  const answer = await curious.open(address);
  assert.equal(answer.status(), 404);
  await curious.look();
  assert.doesNotMatch(await mainText(curious), bearing(request));
  assert.doesNotMatch(await mainText(curious), /chauffage|CPAS/i);
});

oneWay(house, "a mail about it never says in its subject what it is about", DESK, async (visit) => {
  await start(visit, HEATING);
  await fillIn(visit, HEATED);
  const request = await send(visit);
  await mailThat(visit.server, bearing(request));
  await visit.open("/demo/mail");
  await visit.look();
  assert.ok((await mails(visit.server)).length > 0);
  assert.doesNotMatch(await mainText(visit), /chauffage|allocation|aide sociale/i, "the list shows subjects alone");
});
