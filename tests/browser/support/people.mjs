// The agents of the demo, as the server prints them when it starts, and their second factor (RFC 6238).

import { createHmac } from "node:crypto";

export const PASSWORD = "demo-perron";

const EMAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/;
const SECRET = /\b[A-Z2-7]{16,}\b/;
const STEP = 30_000;

/** The accounts among the printed lines: a line holds an address and a base32 secret, and says whose it is. */
export function accountsIn(output) {
  const accounts = [];
  for (const line of output.split("\n")) {
    const email = line.match(EMAIL)?.[0];
    const secret = line.match(SECRET)?.[0];
    if (email && secret) accounts.push({ email, secret, password: PASSWORD, line: line.trim() });
  }
  return accounts;
}

/** The first account whose line matches, for instance /population/i. */
export function agentOf(server, pattern) {
  const found = server.accounts().find((account) => pattern.test(account.line));
  if (!found) throw new Error(`no demo account matches ${pattern}; the server printed:\n${server.output()}`);
  return found;
}

/** The code of one step of thirty seconds: six digits, SHA-1, as authenticator applications do. */
export function totp(secret, step) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac("sha1", base32(secret)).update(counter).digest();
  const offset = digest[digest.length - 1] & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

const lastStep = new Map();

/** A code that this account has not used yet: a second sign-in within the same step has to wait for the next one. */
export async function freshCode(account) {
  let step = Math.floor(Date.now() / STEP);
  const last = lastStep.get(account.secret) ?? 0;
  if (step <= last) {
    step = last + 1;
    await new Promise((resolve) => setTimeout(resolve, step * STEP - Date.now() + 50));
  }
  lastStep.set(account.secret, step);
  return totp(account.secret, step);
}

function base32(text) {
  let bits = "";
  for (const letter of text.replace(/=+$/, "")) {
    bits += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0");
  }
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}
