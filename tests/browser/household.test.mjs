// The main job: someone asks the commune for a composition de ménage, the agent of Population delivers it, and whoever
// receives the document can tell that it is authentic.

import assert from "node:assert/strict";
import { everyWay, openHouse } from "./support/house.mjs";
import { act, download, fillIn, follow, mainText, openRequest, send, signIn, start } from "./support/counter.mjs";
import { readPdf } from "./support/document.mjs";
import { mailThat } from "./support/mail.mjs";
import { agentOf } from "./support/people.mjs";

const house = openHouse();
const HOUSEHOLD = { name: /composition de ménage/i, slug: "composition-de-menage" };

everyWay(house, "a citizen asks for a composition de ménage and receives it", async (visit) => {
  await start(visit, HOUSEHOLD);
  const summary = await fillIn(visit, [[/^pr[eé]nom/i, "Camille"], [/^nom\b/i, "Exemple"]]);
  assert.match(summary, /Camille/, "the check page repeats the answers");
  const request = await send(visit);

  assert.match(await follow(visit, request), /Population/, "the tracking page says who is responsible");
  const receipt = await download(visit, /accusé de réception/i);
  assert.equal(receipt.type, "application/pdf");
  assert.match((await readPdf(receipt.bytes)).text, new RegExp(request.reference.slice(0, 3)));
  const acknowledged = await mailThat(visit.server, new RegExp(request.reference));
  assert.ok(acknowledged.links.some((link) => link.includes("/suivi/")), "the mail links to the tracking page");

  const agent = await visit.another();
  await signIn(agent, agentOf(visit.server, /population/i));
  await openRequest(agent, request);
  assert.match(await mainText(agent), /Camille/, "the agent reads the answers");
  await act(agent, /^(Prendre en charge|Prendre)/);
  await act(agent, /^(Délivrer|Établir|Signer)/);

  assert.match(await follow(visit, request), /délivré|disponible|prêt/i, "the citizen learns that it is delivered");
  const issued = await download(visit, /composition de ménage|télécharger le document/i);
  assert.equal(issued.type, "application/pdf");
  const document = await readPdf(issued.bytes);
  assert.match(document.text, /Camille/);
  const code = document.codes.find((text) => text.includes("/verification/"));
  assert.ok(code, `the QR code leads to the verification page; it says ${document.codes}`);

  await visit.open(new URL(code).pathname);
  await visit.look();
  const verdict = await mainText(visit);
  assert.match(verdict, /authentique/i);
  assert.doesNotMatch(verdict, /Camille|Exemple/, "the verification page says nothing of what is in the document");
});
