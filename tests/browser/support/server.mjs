// Perron itself, started for one file of tests in a folder of its own, and ended by its process id.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { accountsIn } from "./people.mjs";

const PROGRAM = process.env.PERRON_BIN ?? fileURLToPath(new URL("../../../target/debug/perron", import.meta.url));
const ADDRESS = /http:\/\/127\.0\.0\.1:(\d+)/;
const PATIENCE = 30_000;

/** Starts the demo on a free port. Resolves once it has said where it listens and answers there. */
export async function startServer() {
  const data = await mkdtemp(join(tmpdir(), "perron-browser-"));
  const child = spawn(PROGRAM, ["serve", "--demo", "--listen", "127.0.0.1:0", "--data", data], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const printed = [];
  let gone = null;
  const ended = new Promise((resolve) => {
    child.once("error", (error) => resolve((gone = `could not be started: ${error.message}`)));
    child.once("exit", (code, signal) => resolve((gone = `ended with ${signal ?? `code ${code}`}`)));
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text) => printed.push(text));
  }
  const output = () => printed.join("");

  async function stop() {
    if (gone === null) {
      child.kill("SIGTERM");
      const late = setTimeout(() => child.kill("SIGKILL"), 5000);
      await ended;
      clearTimeout(late);
    }
    await rm(data, { recursive: true, force: true });
  }

  try {
    const until = Date.now() + PATIENCE;
    for (;;) {
      if (gone !== null) throw new Error(`the program ${gone}`);
      if (Date.now() > until) throw new Error(`the program was not ready after ${PATIENCE / 1000} s`);
      const url = output().match(ADDRESS)?.[0];
      if (url && (await answers(`${url}/healthz`))) {
        return { url, data, output, stop, accounts: () => accountsIn(output()) };
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  } catch (error) {
    await stop();
    throw new Error(`${error.message}\n${PROGRAM} printed:\n${output() || "(nothing)"}`);
  }
}

async function answers(url) {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}
