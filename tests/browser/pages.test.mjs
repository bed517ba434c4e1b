// Every page that a link of the site leads to, seen by someone who just looks around: accessible in light and dark, not
// scrolling sideways, no broken link, nothing foreign, and light enough for a phone at a bus stop.

import assert from "node:assert/strict";
import { HOUSEHOLD, POPULATION, fillIn, follow, mainText, send, signIn, start } from "./support/counter.mjs";
import { press } from "./support/form.mjs";
import { everyWay, oneWay, openHouse, twoWays } from "./support/house.mjs";
import { agentOf } from "./support/people.mjs";

const house = openHouse();
const STARTS = ["/", "/suivi", "/agent/connexion", "/demo/mail"];
const MANY = 60;

/** Follows every link of the site from these addresses on, and looks at each page; resolves to the addresses seen. */
async function crawl(visit, starts) {
  const waiting = [...starts];
  const seen = new Set(waiting);
  while (waiting.length > 0) {
    const answer = await visit.open(waiting.shift());
    if (!(answer.headers()["content-type"] ?? "").startsWith("text/html")) continue;
    await visit.look();
    const links = await visit.page.evaluate(() =>
      [...document.querySelectorAll("a[href]:not([download])")].map((link) => link.href).filter((href) => href.startsWith(location.origin)),
    );
    for (const link of links) {
      const { pathname } = new URL(link);
      if (seen.has(pathname) || seen.size >= MANY || /\.\w+$|\/(fichiers|documents)\//.test(pathname)) continue;
      seen.add(pathname);
      waiting.push(pathname);
    }
  }
  return seen;
}

everyWay(house, "every page that a link leads to is well made", async (visit) => {
  const seen = await crawl(visit, STARTS);
  assert.ok(seen.has("/demarches/composition-de-menage"), "the home page leads to the procedures");
});

twoWays(house, "every page that a link of the desk leads to is well made", async (visit) => {
  await start(visit, HOUSEHOLD);
  await fillIn(visit, []);
  await send(visit);
  const agent = await visit.another();
  await signIn(agent, agentOf(visit.server, POPULATION));
  const seen = await crawl(agent, ["/agent", "/agent/compte"]);
  assert.ok([...seen].some((path) => path.includes("/transitions/")), "the queue leads to a request and its transitions");
});

twoWays(house, "every page of the administration is well made", async (visit) => {
  await signIn(visit, agentOf(visit.server, /administration.*Commune/));
  const seen = await crawl(visit, ["/admin"]);
  assert.ok(seen.has("/admin/comptes"), "the administration leads to the accounts");
});

oneWay(house, "the pages are as readable in the dark", { js: true, width: 320 }, async (visit) => {
  await visit.page.emulateMedia({ colorScheme: "dark" });
  for (const path of ["/", "/suivi", "/verification", "/agent/connexion", "/demo/mail"]) {
    await visit.open(path);
    await visit.look();
  }
  await start(visit, HOUSEHOLD);
  visit.expecting(422);
  await press(visit, /^Continuer/);
  await visit.look();
  await fillIn(visit, []);
  await follow(visit, await send(visit));
  const agent = await visit.another();
  await agent.page.emulateMedia({ colorScheme: "dark" });
  await signIn(agent, agentOf(visit.server, POPULATION));
  await agent.page.getByRole("main").locator("tbody a").first().click();
  await agent.look();
});

everyWay(house, "a page that is not there says what to do", async (visit) => {
  visit.expecting(404);
  const answer = await visit.open("/il-n-y-a-rien-ici");
  assert.equal(answer.status(), 404);
  await visit.look();
  assert.ok(await visit.page.getByRole("main").getByRole("link").count(), "the page offers a way forward");
});

everyWay(house, "a code that no document carries is unknown", async (visit) => {
  // Unknown is an answer, not necessarily a failure of the page.
  visit.expecting(404);
  await visit.open("/verification/AAAA-BBBB-CCCC");
  await visit.look();
  assert.match(await mainText(visit), /Code inconnu/);
});

oneWay(house, "a first visit weighs at most 100 kB", { js: true, width: 320 }, async (visit) => {
  const network = await visit.context.newCDPSession(visit.page);
  await network.send("Network.enable");
  let transferred = 0;
  network.on("Network.loadingFinished", (event) => {
    transferred += event.encodedDataLength;
  });
  await visit.page.goto("/", { waitUntil: "networkidle" });
  assert.ok(transferred <= 100_000, `the home page and all it asks for weigh ${transferred} bytes`);
  assert.ok(transferred > 1000, "something was measured");
});
