// The browser tests are only worth what their instruments see: here each instrument meets a page that it must refuse,
// and a small form that it must be able to fill in.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { violations } from "./support/axe.mjs";
import { readPdf } from "./support/document.mjs";
import { answerForm } from "./support/form.mjs";
import { oneWay, openHouse, twoWays } from "./support/house.mjs";
import { answerPageByKeyboard, enter, tab } from "./support/keyboard.mjs";
import { mailThat } from "./support/mail.mjs";
import { accountsIn, totp } from "./support/people.mjs";

const page = (title, body, head = "") => `<!doctype html><html lang="fr"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title>
<link rel="stylesheet" href="/style.css">${head}</head><body><main><h1>${title}</h1>${body}</main></body></html>`;

const first = (error) => page("Pour qui ?", `<form method="post" action="/2">${error}
<fieldset><legend>Pour qui demandez-vous ce document ?</legend>
<label><input type="radio" name="who" value="me" required> Pour moi</label>
<label><input type="radio" name="who" value="other"> Pour une autre personne</label></fieldset>
<p><label for="n">Nom</label> <input id="n" name="name" required autocomplete="off"></p>
<p><label for="b">Date de naissance</label> <input id="b" name="birth" type="date" required></p>
<p><label for="k">Motif</label> <select id="k" name="why" required><option value="">Choisir</option>
<option value="home">Logement social</option><option value="school">Bourse d’études</option></select></p>
<p><label><input type="checkbox" name="sworn" required> Je déclare que c’est exact</label></p>
<p><label for="f">Accord (facultatif)</label> <input id="f" name="file" type="file"></p>
<button>Continuer</button></form>`);

const PAGES = {
  "/": page("Bonjour", `<p><a href="/1">Commencer</a></p>`),
  "/1": first(""),
  "/fin": page("Merci", "<p>C’est fait.</p>"),
  "/image": page("Image", `<img src="/style.css">`),
  "/large": page("Large", `<p class="wide">Un texte qui ne tient pas</p>`),
  "/inline": page("Script", "<p>Bonjour</p>", "<script>document.title = 'joué'</script>"),
  "/foreign": page("Ailleurs", "<p>Bonjour</p>", `<link rel="icon" href="data:,"><link rel="preload" as="style" href="http://localhost:9/x.css">`),
  "/ringless": page("Anneau", `<p><a class="ringless" href="/">Un lien</a></p>`),
  "/demo/mail": page("Courriels", `<ul><li><a href="/demo/mail/1">Reçu</a></li></ul>`),
  "/demo/mail/1": page("Reçu", "<p>Votre demande&nbsp;: http://127.0.0.1/suivi/ABC.</p>"),
};

const STYLE = `body { font: 1rem/1.6 sans-serif } a, button, input, select { min-height: 24px; display: inline-block }
input[type=radio], input[type=checkbox] { min-width: 24px }
:focus-visible { outline: 3px solid #00c } .wide { width: 90rem } .ringless:focus-visible { outline: none }`;

function startPages() {
  const received = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    if (body) received.push(new URLSearchParams(body));
    response.setHeader("content-security-policy", "default-src 'self'");
    const complete = ["who", "name", "birth", "why", "sworn"].every((name) => received.at(-1)?.get(name));
    if (request.url === "/style.css") {
      response.setHeader("content-type", "text/css").end(STYLE);
    } else if (request.url === "/2" && complete) {
      response.writeHead(303, { location: "/fin" }).end();
    } else {
      const found = request.url === "/2" ? first("<p>Il reste une chose à corriger</p>") : PAGES[request.url];
      response.statusCode = found ? 200 : 404;
      response.setHeader("content-type", "text/html; charset=utf-8").end(found ?? page("Introuvable", ""));
    }
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () =>
      resolve({
        url: `http://127.0.0.1:${server.address().port}`,
        output: () => "",
        received,
        stop: () => new Promise((done) => server.close(done)),
      }),
    );
  });
}

const house = openHouse(startPages);
const phone = { js: true, width: 320 };

test("a code of the second factor is the one of RFC 6238", () => {
  // The RFC's secret and times, shortened to six digits.
  const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
  assert.equal(totp(secret, Math.floor(59 / 30)), "287082");
  assert.equal(totp(secret, Math.floor(1111111109 / 30)), "081804");
  assert.equal(totp(secret, Math.floor(20000000000 / 30)), "353130");
});

test("the accounts are read from what the server prints", () => {
  const [account, ...others] = accountsIn("Écoute sur http://127.0.0.1:1\n  Population  julie@wanze.example  GEZDGNBVGY3TQOJQ\nAu revoir");
  assert.equal(account.email, "julie@wanze.example");
  assert.equal(account.secret, "GEZDGNBVGY3TQOJQ");
  assert.match(account.line, /Population/);
  assert.equal(others.length, 0);
});

test("a mail is found by what it says, with its links", async () => {
  const mail = await mailThat(house.server, /Votre demande\s:/);
  assert.ok(mail.links.includes("http://127.0.0.1/suivi/ABC"));
});

twoWays(house, "a form is filled in by what its labels say", async (visit) => {
  await visit.open("/1");
  await answerForm(visit, [[/pour qui/i, "Pour une autre personne"], [/motif/i, /Bourse/]], /^\/fin$/);
  const sent = house.server.received.at(-1);
  assert.deepEqual([sent.get("who"), sent.get("why"), sent.get("sworn")], ["other", "school", "on"]);
  assert.equal(sent.get("birth"), "1985-07-30");
});

twoWays(house, "a form is filled in with the keyboard alone", async (visit) => {
  await visit.open("/");
  await enter(visit, /^Commencer/);
  await answerPageByKeyboard(visit, [[/pour qui/i, "Pour une autre personne"], [/motif/i, "Bourse d’études"]], /^Continuer/);
  assert.equal(new URL(visit.page.url()).pathname, "/fin");
  const sent = house.server.received.at(-1);
  assert.deepEqual([sent.get("who"), sent.get("why"), sent.get("birth")], ["other", "school", "1985-07-30"]);
});

twoWays(house, "an image without words is a violation", async (visit) => {
  await visit.open("/image");
  assert.match((await violations(visit.page, visit.way)).join("\n"), /image-alt/);
});

oneWay(house, "a PDF is read as its reader meets it, and an unsound one is refused", phone, async (visit) => {
  await visit.open("/fin");
  const printed = await visit.page.pdf();
  const { text, title, codes } = await readPdf(printed);
  assert.match(text, /C’est fait/);
  assert.equal(title, "Merci");
  assert.deepEqual(codes, []);
  await assert.rejects(readPdf(printed.subarray(0, printed.length / 2)));
});

oneWay(house, "a page wider than the screen is refused", phone, async (visit) => {
  await visit.open("/large");
  await assert.rejects(visit.look(), /scrolls sideways.*p\.wide/s);
});

oneWay(house, "a focus that does not show is refused", phone, async (visit) => {
  await visit.open("/ringless");
  await assert.rejects(tab(visit), /the focus on a “Un lien” does not show/);
});

for (const [path, complaint] of [
  ["/inline", /Content Security Policy/],
  ["/foreign", /foreign request/],
  ["/nowhere", /answered 404/],
]) {
  oneWay(house, `what the browser complains of at ${path} is a failure`, phone, async (visit) => {
    await visit.open(path);
    await visit.settle();
    assert.throws(() => visit.nothingWrong(), complaint);
    visit.forgive();
  });
}
