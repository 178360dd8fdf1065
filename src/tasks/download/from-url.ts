/** A file from an address. */
import { basename } from "node:path";
import { fingerprint, masked } from "../../core/index.ts";
import { type HttpAnswer, type HttpClient, shownUrl } from "../http/index.ts";
import { checkType, judge } from "./answers.ts";
import { sumOf } from "./checksum.ts";
import { CODINGS, decoderOf } from "./coding.ts";
import { isMisfit, lengthOf, restHeaders, validatorOf } from "./continuing.ts";
import { dispositionName, pathName } from "./given-name.ts";
import { alreadyThere, type Item, type Job, type Received, receivedOf } from "./job.ts";
import type { Known, Memory, Part } from "./memory.ts";
import { filledName, tameName } from "./names.ts";
import { forget, type Incoming, receive, tooBig, type Whole } from "./receive.ts";
import { type Asked, filled, requestOf } from "./request.ts";
import { checkWhole, save } from "./save.ts";
import type { Session } from "./session.ts";
import type { UrlSource } from "./source-options.ts";
import { needsName } from "./template-text.ts";

/** What one source is fetched with. */
export interface UrlOrder {
  readonly job: Job;
  readonly source: UrlSource;
  readonly memory: Memory;
  readonly client: HttpClient;
  readonly session: Session;
  readonly signal: AbortSignal;
}

/** An order, read. */
interface Fetch extends UrlOrder {
  readonly asked: Asked;
  readonly item: Item;
  /** Of the file's name. */
  readonly template: string;
  readonly good: readonly number[];
}

/** Fetch a file; what has not changed is not fetched again, what broke off goes on. */
export async function fromUrl(order: UrlOrder): Promise<Received> {
  const fetch = read(order);
  const { job, item, memory } = fetch;
  const foreseen = await foreseenName(fetch);
  const there = foreseen === undefined ? undefined : await alreadyThere(job, item, foreseen);
  if (there) return there;
  const known = await sameAsBefore(fetch, foreseen);
  const sum = await sumWanted(fetch);
  let part = await partOf(fetch);
  let answer = await ask(fetch, known, part);
  if (part && isMisfit(answer, part)) {
    answer.discard();
    await forget(memory);
    part = undefined;
    answer = await ask(fetch, known, part);
  }
  try {
    if (known && answer.status === 304) return await unchanged(fetch, known, answer);
    return await taken(fetch, answer, part, sum);
  } finally {
    answer.discard();
  }
}

function read(order: UrlOrder): Fetch {
  const { job, source, memory } = order;
  const asked = requestOf(source, job.time);
  const { method, url, body } = asked;
  // It is kept in a file: secrets leave no trace in it, not even that of a hash.
  const print = fingerprint([method, url.href, body].map((text) => masked(text ?? "")));
  const { expect, saveAs } = job.options;
  return {
    ...order,
    asked,
    item: { what: shownUrl(url), key: "", memory, asked: print },
    template: source.saveAs ?? saveAs,
    good: [expect.status].flat(),
  };
}

/** The name of the file as far as it is known before the server gives one. */
async function foreseenName({ template, job, item, memory }: Fetch): Promise<string | undefined> {
  if (!needsName(template)) return filledName(template, "", job.time);
  const known = await memory.standing(item.key);
  return known?.asked === item.asked ? filledName(template, known.name, job.time) : undefined;
}

/** The file that is there, when the server may say that it has not changed. */
async function sameAsBefore(
  { job, item, memory, asked }: Fetch,
  foreseen: string | undefined,
): Promise<Known | undefined> {
  if (!job.options.conditional || asked.method !== "GET") return undefined;
  const known = await memory.standing(item.key);
  return known?.asked === item.asked && known.file === foreseen ? known : undefined;
}

async function partOf({ job, item, memory, asked }: Fetch): Promise<Part | undefined> {
  if (!job.options.resume || asked.method !== "GET") return undefined;
  const part = await memory.part();
  return part?.asked === item.asked ? part : undefined;
}

