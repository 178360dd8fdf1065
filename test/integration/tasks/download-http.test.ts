import { readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { keepMasked } from "../../../src/core/index.ts";
import { retryAfterMsOf } from "../../../src/orchestration/index.ts";
import { ranDownload, savedNames, sha256 } from "../../helpers/download.ts";
import { withFolder } from "../../helpers/engine.ts";
import {
  hangs,
  redirects,
  resets,
  says,
  serves,
  startFaultServer,
} from "../../helpers/fault-http-server.ts";
import { selfSignedCertificate } from "../../helpers/self-signed-certificate.ts";

const failed = (text: string) => ({
  code: "DOWNLOAD_FAILED",
  message: expect.stringContaining(text),
});
const invalid = (text: string) => ({
  code: "DOWNLOAD_INVALID",
  message: expect.stringContaining(text),
});
const CSV = Buffer.from("id;name\n1;a\n2;b\n");

describe("a file from an address", () => {
  it("is saved under the name of its address, with what is known of it", async () => {
    const folder = await withFolder();
    const server = await startFaultServer({
      "/out/wifi.csv": serves(CSV, { headers: { etag: '"1"', "content-type": "text/csv" } }),
    });
    const results = await ranDownload(folder, { from: `${server.url}/out/wifi.csv?token=abc` });
    const file = join(folder, "in/wifi.csv");
    expect(results).toEqual({
      files: [file],
      sources: [
        {
          source: `${server.url}/out/wifi.csv?…`,
          file,
          bytes: CSV.length,
          sha256: sha256(CSV),
          status: "new",
          etag: '"1"',
        },
      ],
      bytes: CSV.length,
      unchanged: false,
    });
    expect(await readFile(file)).toEqual(CSV);
    expect(server.requests[0]).toMatchObject({ method: "GET", path: "/out/wifi.csv?token=abc" });
  });

  it("has the time of the run in its name, folder, address and query", async () => {
    const folder = await withFolder();
    const server = await startFaultServer({ "/2026/day.csv": says(CSV) });
    const { files } = await ranDownload(folder, {
      from: { url: `${server.url}/{yyyy}/day.csv`, query: { from: "{yyyy-MM-dd-1d}", n: 3 } },
      to: "in/{ddMMM}",
      saveAs: "{stem}_{yyyyMMdd_HHmm}{ext}",
    });
    expect(files).toEqual([join(folder, "in/01Mar/day_20260301_1100.csv")]);
    expect(server.requests[0]!.path).toBe("/2026/day.csv?from=2026-02-28&n=3");
  });

  it.each([
    ["the server's name", 'attachment; filename="Übersicht.csv"', "Übersicht.csv"],
    ["an encoded name", "attachment; filename=x; filename*=UTF-8''%C3%9Cb%20er.csv", "Üb er.csv"],
    ["a name that leads out", 'attachment; filename="../../evil.csv"', "evil.csv"],
    ["an absolute name", 'attachment; filename="/etc/passwd"', "passwd"],
    ["a name of Windows", 'attachment; filename="C:\\\\x\\\\con.csv"', "_con.csv"],
  ])("takes %s", async (_what, header, name) => {
    const folder = await withFolder();
    const headers = { "content-disposition": Buffer.from(header).toString("latin1") };
    const server = await startFaultServer({ "/export": says(CSV, { headers }) });
    const { files } = await ranDownload(folder, { from: `${server.url}/export` });
    expect(files).toEqual([join(folder, "in", name)]);
    expect(await savedNames(folder)).toEqual([name]);
  });

  it("is asked for with what the source says: a form, JSON, a text", async () => {
    const folder = await withFolder();
    const server = await startFaultServer({ "/x": says(CSV) });
    const url = `${server.url}/x`;
    await ranDownload(folder, {
      parallel: 1,
      from: [
        { url, saveAs: "a", form: { day: "{yyyyMMdd}", q: "ä&b" } },
        { url, saveAs: "b", body: { days: ["{dd}", 1], all: true } },
        { url, saveAs: "c", method: "PUT", body: "{plain}", headers: { "X-Api": "1" } },
      ],
    });
    expect(server.requests.map(({ method, body }) => [method, body])).toEqual([
      ["POST", "day=20260301&q=%C3%A4%26b"],
      ["POST", '{"days":["01",1],"all":true}'],
      ["PUT", "{plain}"],
    ]);
    expect(server.requests[2]!.headers["x-api"]).toBe("1");
  });

  it("gives several, in the order of the sources, a number of them at once", async () => {
    const folder = await withFolder();
    let now = 0;
    let most = 0;
    const release: (() => void)[] = [];
    const server = await startFaultServer();
    const names = ["a", "b", "c", "d", "e"];
    for (const name of names) {
      server.answer(`/${name}`, async (_request, response) => {
        most = Math.max(most, ++now);
        // The first two wait for each other: so they must be at work at once.
        await new Promise<void>((resolve) => {
          release.push(resolve);
          if (release.length >= 2) for (const go of release) go();
        });
        now -= 1;
        response.end(name);
      });
    }
    const from = names.map((name) => `${server.url}/${name}`);
    const { files } = await ranDownload(folder, { from, parallel: 2 });
    expect(files.map((file) => file.slice(-1))).toEqual(names);
    expect(most).toBe(2);
  });

  it("is refused a name that another source has", async () => {
    const folder = await withFolder();
    const server = await startFaultServer({ "/a/X.csv": says("1"), "/b/x.csv": says("2") });
    const from = [`${server.url}/a/X.csv`, `${server.url}/b/x.csv`];
    await expect(ranDownload(folder, { from, parallel: 1 })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining("saveAs"),
    });
  });
});

