import { randomBytes } from "node:crypto";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import type { IncomingHttpHeaders } from "node:http";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { ranDownload, savedNames, sha256 } from "../../helpers/download.ts";
import { withFolder } from "../../helpers/engine.ts";
import { type Answer, says, serves, startFaultServer } from "../../helpers/fault-http-server.ts";

/** Where the rest begins that a request asks for; NaN when it asks for all. */
function startOf(request: { readonly headers: IncomingHttpHeaders } | undefined): number {
  return Number(/^bytes=(\d+)-$/.exec(request?.headers.range ?? "")?.[1]);
}

/** Of `x.bin`: to compare big files byte by byte takes the test's tools long. */
async function sumOf(folder: string): Promise<string> {
  return sha256(await readFile(join(folder, "in/x.bin")));
}

function range(start: number, end: number, total: number) {
  return {
    "content-range": `bytes ${start}-${end - 1}/${total}`,
  };
}

describe("a download that broke off", () => {
  const content = randomBytes(1_000_000);
  /** What is on its way when a connection breaks is lost; most of this is not. */
  const cutAfter = 700_000;
  const etag = { etag: '"v1"' };
  const dated = { "last-modified": "Mon, 02 Feb 2026 10:00:00 GMT" };

  it.each([
    ["by its ETag", etag, '"v1"'],
    ["by its date", dated, dated["last-modified"]],
  ])("goes on where it stopped, %s", async (_what, headers, validator) => {
    const folder = await withFolder();
    const server = await startFaultServer({
      "/x.bin": [serves(content, { headers, cutAfter }), serves(content, { headers })],
    });
    const from = `${server.url}/x.bin`;
    await expect(ranDownload(folder, { from })).rejects.toMatchObject({ code: "DOWNLOAD_FAILED" });
    expect(await savedNames(folder)).toEqual([]);
    const { sources } = await ranDownload(folder, { from }, { attempt: 2 });
    expect(sources[0]).toMatchObject({ sha256: sha256(content), status: "new" });
    expect(startOf(server.requests[1])).toBeGreaterThan(300_000);
    expect(startOf(server.requests[1])).toBeLessThanOrEqual(cutAfter);
    expect(server.requests[1]!.headers).toMatchObject({
      "if-range": validator,
      "accept-encoding": "identity",
    });
    expect(await sumOf(folder)).toBe(sha256(content));
    expect(await readdir(join(folder, "in/.download"))).toHaveLength(1);
  });

  it("goes on as often as it takes", async () => {
    const folder = await withFolder();
    const cut = serves(content, { headers: etag, cutAfter: 400_000 });
    const server = await startFaultServer({ "/x.bin": cut });
    const from = `${server.url}/x.bin`;
    let attempt = 1;
    for (; attempt < 20; attempt++) {
      const error = await ranDownload(folder, { from }, { attempt }).catch((e: unknown) => e);
      if (!(error instanceof Error)) break;
      expect(error).toMatchObject({ code: "DOWNLOAD_FAILED" });
    }
    expect(attempt).toBeLessThan(20);
    expect(await sumOf(folder)).toBe(sha256(content));
    const starts = server.requests.slice(1).map(startOf);
    expect(starts.length).toBeGreaterThanOrEqual(2);
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    expect(starts[0]).toBeGreaterThan(0);
  });

  const other = randomBytes(900_000);
  const serveOther = serves(other, { headers: { etag: '"v2"' } });
  /** Goes on with another version; its headers are made from where the rest is to begin. */
  const lies =
    (headers: (start: number) => Record<string, string>): Answer =>
    (request, response) => {
      const start = startOf(request);
      response.writeHead(206, headers(start));
      response.end(other.subarray(start));
    };
  it.each<[string, Answer[], number]>([
    ["the file has changed meanwhile", [serveOther], 2],
    ["the server knows no ranges", [serves(other, { wholeOnly: true })], 2],
    [
      "the rest is of another version",
      [lies((start) => ({ etag: '"v2"', ...range(start, 900_000, 900_000) })), serveOther],
      3,
    ],
    [
      "the rest begins elsewhere",
      [lies((start) => ({ ...etag, ...range(start - 1, 1_000_000, 1_000_000) })), serveOther],
      3,
    ],
    [
      "the rest is not all of it",
      [lies((start) => ({ ...etag, ...range(start, 900_000, 1_000_000) })), serveOther],
      3,
    ],
    [
      "the file has another length",
      [lies((start) => ({ ...etag, ...range(start, 900_000, 900_000) })), serveOther],
      3,
    ],
    ["the rest does not say what it is", [lies(() => etag), serveOther], 3],
    [
      "the rest is compressed",
      [
        lies((start) => ({
          ...etag,
          "content-encoding": "gzip",
          ...range(start, 1_000_000, 1_000_000),
        })),
        serveOther,
      ],
      3,
    ],
    ["there is no such range", [says("", { status: 416 }), serveOther], 3],
  ])("begins anew when %s", async (_what, answers, requests) => {
    const folder = await withFolder();
    const first = serves(content, { headers: etag, cutAfter });
    const server = await startFaultServer({ "/x.bin": [first, ...answers] });
    const from = `${server.url}/x.bin`;
    await expect(ranDownload(folder, { from })).rejects.toMatchObject({ code: "DOWNLOAD_FAILED" });
    await ranDownload(folder, { from }, { attempt: 2 });
    expect(startOf(server.requests[1])).toBeGreaterThan(0);
    expect(await sumOf(folder)).toBe(sha256(other));
    expect(server.requests).toHaveLength(requests);
  });

  it("keeps its part when the server is out of order in between", async () => {
    const folder = await withFolder();
    const headers = { "content-type": "text/html" };
    const server = await startFaultServer({
      "/x.bin": [
        serves(content, { headers: etag, cutAfter }),
        says("down", { status: 502 }),
        says("please log in", { headers }),
        serves(content, { headers: etag }),
      ],
    });
    const from = `${server.url}/x.bin`;
    for (const code of ["DOWNLOAD_FAILED", "DOWNLOAD_FAILED", "DOWNLOAD_INVALID"]) {
      await expect(ranDownload(folder, { from })).rejects.toMatchObject({ code });
    }
    await ranDownload(folder, { from });
    expect(startOf(server.requests[3])).toBe(startOf(server.requests[1]));
    expect(await sumOf(folder)).toBe(sha256(content));
  });

  it.each([
    ["its ETag is weak", { etag: 'W/"v1"' }, {}],
    ["it has neither ETag nor date", {}, {}],
    ["its date is later than the answer", { "last-modified": "Wed, 01 Jan 2200 10:00:00 GMT" }, {}],
    ["the server takes no ranges", { ...etag, "accept-ranges": "none" }, {}],
    ["it was compressed", { ...etag, "content-encoding": "gzip" }, {}],
    ["resume is false", etag, { resume: false }],
  ])("begins anew when %s", async (_what, headers, options) => {
    const folder = await withFolder();
    const body = "content-encoding" in headers ? gzipSync(content) : content;
    const server = await startFaultServer({
      "/x.bin": [serves(body, { headers, cutAfter }), serves(body, { headers })],
    });
    const given = { from: `${server.url}/x.bin`, ...options };
    await expect(ranDownload(folder, given)).rejects.toMatchObject({ code: "DOWNLOAD_FAILED" });
    await ranDownload(folder, given, { attempt: 2 });
    expect(server.requests[1]!.headers.range).toBeUndefined();
    expect(await sumOf(folder)).toBe(sha256(content));
  });

  it("begins anew when its part was cut on the disk", async () => {
    const folder = await withFolder();
    const server = await startFaultServer({
      "/x.bin": [serves(content, { headers: etag, cutAfter }), serves(content)],
    });
    const from = `${server.url}/x.bin`;
    await expect(ranDownload(folder, { from })).rejects.toMatchObject({ code: "DOWNLOAD_FAILED" });
    const names = await readdir(join(folder, "in/.download"));
    const part = names.find((name) => name.endsWith(".part"))!;
    await writeFile(join(folder, "in/.download", part), "short");
    await ranDownload(folder, { from }, { attempt: 2 });
    expect(server.requests[1]!.headers.range).toBeUndefined();
    expect(await sumOf(folder)).toBe(sha256(content));
  });

  it("takes over only what is known to be on the disk", async () => {
    const folder = await withFolder();
    const server = await startFaultServer({
      "/x.bin": [serves(content, { headers: etag, cutAfter }), serves(content, { headers: etag })],
    });
    const from = `${server.url}/x.bin`;
    await expect(ranDownload(folder, { from })).rejects.toMatchObject({ code: "DOWNLOAD_FAILED" });
    const names = await readdir(join(folder, "in/.download"));
    const part = join(
      folder,
      "in/.download",
      names.find((name) => name.endsWith(".part"))!,
    );
    const noted = (await stat(part)).size;
    // As after a crash: more was written than was made durable, and it is garbage.
    await writeFile(part, Buffer.concat([await readFile(part), randomBytes(50_000)]));
    await ranDownload(folder, { from }, { attempt: 2 });
    expect(startOf(server.requests[1])).toBe(noted);
    expect(await sumOf(folder)).toBe(sha256(content));
  });

  it("goes on after it was told to stop", async () => {
    const folder = await withFolder();
    const controller = new AbortController();
    const reason = new Error("that is enough");
    const server = await startFaultServer({
      "/x.bin": [
        (_request, response) => {
          response.writeHead(200, { ...etag, "content-length": String(content.length) });
          response.write(content.subarray(0, 200_000));
        },
        serves(content, { headers: etag }),
      ],
    });
    const from = `${server.url}/x.bin`;
    const run = ranDownload(folder, { from }, { signal: controller.signal });
    const partGrows = async () => {
      const names = await readdir(join(folder, "in/.download")).catch(() => []);
      const part = names.find((name) => name.endsWith(".part"));
      return part && (await stat(join(folder, "in/.download", part))).size === 200_000;
    };
    await expect.poll(partGrows, { timeout: 10_000 }).toBe(true);
    controller.abort(reason);
    await expect(run).rejects.toBe(reason);
    await ranDownload(folder, { from }, { attempt: 2 });
    expect(server.requests[1]!.headers.range).toBe("bytes=200000-");
    expect(await sumOf(folder)).toBe(sha256(content));
  });

  it("does nothing when it was told to stop before", async () => {
    const server = await startFaultServer({ "/x.bin": serves(content) });
    const options = { from: `${server.url}/x.bin` };
    const reason = new Error("no");
    const parts = { signal: AbortSignal.abort(reason) };
    await expect(ranDownload(await withFolder(), options, parts)).rejects.toBe(reason);
    expect(server.requests).toHaveLength(0);
  });
});
