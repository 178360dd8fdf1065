import { describe, expect, it } from "vitest";
import { isTaken, shownText } from "../../../src/tasks/download/answers.ts";
import { sumOf } from "../../../src/tasks/download/checksum.ts";
import { validatorOf } from "../../../src/tasks/download/continuing.ts";
import { cookieKeeper } from "../../../src/tasks/download/cookies.ts";
import { dispositionName, pathName } from "../../../src/tasks/download/given-name.ts";
import { inParallel } from "../../../src/tasks/download/in-parallel.ts";
import { settledOf } from "../../../src/tasks/download/settled.ts";
import { silentLog } from "../../../src/core/index.ts";

const latin1 = (text: string) => Buffer.from(text).toString("latin1");

describe("the name of a Content-Disposition", () => {
  it.each([
    [undefined, undefined],
    ["inline", undefined],
    ["attachment", undefined],
    ["attachment; filename=", undefined],
    ['attachment; filename=""', undefined],
    ["attachment; filename=a.csv", "a.csv"],
    ["attachment;filename=a.csv;size=3", "a.csv"],
    ['attachment; filename="a b.csv"', "a b.csv"],
    ['attachment; filename="a;b.csv"', "a;b.csv"],
    ['attachment; filename="a\\"b.csv"', 'a"b.csv'],
    ['ATTACHMENT; FileName = "a.csv"', "a.csv"],
    ["attachment; filename*=UTF-8''%C3%BC.csv", "ü.csv"],
    ["attachment; filename*=utf-8'de'%C3%BC.csv; filename=u.csv", "ü.csv"],
    ["attachment; filename=u.csv; filename*=ISO-8859-1''%FC.csv", "ü.csv"],
    [latin1('attachment; filename="ü.csv"'), "ü.csv"],
    ['attachment; filename="\u00fc.csv"', "ü.csv"],
    ['filename="a.csv"', "a.csv"],
  ])("%j is %j", (header, name) => {
    expect(dispositionName(header)).toBe(name);
  });

  it("is found in no time however long and odd the header is", () => {
    const odd = `attachment; filename="${"\\".repeat(50_000)}`;
    expect(dispositionName(odd)).toBeDefined();
    expect(dispositionName(";".repeat(50_000))).toBeUndefined();
  });
});

it.each([
  ["https://a.example/x/wifi.csv?y=z.csv", "wifi.csv"],
  ["https://a.example/x/", "x"],
  ["https://a.example/", ""],
  ["https://a.example/%C3%BCber%20.csv", "über .csv"],
  ["https://a.example/a%2F..%2Fb", "a/../b"],
  ["https://a.example/%zz", "%zz"],
])("the name of %s is %j", (url, name) => {
  expect(pathName(new URL(url))).toBe(name);
});

describe("a list of checksums", () => {
  const [a, b] = ["a".repeat(64), "B".repeat(64)];

  it.each([
    ["one sum alone", `${a}\n`, a],
    ["as sha256sum writes", `${b}  y.csv\n${a}  x.csv\n`, a],
    ["of binary files", `${b} *y.csv\r\n${a} *x.csv\r\n`, a],
    ["with folders", `${a}  ./out/x.csv`, a],
    ["as BSD writes", `SHA256 (y.csv) = ${b}\nSHA256 (x.csv) = ${a}`, a],
    ["with remarks", `# sums\n\n${b}  x.csv`, b.toLowerCase()],
    ["by another of its names", `${a}  here.csv`, a],
  ])("%s", (_what, list, sum) => {
    expect(sumOf(list, ["x.csv", "here.csv"], "SUMS")).toBe(sum);
  });

  it.each(["", "<html>", `${a}  y.csv`, "abc  x.csv", `${a}\n${b}`])(
    "without the file: %j",
    (list) => {
      expect(() => sumOf(list, ["x.csv"], "SUMS")).toThrow(
        expect.objectContaining({ code: "DOWNLOAD_INVALID" }),
      );
    },
  );
});

it.each([
  ["text/csv; charset=utf-8", ["text/csv"], "x", true],
  ["TEXT/CSV", ["text/*"], "x", true],
  ["text/html", ["text/csv"], "x", false],
  [undefined, ["text/csv"], "x", false],
  ["textual/csv", ["text/*"], "x", false],
  ["text/html", undefined, "x.csv", false],
  ["application/xhtml+xml", undefined, "x.csv", false],
  ["text/html", undefined, "x.html", true],
  ["text/plain", undefined, "x.csv", true],
  [undefined, undefined, "x.csv", true],
])("a body of the type %j when %j is taken, saved as %s: %s", (type, taken, name, is) => {
  expect(isTaken(type, taken, name)).toBe(is);
});

it.each([
  ["  a \n\t b ", "a b"],
  ["x".repeat(300), "x".repeat(200)],
  ["ü", "ü"],
  [Buffer.from([0xfc]), "ü"],
  [Buffer.from("aü").subarray(0, 2), "a"],
  [Buffer.from([0, 1, 2]), ""],
  ["PK\u0003\u0004", ""],
])("of %j a message shows %j", (bytes, shown) => {
  expect(shownText(Buffer.from(bytes))).toBe(shown);
});

