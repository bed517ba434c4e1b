// Accessibility of the page as it stands: axe-core with the rules of WCAG 2.2 AA, zero violations allowed.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const SOURCE = await readFile(fileURLToPath(new URL("../../../node_modules/axe-core/axe.min.js", import.meta.url)), "utf8");

/** What axe finds wrong, one readable paragraph per rule; empty when all is well. */
export async function violations(page, { js = true } = {}) {
  if (js) return judge(page);
  // axe waits on timers, which do not run where scripts are off: it judges a copy of the page, its scripts left out.
  const context = await page.context().browser().newContext({ viewport: page.viewportSize() });
  try {
    const copy = await context.newPage();
    const html = (await page.content()).replace(/<\/?noscript[^>]*>/gi, "").replace(/<script[\s\S]*?<\/script>/gi, "");
    await copy.route("**/*", (route) => {
      const request = route.request();
      if (request.resourceType() === "document") return route.fulfill({ body: html, contentType: "text/html; charset=utf-8" });
      return request.resourceType() === "script" ? route.abort() : route.continue();
    });
    await copy.goto(page.url());
    return await judge(copy);
  } finally {
    await context.close();
  }
}

async function judge(page) {
  await page.evaluate(SOURCE);
  const found = await page.evaluate(
    (rules) =>
      globalThis.axe
        .run(document, { runOnly: { type: "tag", values: rules }, resultTypes: ["violations"] })
        .then((results) => results.violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.slice(0, 5) }))),
    RULES,
  );
  return found.map(({ id, help, nodes }) => {
    const places = nodes.map((node) => {
      const why = node.failureSummary.split("\n").slice(1).join(" ").trim().replace(/\s+/g, " ");
      return `    ${node.target.join(" ")}\n      ${node.html.slice(0, 160)}\n      ${why}`;
    });
    return `${id}: ${help}\n${places.join("\n")}`;
  });
}
