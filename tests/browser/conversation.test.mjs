// After sending: the service asks, the citizen answers and corrects; or the citizen changes their mind. And before
// sending: someone who stops half-way and comes back with the code, or joins a file they then remove.

import assert from "node:assert/strict";
import {
  HOUSEHOLD,
  POPULATION,
  act,
  fillIn,
  follow,
  mainText,
  openRequest,
  path,
  reach,
  send,
  signIn,
  start,
} from "./support/counter.mjs";
import { PICTURE, answerPage, goOn, press, questions } from "./support/form.mjs";
import { oneWay, openHouse, twoWays } from "./support/house.mjs";
import { mailThat } from "./support/mail.mjs";
import { agentOf } from "./support/people.mjs";

const house = openHouse();
const DESK = { js: true, width: 1280 };
const FIRST_NAME = /pr[eé]nom/i;
const STOP = /^Enregistrer et continuer plus tard/;

twoWays(house, "the service asks, and the citizen answers and corrects", async (visit) => {
  await start(visit, HOUSEHOLD);
  await fillIn(visit, [[FIRST_NAME, "Camile"]]);
  const request = await send(visit);

  const agent = await visit.another();
  await signIn(agent, agentOf(visit.server, POPULATION));
  await openRequest(agent, request);
  await act(agent, /^Demander une précision/, [
    [/^Votre question/, "Pouvez-vous vérifier votre prénom ? Exemple."],
    [/peut corriger/, [/^Qui êtes-vous/]],
  ]);
  assert.match(await mainText(agent), /En attente du citoyen/);

  const asked = await follow(visit, request);
  assert.match(asked, /Une question vous attend/);
  assert.match(asked, /Pouvez-vous vérifier votre prénom/);
  const field = (await questions(visit.page)).find((question) => FIRST_NAME.test(question.label));
  assert.equal(field?.value, "Camile", "the answer to correct is there, as it was given");
  const question = await mailThat(visit.server, /question/i, new RegExp(request.tracking.split("/").at(-1)));
  assert.ok(question.links.some((link) => link.includes("/suivi/")), "the mail leads to the question");

  await answerPage(visit, [
    [FIRST_NAME, "Camille"],
    [/^Votre réponse/, "C’est corrigé. Merci."],
  ]);
  await press(visit, /^Envoyer ma réponse/);
  await visit.look();
  assert.match(await mainText(visit), /Votre réponse est envoyée/);

  await openRequest(agent, request);
  const seen = await mainText(agent);
  assert.match(seen, /Camille/, "the agent reads the corrected answer");
  assert.match(seen, /C’est corrigé/, "and what the citizen wrote");
  assert.match(seen, /En traitement/);
});

twoWays(house, "a citizen withdraws the request", async (visit) => {
  await start(visit, HOUSEHOLD);
  await fillIn(visit, []);
  const request = await send(visit);
  await follow(visit, request);
  await press(visit, /^Retirer ma demande/);
  await visit.look();
  await press(visit, /^Retirer ma demande/);
  await visit.look();
  assert.match(await mainText(visit), /Votre demande est retirée/);
  assert.match(await follow(visit, request), /Retirée par vous/);
  assert.equal(await visit.page.getByRole("link", { name: /^Retirer/ }).count(), 0, "it is withdrawn once");
});

twoWays(house, "someone stops half-way and takes it up again with the code, from elsewhere", async (visit) => {
  await start(visit, HOUSEHOLD);
  await reach(visit, FIRST_NAME);
  await answerPage(visit, [[FIRST_NAME, "Dominique"]]);
  await press(visit, STOP);
  await visit.look();
  const code = (await visit.page.locator(".reference").first().innerText()).trim();
  await answerPage(visit, [[/électronique|courriel/i, "dominique.exemple@example.org"]]);
  await press(visit, /^Envoyer le lien/);
  await visit.look();
  assert.match(await mainText(visit), /Le lien a été envoyé à dominique\.exemple@example\.org/);
  await mailThat(visit.server, /dominique\.exemple@example\.org/, /reprendre|continuer/i);

  const later = await visit.another();
  await later.open("/reprendre");
  await later.look();
  await later.page.getByRole("main").getByRole("textbox").first().fill(code.toLowerCase());
  await press(later, /^Reprendre/);
  await later.look();
  const summary = await fillIn(later, []);
  assert.match(summary, /Dominique/, "what was typed is still there");
});

twoWays(house, "a code that leads nowhere is refused with a way forward", async (visit) => {
  for (const [address, button] of [
    ["/reprendre", /^Reprendre/],
    ["/suivi", /^(Suivre|Voir)/],
  ]) {
    visit.expecting(404);
    visit.expecting(422);
    await visit.open(address);
    await visit.page.getByRole("main").getByRole("textbox").first().fill("ABCD-EFGH-JKMN");
    await press(visit, button);
    await visit.look();
    assert.ok(await visit.page.getByRole("main").getByRole("link").count(), "the page offers a way forward");
  }
});

twoWays(house, "a file is joined, looked at, removed and joined again", async (visit) => {
  const { page } = visit;
  await start(visit, HOUSEHOLD);
  await answerPage(visit, [[/composition de ménage demandez-vous/, "Celle d’une autre personne"]]);
  await goOn(visit);
  const address = path(visit);
  const joined = page.locator(".files li").filter({ hasText: PICTURE.name });
  await answerPage(visit, [[/accord écrit/, PICTURE]]);
  if (!visit.way.js) {
    await press(visit, /^Envoyer le fichier/);
    assert.equal(path(visit), address, "joining a file stays on the page");
  }
  assert.equal(await joined.count(), 1);
  await visit.look();
  const remove = joined.getByRole("button", { name: /^Retirer/ });
  if (visit.way.js) await remove.click();
  else await press(visit, /^Retirer/);
  await joined.waitFor({ state: "detached" });
  await visit.look();

  await answerPage(visit, [[/accord écrit/, PICTURE]]);
  await goOn(visit);
  assert.notEqual(path(visit), address, "with the file, the form goes on");
});

oneWay(house, "a file that is not what its name says is refused, and said so beside the question", DESK, async (visit) => {
  const { page } = visit;
  visit.expecting(422);
  visit.expecting(415);
  visit.expecting(400);
  await start(visit, HOUSEHOLD);
  await answerPage(visit, [[/composition de ménage demandez-vous/, "Celle d’une autre personne"]]);
  await goOn(visit);
  const script = { name: "accord.pdf", mimeType: "application/pdf", buffer: Buffer.from("<script>alert(1)</script>") };
  await page.locator('input[type="file"]').first().setInputFiles(script);
  await page.locator(".files .is-refused, .field__error").first().waitFor();
  await visit.look();
  assert.match(await page.locator(".files .is-refused, .field__error").first().innerText(), /PDF|JPEG|type/i);
});
