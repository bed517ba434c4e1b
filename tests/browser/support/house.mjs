// A house is what one file of tests shares: a running Perron and a browser. A visit is one person at it: a page, the
// way they come (with or without scripts, on a phone or a desk), and everything the browser complained of meanwhile.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { violations } from "./axe.mjs";
import { startServer } from "./server.mjs";

const PICTURES = fileURLToPath(new URL("../../../target/browser/", import.meta.url));
const PATIENCE = 150_000;
const HEIGHT = { 320: 640, 1280: 900 };

/** With and without scripts, on the narrowest phone and on a desk. */
export const WAYS = [320, 1280].flatMap((width) => [true, false].map((js) => ({ js, width })));

export function launch() {
  const path = process.env.CHROMIUM || execFileSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).trim();
  return chromium.launch({
    executablePath: path,
    // Chromium's own sandbox does not work for root, where tests in a container run.
    chromiumSandbox: process.getuid() !== 0,
    // The browser's own language orders the parts of a date field; Debian ships the others separately. Pages see French.
    env: { ...process.env, LANGUAGE: "en_US", LANG: "en_US.UTF-8" },
    args: [
      "--lang=en-US",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** Opens the house for the tests of this file: `start` may put another server in Perron's place. */
export function openHouse(start = startServer) {
  const house = { server: null, browser: null };
  before(async () => {
    house.server = await start();
    house.browser = await launch();
  });
  after(async () => {
    await house.browser?.close();
    await house.server?.stop();
  });
  return house;
}

/** One test per way of coming. */
export function everyWay(house, sentence, journey) {
  for (const way of WAYS) oneWay(house, sentence, way, journey);
}

/** Two tests that between them meet both widths and both ways: enough for a long journey whose pages are crawled anyway. */
export function twoWays(house, sentence, journey) {
  for (const way of [WAYS[0], WAYS[3]]) oneWay(house, sentence, way, journey);
}

/** One test: `journey(visit)` by someone who comes this way; when it fails, tells what they had before their eyes. */
export function oneWay(house, sentence, way, journey) {
  const name = `${sentence} (${way.js ? "with" : "without"} scripts, ${way.width} px)`;
  test(name, { timeout: PATIENCE + 60_000 }, async () => {
    const visits = [];
    let bell;
    const late = new Promise((_, reject) => {
      bell = setTimeout(() => reject(new Error(`not done after ${PATIENCE / 1000} s`)), PATIENCE);
    });
    try {
      const visit = await arrive(house, way, visits);
      await Promise.race([journey(visit), late]);
      for (const one of visits) one.nothingWrong();
    } catch (error) {
      const seen = [];
      for (const [index, visit] of visits.entries()) seen.push(await visit.saw(`${name} ${index + 1}`));
      const tail = house.server.output().split("\n").slice(-15).join("\n");
      error.message = [error.message, ...seen, `The server's last lines:\n${tail}`].join("\n\n");
      // The stack repeats the first message only; what was seen is worth more than where.
      error.stack = `${error.message}\n${error.stack.split("\n").filter((line) => /^\s+at /.test(line)).join("\n")}`;
      throw error;
    } finally {
      clearTimeout(bell);
      for (const visit of visits) await visit.context.close();
    }
  });
}

async function arrive(house, way, visits) {
  const context = await house.browser.newContext({
    baseURL: house.server.url,
    javaScriptEnabled: way.js,
    viewport: { width: way.width, height: HEIGHT[way.width] ?? 800 },
    locale: "fr-BE",
    timezoneId: "Europe/Brussels",
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(8000);
  context.setDefaultNavigationTimeout(15_000);
  const page = await context.newPage();
  const visit = new Visit(house, way, context, page, visits);
  visits.push(visit);
  return visit;
}

class Visit {
  #visits;
  #wrong = [];
  #expected = new Set();

  constructor(house, way, context, page, visits) {
    Object.assign(this, { house, way, context, page, server: house.server });
    this.#visits = visits;
    // Everything that a person would not see but that is a fault: errors of scripts, refusals of the security policy,
    // answers of failure, and requests to anyone else's machine.
    context.on("console", (message) => {
      if (message.type() !== "error" || message.text().startsWith("Failed to load resource")) return;
      this.#wrong.push(`console: ${message.text()}`);
    });
    context.on("weberror", (error) => this.#wrong.push(`script: ${error.error()}`));
    context.on("response", (answer) => {
      if (answer.status() >= 400 && !this.#expected.has(answer.status())) {
        this.#wrong.push(`${answer.request().method()} ${answer.url()} answered ${answer.status()}`);
      }
    });
    context.on("request", (request) => {
      const { protocol, origin } = new URL(request.url());
      if (/^https?:$/.test(protocol) && origin !== house.server.url) this.#wrong.push(`foreign request: ${request.url()}`);
    });
  }

  /** Someone else at the same time, coming the same way unless told otherwise. */
  another(way = {}) {
    return arrive(this.house, { ...this.way, ...way }, this.#visits);
  }

  /** From here on an answer of this status is what the test is about. */
  expecting(status) {
    this.#expected.add(status);
  }

  async open(path) {
    return this.page.goto(path);
  }

  nothingWrong() {
    assert.deepEqual(this.#wrong, [], "the browser complained");
  }

  /** Forgets the complaints so far: only for a test that provoked them and has looked at them. */
  forgive() {
    this.#wrong.length = 0;
  }

  /** What every page owes: it is accessible, fits the screen, says its language, title and one main heading. */
  async look() {
    const { page } = this;
    await this.settle();
    const facts = await page.evaluate(() => {
      const room = document.documentElement.clientWidth;
      const wide = [...document.querySelectorAll("body *")]
        .filter((element) => element.getBoundingClientRect().right > room + 1 && element.checkVisibility())
        .map((element) => `${element.tagName.toLowerCase()}.${element.className} "${element.textContent.trim().slice(0, 40)}"`);
      return {
        title: document.title.trim(),
        lang: document.documentElement.lang,
        headings: [...document.querySelectorAll("h1")].filter((heading) => heading.checkVisibility()).length,
        sideways: document.documentElement.scrollWidth - room,
        wide: wide.slice(0, 5),
      };
    });
    const where = new URL(page.url()).pathname;
    assert.ok(facts.title, `${where} has no title`);
    assert.match(facts.lang, /^(fr|nl|de|en)\b/, `${where} does not say its language`);
    assert.equal(facts.headings, 1, `${where} has ${facts.headings} main headings`);
    assert.ok(facts.sideways <= 0, `${where} scrolls sideways by ${facts.sideways} px; too wide: ${facts.wide.join(", ")}`);
    const faults = await violations(page, this.way);
    assert.equal(faults.length, 0, `${where} is not accessible\n${faults.join("\n")}`);
    this.nothingWrong();
  }

  /** Waits until the scripts of the page have nothing under way. */
  async settle() {
    await this.page.waitForLoadState("load");
    if (!this.way.js) return;
    await this.page.waitForFunction(() => !document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling"));
  }

  /** What this person has before their eyes, for the report of a failure. */
  async saw(name) {
    try {
      const picture = join(PICTURES, `${name.replace(/[^\p{L}\d]+/gu, "-")}.png`);
      mkdirSync(PICTURES, { recursive: true });
      await this.page.screenshot({ path: picture, fullPage: true, timeout: 5000 });
      const text = await this.page.evaluate(() => (document.querySelector("main") ?? document.body).innerText);
      const short = text.replace(/\s*\n\s*/g, "\n").trim().slice(0, 1500);
      const wrong = this.#wrong.length ? `\nThe browser complained:\n${this.#wrong.join("\n")}` : "";
      return `At ${this.page.url()} they saw “${await this.page.title()}”:\n${short}${wrong}\nPicture: ${picture}`;
    } catch (error) {
      return `What they saw could not be told: ${error.message}`;
    }
  }
}
