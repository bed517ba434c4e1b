// The main job: someone asks the commune for a composition de ménage, the agent of Population delivers it, and whoever
// receives the document can tell that it is authentic.

import assert from "node:assert/strict";
import {
  HOUSEHOLD,
  POPULATION,
  act,
  bearing,
  download,
  fillIn,
  follow,
  mainText,
  openRequest,
  send,
  signIn,
  start,
} from "./support/counter.mjs";
import { readPdf } from "./support/document.mjs";
import { PICTURE } from "./support/form.mjs";
import { everyWay, openHouse } from "./support/house.mjs";
import { mailThat } from "./support/mail.mjs";
import { agentOf } from "./support/people.mjs";

const house = openHouse();

everyWay(house, "a citizen asks for a composition de ménage and receives it", async (visit) => {
  await start(visit, HOUSEHOLD);
  const summary = await fillIn(visit, [[/^pr[eé]nom/i, "Camille"], [/^nom\b/i, "Exemple"]]);
  assert.match(summary, /Camille/, "the check page repeats the answers");
  const request = await send(visit);

  assert.match(await follow(visit, request), /Population/, "the tracking page says who is responsible");
  const receipt = await download(visit, /^Accusé de réception/);
  assert.equal(receipt.type, "application/pdf");
  assert.match((await readPdf(receipt.bytes)).text, bearing(request));
  const acknowledged = await mailThat(visit.server, bearing(request), /\/suivi\//);
  assert.ok(acknowledged.links.some((link) => link.includes("/suivi/")), "the mail links to the tracking page");

  const agent = await visit.another();
  await signIn(agent, agentOf(visit.server, POPULATION));
  await openRequest(agent, request);
  assert.match(await mainText(agent), /Camille/, "the agent reads the answers");
  await act(agent, /^Prendre en charge/);
  await act(agent, /^Délivrer le document/, [[/^Prénoms/, "Camille"], [/^Qualité/, "Personne de référence"]]);

  assert.match(await follow(visit, request), /Document délivré/, "the citizen learns that it is delivered");
  const issued = await download(visit, /^Télécharger/);
  assert.equal(issued.type, "application/pdf");
  const document = await readPdf(issued.bytes);
  assert.match(document.text, /Camille/);
  assert.ok(document.title, "the document has a title");
  const code = document.codes.find((text) => text.includes("/verification/"));
  assert.ok(code, `the QR code leads to the verification page; it says ${document.codes}`);

  await visit.open(new URL(code).pathname);
  await visit.look();
  const verdict = await mainText(visit);
  assert.match(verdict, /Document authentique/);
  assert.doesNotMatch(verdict, /Camille|Exemple|ménage/, "the verification page says nothing of what is in the document");
});

everyWay(house, "someone asks for another person, and joins their written consent", async (visit) => {
  await start(visit, HOUSEHOLD);
  const summary = await fillIn(visit, [
    [/composition de ménage demandez-vous/, "Celle d’une autre personne"],
    [/accord écrit/, PICTURE],
    [/^À quoi servira/, /./],
  ]);
  assert.match(summary, new RegExp(PICTURE.name.replace(".", "\\.")), "the check page names the file");
  await send(visit);
});
