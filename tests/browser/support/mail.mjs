// The mailbox of the demo, read from its pages at /demo/mail as anyone trying the demo would.

const PATIENCE = 15_000;

/** Waits for a mail whose whole text matches every pattern; resolves to its address, text and links. */
export async function mailThat(server, ...patterns) {
  const until = Date.now() + PATIENCE;
  let box = [];
  while (Date.now() < until) {
    box = await mails(server);
    const found = box.find((mail) => patterns.every((pattern) => pattern.test(mail.text)));
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  const seen = box.map((mail) => `- ${mail.text.slice(0, 200)}`).join("\n") || "(an empty mailbox)";
  throw new Error(`no mail matches ${patterns.join(" and ")} after ${PATIENCE / 1000} s; there were:\n${seen}`);
}

/** Every mail of the demo, newest first as the page lists them. */
export async function mails(server) {
  const list = await html(`${server.url}/demo/mail`);
  const addresses = new Set(linksIn(list, server.url).filter((link) => /\/demo\/mail\/[^/?#]+$/.test(link)));
  return Promise.all(
    [...addresses].map(async (url) => {
      const page = await html(url);
      return { url, text: textOf(page), links: linksIn(page, server.url) };
    }),
  );
}

async function html(url) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(5000) });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return answer.text();
}

function linksIn(page, base) {
  const attributes = [...page.matchAll(/href="([^"]*)"/g)].map((match) => decode(match[1]));
  // The text version of a mail carries its links bare.
  const bare = [...textOf(page).matchAll(/https?:\/\/[^\s<>"']+[^\s<>"'.,;)]/g)].map((match) => match[0]);
  return [...attributes, ...bare].flatMap((link) => {
    try {
      return [new URL(link, base).href];
    } catch {
      return [];
    }
  });
}

function textOf(page) {
  const main = page.match(/<main[\s\S]*<\/main>/)?.[0] ?? page;
  return decode(main.replace(/<(style|script)[\s\S]*?<\/\1>/g, "").replace(/<[^>]*>/g, " ")).replace(/\s+/g, " ").trim();
}

function decode(text) {
  const named = { amp: "&", lt: "<", gt: ">", quot: '"', nbsp: "\u00a0" };
  return text.replace(/&(#x[\da-f]+|#\d+|\w+);/gi, (whole, name) => {
    if (!name.startsWith("#")) return named[name] ?? whole;
    const hex = name[1].toLowerCase() === "x";
    return String.fromCodePoint(parseInt(name.slice(hex ? 2 : 1), hex ? 16 : 10));
  });
}