describe("a server that is out of order", () => {
  it("fails the attempt and is asked again by the next one", async () => {
    const folder = await withFolder();
    const broken = says("down", { status: 500 });
    const server = await startFaultServer({ "/x.csv": [broken, broken, serves(CSV)] });
    const from = `${server.url}/x.csv`;
    await expect(ranDownload(folder, { from })).rejects.toMatchObject(failed("got 500"));
    await expect(ranDownload(folder, { from }, { attempt: 2 })).rejects.toMatchObject(
      failed("got 500"),
    );
    expect((await ranDownload(folder, { from }, { attempt: 3 })).bytes).toBe(CSV.length);
    expect(await savedNames(folder)).toEqual(["x.csv"]);
  });

  it("says when to come back", async () => {
    const folder = await withFolder();
    const busy = says("", { status: 429, headers: { "retry-after": "7" } });
    const server = await startFaultServer({ "/x.csv": busy });
    const error: unknown = await ranDownload(folder, { from: `${server.url}/x.csv` }).catch(
      (e) => e,
    );
    expect(error).toMatchObject(failed("got 429"));
    expect(retryAfterMsOf(error, 0)).toBe(7_000);
  });

  it.each([408, 425, 429, 500, 502, 503, 599])("may recover from %d", async (status) => {
    const server = await startFaultServer({ "/x.csv": says("", { status }) });
    const from = `${server.url}/x.csv`;
    await expect(ranDownload(await withFolder(), { from })).rejects.toMatchObject(
      failed(String(status)),
    );
  });

  it.each([400, 401, 403, 404, 410, 451])("means it with %d", async (status) => {
    const server = await startFaultServer({ "/x.csv": says("", { status }) });
    const from = `${server.url}/x.csv`;
    await expect(ranDownload(await withFolder(), { from })).rejects.toMatchObject({
      code: "DOWNLOAD_REFUSED",
      message: expect.stringContaining(String(status)),
    });
  });

  it.each([201, 204, 304])("answers something else with %d", async (status) => {
    const server = await startFaultServer({ "/x.csv": says("", { status }) });
    const from = `${server.url}/x.csv`;
    await expect(ranDownload(await withFolder(), { from })).rejects.toMatchObject(
      invalid(String(status)),
    );
  });

  it("answers as is expected when that is said", async () => {
    const folder = await withFolder();
    const server = await startFaultServer({ "/x.csv": says(CSV, { status: 203 }) });
    const options = { from: `${server.url}/x.csv`, expect: { status: [200, 203] } };
    expect((await ranDownload(folder, options)).bytes).toBe(CSV.length);
  });

  it.each([
    ["ends the connection at once", resets],
    [
      "announces more than it sends",
      says("half", { headers: { "content-length": "100", connection: "close" } }),
    ],
    ["breaks off after the headers", serves(CSV, { cutAfter: 0 })],
    ["breaks off within the body", serves(CSV, { cutAfter: 5 })],
  ])("%s", async (_what, answer) => {
    const folder = await withFolder();
    const server = await startFaultServer({ "/x.csv": answer });
    const from = `${server.url}/x.csv`;
    await expect(ranDownload(folder, { from })).rejects.toMatchObject({ code: "DOWNLOAD_FAILED" });
    expect(await savedNames(folder)).toEqual([]);
  });

  it("breaks off a body in chunks", async () => {
    const folder = await withFolder();
    const server = await startFaultServer({
      "/x.csv": (request, response) => {
        response.write("first piece;", () => request.socket.destroySoon());
      },
    });
    const from = `${server.url}/x.csv`;
    await expect(ranDownload(folder, { from })).rejects.toMatchObject({ code: "DOWNLOAD_FAILED" });
    expect(await savedNames(folder)).toEqual([]);
  });

  it("never answers", async () => {
    const server = await startFaultServer({ "/x.csv": hangs });
    const options = { from: `${server.url}/x.csv`, answerTimeout: "150ms" };
    await expect(ranDownload(await withFolder(), options)).rejects.toMatchObject(failed("Timeout"));
  });

  it("drips its headers for longer than an answer may take to begin", async () => {
    const server = await startFaultServer({
      "/x.csv": (request) => {
        const { socket } = request;
        socket.write("HTTP/1.1 200 OK\r\n");
        const drip = setInterval(() => socket.write("x-drip: 1\r\n"), 10);
        socket.once("close", () => clearInterval(drip));
      },
    });
    const options = { from: `${server.url}/x.csv`, answerTimeout: "200ms", sourceTimeout: "10s" };
    await expect(ranDownload(await withFolder(), options)).rejects.toMatchObject(failed("Timeout"));
  });

  it("leads in circles", async () => {
    const server = await startFaultServer({ "/x.csv": redirects("/y"), "/y": redirects("/x.csv") });
    const options = { from: `${server.url}/x.csv`, maxRedirects: 3 };
    const told = failed("redirects more than 3 times");
    await expect(ranDownload(await withFolder(), options)).rejects.toMatchObject(told);
    expect(server.requests).toHaveLength(4);
  });

  it("says something that is no answer", async () => {
    const server = await startFaultServer({
      "/x.csv": (request) => void request.socket.end("SSH-2.0-not-http\r\n\r\n"),
    });
    const from = `${server.url}/x.csv`;
    await expect(ranDownload(await withFolder(), { from })).rejects.toMatchObject({
      code: "DOWNLOAD_FAILED",
    });
  });

  it("falls silent within the body", async () => {
    const folder = await withFolder();
    const server = await startFaultServer({
      "/x.csv": (_request, response) => void response.write("a;b\n"),
    });
    const options = { from: `${server.url}/x.csv`, idleTimeout: "150ms" };
    await expect(ranDownload(folder, options)).rejects.toMatchObject(failed("Timeout"));
    expect(await savedNames(folder)).toEqual([]);
  });

  it("drips for longer than a source may take", async () => {
    const folder = await withFolder();
    const server = await startFaultServer({
      "/x.csv": (_request, response) => {
        const drip = setInterval(() => response.write("."), 10);
        response.once("close", () => clearInterval(drip));
      },
    });
    const options = { from: `${server.url}/x.csv`, sourceTimeout: "300ms" };
    await expect(ranDownload(folder, options)).rejects.toMatchObject(
      failed("took longer than 300 ms"),
    );
    expect(await savedNames(folder)).toEqual([]);
  });

  it("is not there at all", async () => {
    const options = { from: "http://127.0.0.1:1/x.csv" };
    await expect(ranDownload(await withFolder(), options)).rejects.toMatchObject(
      failed("ECONNREFUSED"),
    );
  });

  it("does not keep other sources from being fetched when it may recover", async () => {
    const folder = await withFolder();
    const server = await startFaultServer({
      "/bad.csv": says("", { status: 503 }),
      "/good.csv": serves(CSV),
    });
    const from = [`${server.url}/bad.csv`, `${server.url}/good.csv`];
    await expect(ranDownload(folder, { from, parallel: 1 })).rejects.toMatchObject(failed("503"));
    expect(await savedNames(folder)).toEqual(["good.csv"]);
    // The attempt after it asks only for what is missing.
    server.answer("/bad.csv", serves(CSV));
    const { sources } = await ranDownload(folder, { from, parallel: 1 }, { attempt: 2 });
    expect(sources.map(({ status }) => status)).toEqual(["new", "new"]);
    expect(server.requests.filter(({ path }) => path === "/good.csv")).toHaveLength(1);
  });

  it("ends the others when it will not recover", async () => {
    const folder = await withFolder();
    const server = await startFaultServer({
      "/slow.csv": (_request, response) => void response.write("a"),
      "/no.csv": says("", { status: 404 }),
    });
    const from = [`${server.url}/slow.csv`, `${server.url}/no.csv`, `${server.url}/later.csv`];
    await expect(ranDownload(folder, { from, parallel: 2 })).rejects.toMatchObject({
      code: "DOWNLOAD_REFUSED",
    });
    expect(server.requests.some(({ path }) => path === "/later.csv")).toBe(false);
  });
});

