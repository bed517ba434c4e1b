// A PDF as its reader meets it: its words, its properties, its soundness, and what its QR code says.

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Text and title through poppler, soundness through qpdf (throws when it objects), QR codes through zbar. */
export async function readPdf(bytes) {
  const folder = await mkdtemp(join(tmpdir(), "perron-pdf-"));
  try {
    const file = join(folder, "document.pdf");
    await writeFile(file, bytes);
    await run("qpdf", ["--check", file]);
    const text = (await run("pdftotext", ["-layout", file, "-"])).stdout;
    const properties = (await run("pdfinfo", [file])).stdout;
    await run("pdftoppm", ["-r", "150", "-png", file, join(folder, "page")]);
    const codes = await run("sh", ["-c", 'zbarimg --quiet --raw "$0"/page*.png || [ $? -eq 4 ]', folder]);
    return {
      text,
      title: properties.match(/^Title:\s*(.*)$/m)?.[1] ?? "",
      codes: codes.stdout.split("\n").filter(Boolean),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