function ask(
  { session, asked, signal }: Fetch,
  known: Known | undefined,
  part: Part | undefined,
): Promise<HttpAnswer> {
  const { method, url, body } = asked;
  const headers = {
    "accept-encoding": CODINGS,
    ...asked.headers,
    ...(known?.etag === undefined ? {} : { "if-none-match": known.etag }),
    ...(known?.lastModified === undefined ? {} : { "if-modified-since": known.lastModified }),
    ...(part ? restHeaders(part) : {}),
  };
  return session.request({ method, url, headers, signal, ...(body === undefined ? {} : { body }) });
}

async function unchanged(
  { job, item, memory }: Fetch,
  known: Known,
  { headers }: HttpAnswer,
): Promise<Received> {
  const status = known.by === job.by ? known.status : "unchanged";
  const { etag = known.etag } = headers;
  const next = { ...known, by: job.by, status, ...(etag === undefined ? {} : { etag }) };
  await forget(memory);
  await memory.keep(item.key, next);
  return receivedOf(job, item, next);
}

/** Take in the body of an answer, after all that can be told before has been held against it. */
async function taken(
  fetch: Fetch,
  answer: HttpAnswer,
  part: Part | undefined,
  sum: Sum,
): Promise<Received> {
  const { job, item, memory, asked, signal, good } = fetch;
  const { what } = item;
  const rest = answer.status === 206 ? part : undefined;
  judge(answer, rest ? [206] : good, what);
  const { headers } = answer;
  const name =
    rest?.name ?? tameName(dispositionName(headers["content-disposition"]) ?? pathName(asked.url));
  const file = filledName(fetch.template, name, job.time);
  const there = await alreadyThere(job, item, file);
  if (there) return there;
  const decoder = decoderOf(headers["content-encoding"], what);
  await checkType(answer, decoder, { taken: job.options.contentType, file, what });
  const incoming = incomingOf(fetch, answer, { rest, name, decoder });
  const whole = await receive(incoming, memory, { maxBytes: job.maxBytes, signal });
  await checkWhole(job, item, whole, sum([name, basename(file), pathName(asked.url)]));
  return save(job, item, fileOf(whole, name, file, headers));
}

interface Incomings {
  /** Which is continued. */
  readonly rest: Part | undefined;
  readonly name: string;
  readonly decoder: Incoming["decoder"];
}

function incomingOf(
  { job, item, asked }: Fetch,
  { headers, body }: HttpAnswer,
  { rest, name, decoder }: Incomings,
): Incoming {
  const { what } = item;
  const { bytes: startAt = 0 } = rest ?? {};
  const length = lengthOf(headers, rest !== undefined);
  const totalBytes = length === undefined ? undefined : startAt + length;
  if (totalBytes !== undefined && totalBytes > job.maxBytes) throw tooBig(what, job.maxBytes);
  const mayResume = job.options.resume && asked.method === "GET" && decoder === undefined;
  const validator = mayResume ? validatorOf(headers) : undefined;
  const told = { asked: item.asked, name, ...(totalBytes === undefined ? {} : { totalBytes }) };
  const resume = validator === undefined ? undefined : { ...told, validator };
  return { body, what, startAt, length, decoder, resume };
}

function fileOf(whole: Whole, name: string, file: string, headers: HttpAnswer["headers"]) {
  const { etag, "last-modified": lastModified } = headers;
  return {
    ...whole,
    name,
    file,
    status: "new" as const,
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { lastModified }),
  };
}

/** The checksum of a file by the names that it may have; undefined: none is wanted. */
type Sum = (names: readonly string[]) => string | undefined;

/** Most that is read of a list of checksums. */
const MAX_LIST_BYTES = 1_000_000;

async function sumWanted({ job, source, session, client, asked, signal }: Fetch): Promise<Sum> {
  const { sha256 = job.options.sha256, checksumUrl = job.options.checksumUrl } = source;
  // What a source says of itself comes before what the task says of all.
  const own = source.checksumUrl === undefined ? sha256 : source.sha256;
  if (own !== undefined || checksumUrl === undefined) return () => own;
  const url = new URL(filled(checksumUrl, job.time, "checksumUrl"));
  const what = shownUrl(url);
  // Who asks is shown to the source, not to whoever has a list about it.
  const from = url.origin === asked.url.origin ? session : client;
  const answer = await from.request({ url, signal });
  try {
    judge(answer, [200], what);
    const list = await answer.text(MAX_LIST_BYTES);
    return (names) => sumOf(list, names, what);
  } finally {
    answer.discard();
  }
}