describe("what comes is not what was asked for", () => {
  const page = "<!doctype html>\n<title>Session expired</title>  <p>Please log in";

  it("a page with a status of 200", async () => {
    const folder = await withFolder();
    const headers = { "content-type": "text/html; charset=utf-8" };
    const server = await startFaultServer({ "/x.csv": says(page, { headers }) });
    const from = `${server.url}/x.csv`;
    const told = invalid("<title>Session expired</title> <p>Please log in");
    await expect(ranDownload(folder, { from })).rejects.toMatchObject(told);
    await expect(ranDownload(folder, { from, contentType: ["text/csv"] })).rejects.toMatchObject(
      invalid("expected text/csv, got text/html"),
    );
    expect(await savedNames(folder)).toEqual([]);
    expect((await ranDownload(folder, { from, contentType: ["text/*"] })).files).toHaveLength(1);
    expect((await ranDownload(folder, { from, saveAs: "page.html" })).files).toHaveLength(1);
  });

  it("shows the first 200 characters, decompressed, without secrets and not of binary files", async () => {
    const folder = await withFolder();
    keepMasked("hunter2-hunter2");
    const text = `the key hunter2-hunter2 is wrong ${"x".repeat(500)}END`;
    const headers = { "content-type": "text/plain", "content-encoding": "gzip" };
    const server = await startFaultServer({
      "/text": says(gzipSync(text), { headers }),
      "/binary": says(Buffer.from([0x50, 0x4b, 3, 4, 0, 0]), {
        headers: { "content-type": "application/zip" },
      }),
    });
    const contentType = ["text/csv"];
    const message = async (path: string) => {
      const from = `${server.url}${path}`;
      const error = await ranDownload(folder, { from, contentType }).catch((e: unknown) => e);
      expect(error).toMatchObject({ code: "DOWNLOAD_INVALID" });
      return (error as Error).message;
    };
    const told = await message("/text");
    expect(told).toContain("the key *** is wrong xxx");
    expect(told.length).toBeLessThan(400);
    expect(await message("/binary")).toMatch(/got application\/zip\.$/);
  });

  it("too big, by what is announced and by what comes", async () => {
    const folder = await withFolder();
    const big = Buffer.alloc(3_000, "x");
    const server = await startFaultServer({
      "/announced": serves(big),
      "/chunked": (_request, response) => {
        response.write(big.subarray(0, 900));
        response.end(big);
      },
    });
    for (const path of ["/announced", "/chunked"]) {
      const options = { from: `${server.url}${path}`, maxSize: "1KB" };
      await expect(ranDownload(folder, options)).rejects.toMatchObject(
        invalid("larger than maxSize"),
      );
    }
    expect(await savedNames(folder)).toEqual([]);
    expect(
      (await ranDownload(folder, { from: `${server.url}/chunked`, maxSize: "4KB" })).bytes,
    ).toBe(3_900);
  });

  it("a bomb that is small until it is decompressed", async () => {
    const folder = await withFolder();
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    expect(bomb.length).toBeLessThan(100_000);
    const headers = { "content-encoding": "gzip", "content-length": String(bomb.length) };
    const server = await startFaultServer({ "/x.csv": says(bomb, { headers }) });
    const options = { from: `${server.url}/x.csv`, maxSize: "1MB" };
    await expect(ranDownload(folder, options)).rejects.toMatchObject(
      invalid("larger than maxSize"),
    );
    expect(await savedNames(folder)).toEqual([]);
    const left = await readdir(join(folder, "in/.download"));
    expect(left.filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  it("decompresses what was compressed on its way, and nothing else", async () => {
    const folder = await withFolder();
    const packed = gzipSync(CSV);
    const server = await startFaultServer({
      "/x.csv": says(packed, { headers: { "content-encoding": "gzip" } }),
      "/x.csv.gz": says(packed, { headers: { "content-type": "application/gzip" } }),
    });
    await ranDownload(folder, { from: [`${server.url}/x.csv`, `${server.url}/x.csv.gz`] });
    expect(await readFile(join(folder, "in/x.csv"))).toEqual(CSV);
    expect(await readFile(join(folder, "in/x.csv.gz"))).toEqual(packed);
  });

  it.each([
    ["cut", gzipSync(CSV).subarray(0, 20), "gzip"],
    ["damaged", Buffer.from("no gzip at all"), "gzip"],
    ["unknown", CSV, "lzma"],
    ["twofold", gzipSync(gzipSync(CSV)), "gzip, gzip"],
  ])("a compression that is %s", async (_what, content, coding) => {
    const folder = await withFolder();
    const headers = { "content-encoding": coding };
    const server = await startFaultServer({ "/x.csv": says(content, { headers }) });
    const from = `${server.url}/x.csv`;
    await expect(ranDownload(folder, { from })).rejects.toMatchObject({ code: "DOWNLOAD_FAILED" });
    expect(await savedNames(folder)).toEqual([]);
  });

  it("smaller than it can be, or with another checksum", async () => {
    const folder = await withFolder();
    const server = await startFaultServer({ "/x.csv": serves(CSV) });
    const from = `${server.url}/x.csv`;
    await expect(ranDownload(folder, { from, minSize: "1KB" })).rejects.toMatchObject(
      invalid("minSize"),
    );
    const wrong = { from, sha256: "0".repeat(64) };
    await expect(ranDownload(folder, wrong)).rejects.toMatchObject(invalid(sha256(CSV)));
    expect(await savedNames(folder)).toEqual([]);
    const right = { from, sha256: sha256(CSV).toUpperCase() };
    expect((await ranDownload(folder, right)).files).toHaveLength(1);
  });

  it("is held against a list of checksums", async () => {
    const folder = await withFolder();
    const list = `${"0".repeat(64)}  other.csv\n${sha256(CSV)} *x.csv\n`;
    const server = await startFaultServer({ "/x.csv": serves(CSV), "/SUMS": says(list) });
    const options = { from: `${server.url}/x.csv`, checksumUrl: `${server.url}/SUMS` };
    expect((await ranDownload(folder, options)).files).toHaveLength(1);
    server.answer("/SUMS", says(`${"0".repeat(64)}  x.csv`));
    await expect(ranDownload(await withFolder(), options)).rejects.toMatchObject(
      invalid("SHA-256"),
    );
    server.answer("/SUMS", says(`${sha256(CSV)}  y.csv`));
    await expect(ranDownload(await withFolder(), options)).rejects.toMatchObject(
      invalid("found none"),
    );
    server.answer("/SUMS", says("", { status: 503 }));
    await expect(ranDownload(await withFolder(), options)).rejects.toMatchObject(failed("503"));
  });
});

describe("a file that is there already", () => {
  const headers = { etag: 'W/"7"', "last-modified": "Mon, 02 Feb 2026 10:00:00 GMT" };

  it("is not sent again when it has not changed", async () => {
    const folder = await withFolder();
    const server = await startFaultServer({ "/x.csv": serves(CSV, { headers }) });
    const from = `${server.url}/x.csv`;
    const first = await ranDownload(folder, { from }, { runId: "run-1" });
    const { mtimeMs } = await stat(join(folder, "in/x.csv"));
    const second = await ranDownload(folder, { from }, { runId: "run-2" });
    expect([first.unchanged, second.unchanged]).toEqual([false, true]);
    expect(second.sources).toEqual([{ ...first.sources[0], status: "unchanged" }]);
    expect(server.requests[1]!.headers["if-none-match"]).toBe('W/"7"');
    expect((await stat(join(folder, "in/x.csv"))).mtimeMs).toBe(mtimeMs);
  });

  it("is told as new by a second attempt of the same run", async () => {
    const folder = await withFolder();
    const server = await startFaultServer({ "/x.csv": serves(CSV, { headers }) });
    const from = `${server.url}/x.csv`;
    const first = await ranDownload(folder, { from });
    expect(await ranDownload(folder, { from })).toEqual(first);
    expect(server.requests).toHaveLength(2);
    expect(await ranDownload(folder, { from }, { attempt: 2 })).toEqual(first);
    expect(server.requests).toHaveLength(2);
  });

  it("is told as unchanged when the server sends the same bytes again", async () => {
    const folder = await withFolder();
    const server = await startFaultServer({ "/x.csv": says(CSV) });
    const from = `${server.url}/x.csv`;
    await ranDownload(folder, { from }, { runId: "run-1" });
    expect((await ranDownload(folder, { from }, { runId: "run-2" })).unchanged).toBe(true);
    const always = { from, conditional: false };
    expect((await ranDownload(folder, always, { runId: "run-3" })).unchanged).toBe(false);
  });

  it.each<[string, (path: string) => Promise<void>]>([
    ["is gone", (path) => rm(path)],
    ["has other bytes", (path) => writeFile(path, CSV.toString().replace("a", "z"))],
    ["is longer", (path) => writeFile(path, `${CSV.toString()}3;c\n`)],
  ])("is fetched again when it %s", async (_what, damage) => {
    const folder = await withFolder();
    const server = await startFaultServer({ "/x.csv": serves(CSV, { headers }) });
    const from = `${server.url}/x.csv`;
    await ranDownload(folder, { from }, { runId: "run-1" });
    await damage(join(folder, "in/x.csv"));
    expect((await ranDownload(folder, { from }, { runId: "run-2" })).unchanged).toBe(false);
    expect(server.requests[1]!.headers["if-none-match"]).toBeUndefined();
    expect(await readFile(join(folder, "in/x.csv"))).toEqual(CSV);
  });

  it("is known again although somebody touched it", async () => {
    const folder = await withFolder();
    const server = await startFaultServer({ "/x.csv": serves(CSV, { headers }) });
    const from = `${server.url}/x.csv`;
    await ranDownload(folder, { from }, { runId: "run-1" });
    await utimes(join(folder, "in/x.csv"), 1, 1);
    expect((await ranDownload(folder, { from }, { runId: "run-2" })).unchanged).toBe(true);
  });

  it("is not taken for today's when its name has the day in it", async () => {
    const folder = await withFolder();
    const server = await startFaultServer({ "/x.csv": serves(CSV, { headers }) });
    const options = { from: `${server.url}/x.csv`, saveAs: "x_{yyyyMMdd}.csv" };
    await ranDownload(folder, options, { runId: "run-1" });
    const next = { runId: "run-2", scheduledAt: "2026-03-02T10:00:00.000Z" };
    expect((await ranDownload(folder, options, next)).unchanged).toBe(false);
    expect(await savedNames(folder)).toEqual(["x_20260301.csv", "x_20260302.csv"]);
    // What is remembered does not grow with the days.
    expect(await readdir(join(folder, "in/.download"))).toHaveLength(1);
  });

  it("is fetched when what is remembered is damaged", async () => {
    const folder = await withFolder();
    const server = await startFaultServer({ "/x.csv": serves(CSV, { headers }) });
    const from = `${server.url}/x.csv`;
    await ranDownload(folder, { from }, { runId: "run-1" });
    const [name] = await readdir(join(folder, "in/.download"));
    await writeFile(join(folder, "in/.download", name!), '{"files":');
    expect((await ranDownload(folder, { from }, { runId: "run-2" })).bytes).toBe(CSV.length);
  });

  it("stays when it is to be kept, and fails when it is not to be there", async () => {
    const folder = await withFolder();
    const server = await startFaultServer({ "/x.csv": serves(CSV) });
    const from = `${server.url}/x.csv`;
    expect((await ranDownload(folder, { from, overwrite: "fail" })).sources[0]).toMatchObject({
      status: "new",
    });
    // The same run again: it is its own file.
    expect((await ranDownload(folder, { from, overwrite: "fail" })).sources[0]).toMatchObject({
      status: "new",
    });
    await writeFile(join(folder, "in/x.csv"), "mine");
    for (const saveAs of ["{name}", "x.csv"]) {
      const kept = await ranDownload(folder, { from, saveAs, overwrite: "keep" });
      expect(kept.sources[0]).toMatchObject({ status: "unchanged", sha256: sha256("mine") });
      await expect(ranDownload(folder, { from, saveAs, overwrite: "fail" })).rejects.toMatchObject({
        code: "OUTPUT_UNWRITABLE",
        message: expect.stringContaining("is there already"),
      });
    }
    expect(await readFile(join(folder, "in/x.csv"), "utf8")).toBe("mine");
    await ranDownload(folder, { from });
    expect(await readFile(join(folder, "in/x.csv"))).toEqual(CSV);
  });
});

/** A portal that lets in who posted the form. */
async function portal(home: Parameters<typeof says>[0] = "Welcome") {
  const server = await startFaultServer({
    "/login": (_request, response, body) => {
      const isRight = body === "user=me&password=s%26cret";
      response.writeHead(302, {
        location: isRight ? "/home" : "/login-failed",
        ...(isRight ? { "set-cookie": "session=42; Path=/; HttpOnly" } : {}),
      });
      response.end();
    },
    "/home": says(home),
    "/login-failed": says("Wrong password"),
    "/x.csv": (request, response) => {
      const isIn = request.headers.cookie === "session=42";
      response.writeHead(isIn ? 200 : 302, isIn ? {} : { location: "/login-failed" });
      response.end(isIn ? CSV : "");
    },
  });
  const login = { url: `${server.url}/login`, fields: { user: "me", password: "s&cret" } };
  return { server, login, from: `${server.url}/x.csv` };
}

describe("who asks", () => {
  const auths = [
    [
      { basic: { user: "us:er", password: "pä" } },
      { authorization: `Basic ${Buffer.from("us:er:pä").toString("base64")}` },
    ],
    [{ bearer: { token: "t0" } }, { authorization: "Bearer t0" }],
    [{ header: { name: "X-Api-Key", value: "k" } }, { "x-api-key": "k" }],
  ] as const;

  it.each(auths)("is shown by %o", async (auth, headers) => {
    const server = await startFaultServer({ "/x.csv": says(CSV) });
    await ranDownload(await withFolder(), { from: `${server.url}/x.csv`, auth });
    expect(server.requests[0]!.headers).toMatchObject(headers);
  });

  it.each(auths)("is not shown to another origin by %o", async (auth, headers) => {
    const other = await startFaultServer({ "/x.csv": says(CSV) });
    const server = await startFaultServer({ "/x.csv": redirects(`${other.url}/x.csv`) });
    const from = { url: `${server.url}/x.csv`, headers: { "X-Own": "secret", cookie: "a=b" } };
    await ranDownload(await withFolder(), { from, auth });
    expect(server.requests[0]!.headers).toMatchObject({ ...headers, "x-own": "secret" });
    for (const name of [...Object.keys(headers), "x-own", "cookie"]) {
      expect(other.requests[0]!.headers[name]).toBeUndefined();
    }
  });

  it("is shown to the list of checksums only where it is the source's own", async () => {
    const list = says(sha256(CSV));
    const other = await startFaultServer({ "/sum": list });
    const server = await startFaultServer({ "/x.csv": says(CSV), "/sum": list });
    const auth = { bearer: { token: "t0" } };
    const from = `${server.url}/x.csv`;
    for (const { url } of [server, other]) {
      await ranDownload(await withFolder(), { from, auth, checksumUrl: `${url}/sum` });
    }
    const sum = server.requests.find(({ path }) => path === "/sum")!;
    expect(sum.headers["authorization"]).toBe("Bearer t0");
    expect(other.requests[0]!.headers["authorization"]).toBeUndefined();
  });

  it("may differ from source to source", async () => {
    const server = await startFaultServer({ "/a": says("a"), "/b": says("b") });
    await ranDownload(await withFolder(), {
      from: [`${server.url}/a`, { url: `${server.url}/b`, auth: { bearer: { token: "own" } } }],
      auth: { bearer: { token: "all" } },
      parallel: 1,
    });
    const shown = server.requests.map(({ headers }) => headers["authorization"]);
    expect(shown).toEqual(["Bearer all", "Bearer own"]);
  });

  it("logs in once by a form, whose cookie goes along", async () => {
    const folder = await withFolder();
    const { server, login, from } = await portal();
    const auth = { login: { ...login, success: { contains: "Welcome" } } };
    const second = { url: from, saveAs: "y.csv" };
    const { files } = await ranDownload(folder, { from: [from, second], auth });
    expect(await Promise.all(files.map((file) => readFile(file)))).toEqual([CSV, CSV]);
    expect(server.requests.filter(({ path }) => path === "/login")).toHaveLength(1);
  });

  it.each([
    ["the page after it", { contains: "Welcome" }, "success.contains"],
    ["its status", { status: 303 }, "got 302"],
  ])("is refused by %s", async (_what, success, told) => {
    const { login, from } = await portal();
    const fields = { user: "me", password: "wrong-wrong" };
    const auth = { login: { ...login, fields, success } };
    const error = await ranDownload(await withFolder(), { from, auth }).catch((e: unknown) => e);
    expect(String(error)).toContain(told);
    expect(String(error)).not.toContain("wrong-wrong");
  });

  it("may be told by the redirect of the form", async () => {
    const { server, login, from } = await portal();
    const auth = { login: { ...login, success: { status: 302 } } };
    expect((await ranDownload(await withFolder(), { from, auth })).files).toHaveLength(1);
    expect(server.requests.map(({ path }) => path)).toEqual(["/login", "/x.csv"]);
  });

  it("cannot log in while the portal is down", async () => {
    const { server, login, from } = await portal();
    server.answer("/login", says("", { status: 503, headers: { "retry-after": "60" } }));
    const error = await ranDownload(await withFolder(), { from, auth: { login } }).catch(
      (e: unknown) => e,
    );
    expect(error).toMatchObject(failed("503"));
    expect(retryAfterMsOf(error, 0)).toBe(60_000);
  });

  it("does not take the cookie to another port of the machine", async () => {
    const other = await startFaultServer({ "/x.csv": says(CSV) });
    const { server, login } = await portal();
    server.answer("/x.csv", redirects(`${other.url}/x.csv`));
    await ranDownload(await withFolder(), { from: `${server.url}/x.csv`, auth: { login } });
    expect(server.requests.at(-1)!.headers.cookie).toBe("session=42");
    expect(other.requests[0]!.headers.cookie).toBeUndefined();
  });

  it("is nowhere to be found afterwards", async () => {
    const folder = await withFolder();
    const server = await startFaultServer({ "/x.csv": serves(CSV, { headers: { etag: '"1"' } }) });
    const secret = "s3cr3t-t0k3n";
    const from = { url: `${server.url}/x.csv`, query: { key: secret }, headers: { "x-k": secret } };
    const results = await ranDownload(folder, { from, auth: { bearer: { token: secret } } });
    expect(JSON.stringify(results)).not.toContain(secret);
    const names = await readdir(join(folder, "in"), { recursive: true, withFileTypes: true });
    for (const entry of names.filter((one) => one.isFile())) {
      expect(await readFile(join(entry.parentPath, entry.name), "utf8")).not.toContain(secret);
    }
    server.answer("/x.csv", says("", { status: 404 }));
    const error = await ranDownload(await withFolder(), { from }).catch((e: unknown) => e);
    expect(String(error)).toContain("404");
    expect(String(error)).not.toContain(secret);
  });
});

it("a server with a certificate of one's own is trusted by it alone", async () => {
  const folder = await withFolder();
  const tls = selfSignedCertificate();
  await writeFile(join(folder, "own.pem"), tls.cert);
  const server = await startFaultServer({ "/x.csv": says(CSV) }, { tls });
  const from = `${server.url}/x.csv`;
  await expect(ranDownload(folder, { from })).rejects.toMatchObject(failed("self-signed"));
  expect((await ranDownload(folder, { from, ca: "own.pem" })).files).toHaveLength(1);
  await expect(ranDownload(folder, { from, ca: "none.pem" })).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message: expect.stringContaining("none.pem"),
  });
});

it("a redirect may not lead to the machine itself", async () => {
  const inner = await startFaultServer({ "/x.csv": says("internal") });
  const server = await startFaultServer({
    "/x.csv": redirects(`http://localhost:${inner.port}/x.csv`),
  });
  await expect(
    ranDownload(await withFolder(), {
      from: `${server.url}/x.csv`,
      allowPrivate: ["127.0.0.1/32"],
    }),
  ).resolves.toBeDefined();
  const before = inner.requests.length;
  // Allowed by name, the server is reached; what it leads to is not.
  const named = { from: `http://localhost:${server.port}/x.csv`, allowPrivate: ["localhost"] };
  server.answer("/x.csv", redirects(`http://127.0.0.1:${inner.port}/x.csv`));
  await expect(ranDownload(await withFolder(), named)).rejects.toMatchObject({
    code: "ADDRESS_REFUSED",
  });
  expect(inner.requests).toHaveLength(before);
});

it("a folder that cannot be made, a disk that is full of other things: the output's error", async () => {
  const folder = await withFolder();
  const server = await startFaultServer({ "/x.csv": says(CSV) });
  await writeFile(join(folder, "in"), "a file, not a folder");
  await expect(ranDownload(folder, { from: `${server.url}/x.csv` })).rejects.toMatchObject({
    code: "OUTPUT_UNWRITABLE",
  });
});
