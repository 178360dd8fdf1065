/** Attachments: which files, under which names, within which size. */
import { open, stat } from "node:fs/promises";
import { basename } from "node:path";
import { Readable } from "node:stream";
import { WranglerError } from "../../core/index.ts";
import { UNPRINTABLE } from "./address.ts";

export interface Attachment {
  /** Absolute path. */
  readonly file: string;
  /** What it is called in the mail. */
  readonly name: string;
  readonly bytes: number;
}

const MAX_NAME = 120;
/** Signs that mean something to headers, shells or file systems, somewhere. */
const UNSAFE = new RegExp(`${UNPRINTABLE.source}|["'<>:;|?*\\\\/%]`, "gu");

/**
 * The files with their sizes and names; of two with the same name the second gets a number.
 *
 * @param files - Absolute paths.
 */
export async function attachmentsOf(files: readonly string[]): Promise<Attachment[]> {
  const taken = new Set<string>();
  const attachments: Attachment[] = [];
  for (const file of files) {
    const { size } = await stat(file);
    const name = freeName(attachmentName(file), taken);
    taken.add(name.toLowerCase());
    attachments.push({ file, name, bytes: size });
  }
  return attachments;
}

/** A file's name as it may stand in a mail: no paths, no signs that a header or a shell would read. */
function attachmentName(path: string): string {
  const clean = basename(path)
    .normalize("NFC")
    .replaceAll(UNSAFE, "_")
    .replace(/^[.\s]+|[.\s]+$/g, "_");
  const [stem, end] = cut(clean);
  return `${stem.slice(0, MAX_NAME - end.length).replace(/[\uD800-\uDBFF]$/, "")}${end}`;
}

/**
 * The bytes of an attachment, read when they are asked for.
 *
 * @throws {WranglerError} EMAIL_INVALID, through the stream, when it has become shorter than it was.
 */
export function contentOf({ file, bytes }: Attachment): Readable {
  return Readable.from(content(file, bytes), { objectMode: false });
}

async function* content(file: string, bytes: number): AsyncGenerator<Buffer> {
  let found = 0;
  const handle = await open(file, "r");
  try {
    // What is appended meanwhile is not read.
    const range = { start: 0, end: Math.max(0, bytes - 1), autoClose: false };
    for await (const chunk of bytes === 0 ? [] : handle.createReadStream(range)) {
      found += Buffer.byteLength(chunk);
      yield chunk;
    }
  } finally {
    await handle.close();
  }
  if (found === bytes) return;
  const reason = `${file}: expected ${bytes} bytes, got ${found}; it changes while it is sent.`;
  throw new WranglerError("EMAIL_INVALID", reason, { file });
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  const [stem, end] = cut(name);
  for (let count = 2, free = name; ; count++) {
    if (!taken.has(free.toLowerCase())) return free;
    free = `${stem}-${count}${end}`;
  }
}

/** Stem and ending; what is no ending of ordinary length belongs to the stem. */
function cut(name: string): [stem: string, end: string] {
  const end = /(?:\.[A-Za-z0-9]{1,8}){1,2}$/.exec(name)?.[0] ?? "";
  return end.length < name.length ? [name.slice(0, -end.length || undefined), end] : [name, ""];
}
