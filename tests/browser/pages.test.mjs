// Every page that a link of the site leads to, seen by someone who just looks around: accessible in light and dark, not
// scrolling sideways, no broken link, nothing foreign, and light enough for a phone at a bus stop.

import assert from "node:assert/strict";
import { everyWay, oneWay, openHouse } from "./support/house.mjs";
import { mainText } from "./support/counter.mjs";

const house = openHouse();
const STARTS = ["/", "/suivi", "/agent/connexion", "/demo/mail"];
const MANY = 60;

everyWay(house, "every page that a link leads to is well made", async (visit) => {
  const waiting = [...STARTS];
  const seen = new Set(waiting);
  while (waiting.length > 0) {
    const answer = await visit.open(waiting.shift());
    if (!(answer.headers()["content-type"] ?? "").startsWith("text/html")) continue;
    await visit.look();
    const links = await visit.page.evaluate(() =>
      [...document.querySelectorAll("a[href]")].map((link) => link.href).filter((href) => href.startsWith(location.origin)),
    );
    for (const link of links) {
      const { pathname } = new URL(link);
      if (seen.has(pathname) || seen.size >= MANY || /\.\w+$/.test(pathname)) continue;
      seen.add(pathname);
      waiting.push(pathname);
    }
  }
  assert.ok(seen.has("/demarches/composition-de-menage"), "the home page leads to the procedures");
});

oneWay(house, "the pages are as readable in the dark", { js: true, width: 320 }, async (visit) => {
  await visit.page.emulateMedia({ colorScheme: "dark" });
  for (const path of ["/", "/demarches/composition-de-menage", "/suivi", "/agent/connexion"]) {
    await visit.open(path);
    await visit.look();
  }
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