it.each([
  [{ etag: '"a"' }, '"a"'],
  [{ etag: 'W/"a"' }, undefined],
  [{ etag: 'W/"a"', "last-modified": "Mon, 02 Feb 2026 10:00:00 GMT" }, undefined],
  [{}, undefined],
  [{ "last-modified": "Mon, 02 Feb 2026 10:00:00 GMT" }, undefined],
  [
    { "last-modified": "Mon, 02 Feb 2026 10:00:00 GMT", date: "Mon, 02 Feb 2026 10:00:01 GMT" },
    "Mon, 02 Feb 2026 10:00:00 GMT",
  ],
  [
    { "last-modified": "Mon, 02 Feb 2026 10:00:00 GMT", date: "Mon, 02 Feb 2026 10:00:00 GMT" },
    undefined,
  ],
  [{ "last-modified": "yesterday", date: "today" }, undefined],
  [{ etag: '"a"', "accept-ranges": "none" }, undefined],
  [{ etag: '"a"', "accept-ranges": "bytes" }, '"a"'],
])("the rest of %j is asked for with %j", (headers, validator) => {
  expect(validatorOf(headers as Record<string, string>)).toBe(validator);
});

const kept = async (from: string, cookie: string, to: string) => {
  const cookies = cookieKeeper();
  await cookies.keep(new URL(from), [cookie]);
  return cookies.header(new URL(to));
};

describe("cookies", () => {
  it.each([
    ["https://a.example/", "s=1", "https://a.example/x", "s=1"],
    ["https://a.example/", "s=1", "https://b.example/", undefined],
    ["https://a.example/", "s=1", "https://x.a.example/", undefined],
    ["https://a.example.org/", "s=1; Domain=example.org", "https://b.example.org/", "s=1"],
    ["https://a.example.org/", "s=1; Domain=org", "https://b.org/", undefined],
    ["https://a.example.org/", "s=1; Domain=other.org", "https://other.org/", undefined],
    ["https://a.example/", "s=1; Secure", "http://a.example/", undefined],
    ["https://a.example/", "s=1", "http://a.example/", undefined],
    ["http://127.0.0.1:81/", "s=1", "http://127.0.0.1:82/", undefined],
    ["http://127.0.0.1:81/", "s=1", "http://127.0.0.1:81/", "s=1"],
    ["https://a.example/", "s=1; Path=/in", "https://a.example/out", undefined],
    ["https://a.example/", "s=1; Max-Age=0", "https://a.example/", undefined],
    ["https://a.example/", "not a cookie", "https://a.example/", undefined],
  ])("of %s, %s, at %s: %s", async (from, cookie, to, header) => {
    expect(await kept(from, cookie, to)).toBe(header);
  });

  it("are none at first", async () => {
    expect(await cookieKeeper().header(new URL("https://a.example/"))).toBeUndefined();
  });
});

const never = () => false;

describe("things done at once", () => {
  const signal = new AbortController().signal;

  it("tell the first error in their order, when all have ended", async () => {
    const ended: number[] = [];
    const run = inParallel([0, 1, 2, 3], { limit: 2, signal, isFinal: never }, async (i) => {
      await Promise.resolve();
      ended.push(i);
      if (i === 1 || i === 2) throw new Error(String(i));
      return i;
    });
    await expect(run).rejects.toThrow("1");
    expect(ended.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3]);
  });

  it("are told to stop by a final error, which is the one that is told", async () => {
    const final = new Error("final");
    const seen: unknown[] = [];
    const run = inParallel(
      [0, 1, 2],
      { limit: 2, signal, isFinal: (error) => error === final },
      async (i, _index, stop) => {
        if (i === 1) throw final;
        await new Promise((resolve) => stop.addEventListener("abort", resolve));
        seen.push(i);
        throw stop.reason;
      },
    );
    await expect(run).rejects.toBe(final);
    expect(seen).toEqual([0]);
  });

  it("end with what the outer signal aborts with", async () => {
    const outer = new AbortController();
    const reason = new Error("enough");
    const terms = { limit: 1, signal: outer.signal, isFinal: never };
    const run = inParallel([0, 1], terms, async (_i, _index, stop) => {
      outer.abort(reason);
      stop.throwIfAborted();
    });
    await expect(run).rejects.toBe(reason);
  });
});

it("files that changed just now are left alone, not those of a clock that is ahead", () => {
  const now = Date.now();
  const files = [
    { path: "old", modifiedMs: now - 60_000 },
    { path: "new", modifiedMs: now - 1_000 },
    { path: "ahead", modifiedMs: now + 3_600_000 },
  ];
  const terms = { what: "in/*", quietMs: 30_000, allowNone: false, log: silentLog };
  expect(settledOf(files, terms).map(({ path }) => path)).toEqual(["old", "ahead"]);
  expect(() => settledOf(files.slice(1, 2), terms)).toThrow(/in\/\*; 1 changed just now/);
  expect(settledOf([], { ...terms, allowNone: true })).toEqual([]);
});
