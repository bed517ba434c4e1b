// The social side of the same counter: a heating allowance, asked of the CPAS, handled there, and invisible elsewhere.

import assert from "node:assert/strict";
import { everyWay, oneWay, openHouse } from "./support/house.mjs";
import { act, fillIn, follow, mainText, openRequest, path, send, signIn, start } from "./support/counter.mjs";
import { mails, mailThat } from "./support/mail.mjs";
import { agentOf } from "./support/people.mjs";

const house = openHouse();
const HEATING = { name: /allocation de chauffage/i, slug: "allocation-de-chauffage" };
const DESK = { js: true, width: 1280 };

everyWay(house, "a citizen asks for a heating allowance and the CPAS decides", async (visit) => {
  await start(visit, HEATING);
  await fillIn(visit, []);
  const request = await send(visit);
  assert.match(await follow(visit, request), /CPAS/, "the tracking page says who is responsible");
  await mailThat(visit.server, new RegExp(request.reference));

  const agent = await visit.another();
  await signIn(agent, agentOf(visit.server, /cpas|social/i));
  await openRequest(agent, request);
  await act(agent, /^(Prendre en charge|Prendre)/);
  await act(agent, /^(Accorder|Accepter|Clôturer|Terminer|Délivrer)/, [[/montant/i, "210"]]);
  assert.match(await follow(visit, request), /accord|accept|décision|traitée|terminée|clôturée/i);
});

oneWay(house, "an agent of the commune cannot learn that the request exists", DESK, async (visit) => {
  await start(visit, HEATING);
  await fillIn(visit, []);
  const request = await send(visit);

  const member = await visit.another();
  await signIn(member, agentOf(visit.server, /cpas|social/i));
  await openRequest(member, request);
  const address = path(member);

  const curious = await visit.another();
  await signIn(curious, agentOf(visit.server, /population/i));
  assert.doesNotMatch(await mainText(curious), new RegExp(`${request.reference}|chauffage`, "i"), "nothing in the queues");
  curious.expecting(404);
  const answer = await curious.open(address);
  assert.equal(answer.status(), 404);
  await curious.look();
  assert.doesNotMatch(await mainText(curious), new RegExp(`${request.reference}|chauffage|CPAS`, "i"));
});

oneWay(house, "a mail about it never says in its subject what it is about", DESK, async (visit) => {
  await start(visit, HEATING);
  await fillIn(visit, []);
  const request = await send(visit);
  await mailThat(visit.server, new RegExp(request.reference));
  await visit.open("/demo/mail");
  await visit.look();
  assert.ok((await mails(visit.server)).length > 0);
  assert.doesNotMatch(await mainText(visit), /chauffage|allocation|aide sociale/i, "the list shows subjects alone");
});
