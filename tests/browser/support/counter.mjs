// What people do at the counter, step by step: the citizen who asks, the agent who handles. Every page on the way is
// looked at. The addresses and words of the product that the journeys rely on are all here.

import assert from "node:assert/strict";
import { answerForm, answerPage, goOn, press, questions, turn } from "./form.mjs";
import { freshCode } from "./people.mjs";

export const CHECK_PAGE = /^\/brouillons\/[^/]+\/verification$/;
export const HOUSEHOLD = { name: /composition de ménage/i, slug: "composition-de-menage" };
export const HEATING = { name: /allocation de chauffage/i, slug: "allocation-chauffage" };

/** What a household of two that bought heating oil answers, so that nothing contradicts itself. */
export const HEATED = [
  [/^combien parmi/i, "0"],
  [/litres/i, "500"],
  [/courriel/i, "camille.exemple@example.org"],
];

const DESK = /^\/(agent|admin)$/;

export const POPULATION = /population/i;
export const ENERGY = /[ée]nergie|chauffage/i;

/** The citizen who finds the procedure from the home page and starts it. Ends on the first page of questions. */
export async function start(visit, { name, slug }) {
  await visit.open("/");
  await visit.look();
  const link = visit.page.getByRole("main").getByRole("link", { name });
  if (!(await link.count())) await visit.open("/demarches");
  await link.first().click();
  await visit.page.waitForURL((url) => url.pathname === `/demarches/${slug}`);
  await visit.look();
  await press(visit, /^Commencer/);
  assert.match(path(visit), /^\/brouillons\/[^/]+\/pages\/[^/]+$/, "starting leads to the first page of questions");
}

/** Answers every page and arrives where the answers are checked. */
export async function fillIn(visit, answers) {
  await answerForm(visit, answers, CHECK_PAGE);
  return mainText(visit);
}

/** Goes forward until a page asks this question; leaves it unanswered. */
export async function reach(visit, pattern) {
  for (let pages = 0; pages < 12; pages += 1) {
    if ((await questions(visit.page)).some((question) => pattern.test(question.label))) return;
    assert.ok(!CHECK_PAGE.test(path(visit)), `no page asks ${pattern}`);
    await answerPage(visit, []);
    await goOn(visit);
  }
}

/** Sends the request from the check page; resolves to its reference and the link that follows it. */
export async function send(visit) {
  // What the law wants confirmed before sending, when the check page asks for it.
  await answerPage(visit, []);
  await press(visit, /^Envoyer/);
  await visit.look();
  return confirmation(visit);
}

/** What the confirmation says. */
export async function confirmation(visit) {
  const reference = (await visit.page.locator(".reference").first().innerText()).trim();
  assert.match(reference, /^[\dA-Z][\dA-Z·. \u00a0-]{4,}$/, "the confirmation shows the reference");
  const tracking = await visit.page.getByRole("link", { name: "Voir où en est ma demande" }).getAttribute("href");
  return { reference, tracking };
}

/** Opens the tracking page; resolves to its text. */
export async function follow(visit, { tracking }) {
  await visit.open(tracking);
  await visit.look();
  return mainText(visit);
}

/**
 * Signs an agent in: password, then the code of the second factor. Ends on the queues. Once in a house, the session is
 * carried over: a code serves only once, and the next one is half a minute away.
 */
export async function signIn(visit, account) {
  const { page, house } = visit;
  house.sessions ??= new Map();
  if (house.sessions.has(account.email)) {
    await visit.context.addCookies(house.sessions.get(account.email));
    await visit.open("/agent");
    assert.match(path(visit), DESK, "the session is still good");
    return;
  }
  await visit.open("/agent/connexion");
  await visit.look();
  await page.locator('[name="email"]').fill(account.email);
  await page.locator('[name="password"]').fill(account.password);
  await press(visit, /^Continuer/);
  assert.equal(path(visit), "/agent/connexion/code", "the password is followed by the second factor");
  await visit.look();
  await page.locator('[name="code"]').fill(await freshCode(account));
  await press(visit, /^Se connecter/);
  assert.match(path(visit), DESK, "the second factor opens the queues, or the administration to who has none");
  await visit.look();
  house.sessions.set(account.email, await visit.context.cookies());
}

/** Opens a request from the agent's queues. */
export async function openRequest(visit, { reference }) {
  await visit.open("/agent");
  await visit.page.getByRole("link", { name: bearing({ reference }) }).first().click();
  await visit.page.waitForURL((url) => /^\/agent\/demandes\/[^/]+$/.test(url.pathname));
  await visit.look();
}

/** Takes one of the transitions offered on the request, filling in its small form when it has one. */
export async function act(visit, name, answers = []) {
  const request = path(visit);
  await press(visit, name);
  for (let tries = 0; path(visit) !== request; tries += 1) {
    assert.ok(tries < 4, `the form of ${name} does not let us past ${path(visit)}`);
    await visit.look();
    await answerPage(visit, answers);
    const confirm = visit.page.locator("main form .actions button.button").first();
    await turn(visit, () => confirm.click());
  }
  await visit.look();
}

/** Downloads what a link of the page leads to, as the person who is looking at it; documents take a moment to appear. */
export async function download(visit, name) {
  const link = visit.page.getByRole("main").getByRole("link", { name }).first();
  for (let wait = 0; wait < 20 && !(await link.count()); wait += 1) {
    await visit.page.waitForTimeout(500);
    await visit.page.reload();
  }
  const href = await link.getAttribute("href");
  const answer = await visit.context.request.get(href);
  assert.equal(answer.status(), 200, `${href} answered ${answer.status()}`);
  return { type: answer.headers()["content-type"], bytes: await answer.body() };
}

/** A reference as a pattern that finds it whatever stands between its groups. */
export const bearing = ({ reference }) => new RegExp(reference.split(/[^\dA-Z]+/).join("[^\\dA-Z]{0,3}"));

export const path = (visit) => new URL(visit.page.url()).pathname;

/** The words of the page, on one line, with plain spaces: what a person reads. */
export async function mainText(visit) {
  return (await visit.page.getByRole("main").innerText()).replace(/[\s\u00a0\u202f]+/g, " ");
}
