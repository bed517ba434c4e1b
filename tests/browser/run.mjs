// Runs the browser tests: real Chromium against the real program, one server per file.
// `node tests/browser/run.mjs [part of a file name …]`; PERRON_BIN and CHROMIUM choose the program and the browser.
// Says what is missing in one line rather than skipping: a test that was not run is not a test that passed.

import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "../..");

function missing() {
  for (const name of ["playwright-core", "axe-core"]) {
    if (!existsSync(join(root, "node_modules", name))) return `${name} is not installed: run npm ci --ignore-scripts`;
  }
  const program = process.env.PERRON_BIN ?? join(root, "target/debug/perron");
  try {
    accessSync(program, constants.X_OK);
  } catch {
    return `${program} is not there: run cargo build, or name the program in PERRON_BIN`;
  }
  return null;
}

const wanted = process.argv.slice(2);
const files = readdirSync(here)
  .filter((name) => name.endsWith(".test.mjs"))
  .filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)))
  .sort()
  .map((name) => join(here, name));

const problem = missing() ?? (files.length === 0 ? `no test file matches ${wanted.join(", ")}` : null);
if (problem) {
  console.error(problem);
  process.exit(1);
}

// Two files at once: the program under test and the browser share two cores.
run({ files, concurrency: 2, timeout: 15 * 60 * 1000 })
  .on("test:fail", () => {
    process.exitCode = 1;
  })
  .compose(spec)
  .pipe(process.stdout);
