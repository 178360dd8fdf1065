import { resolve, sep } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isWranglerError } from "../../../src/core/index.ts";
import { checkedPath, filledName, tameName } from "../../../src/tasks/download/names.ts";

const time = { at: "2026-03-01T22:30:00.000Z", timeZone: "Europe/Berlin" };
const outside = expect.objectContaining({ code: "PATH_OUTSIDE" });

/** Names that lead out, or to something else than a file of that name, on some system. */
const EVIL = [
  "..",
  ".",
  "",
  "/",
  "\\",
  "../evil",
  "../../../../etc/passwd",
  "a/../../evil",
  "a/../b",
  "a/./b",
  "a//b",
  "/etc/passwd",
  "//server/share/x",
  "\\\\server\\share\\x",
  "\\\\?\\C:\\x",
  "\\\\.\\PhysicalDrive0",
  "C:\\Windows\\x",
  "C:x",
  "c:/x",
  "..\\evil",
  "a\\..\\..\\evil",
  "a/..\\..\\evil",
  "evil\0.csv",
  "\0",
  "a\nb",
  "a\rb",
  "a\u001bb",
  "a\u007fb",
  "a\u0085b",
  "invoice\u202egnp.exe",
  "a\u200bb",
  "\ufeffa",
  "a\u2028b",
  "CON",
  "con",
  "Con.csv",
  "con .csv",
  "PRN.txt",
  "aux.csv.gz",
  "NUL",
  "nul.",
  "COM1",
  "com9.csv",
  "LPT1.csv",
  "com¹.csv",
  "CONIN$",
  "CONOUT$",
  "a/con/b",
  "x.csv:stream",
  "x.csv::$DATA",
  "a.",
  "a ",
  " a",
  "a./b",
  "a /b",
  "...",
  ". .",
  "~/../x/..",
  ".download/x",
  ".DOWNLOAD/x.part",
  "a<b",
  "a>b",
  'a"b',
  "a|b",
  "a?b",
  "a*b",
  "x".repeat(256),
  "ä".repeat(128),
];

describe("a path of the configuration", () => {
  it.each(EVIL)("that leads elsewhere is refused: %j", (path) => {
    expect(() => checkedPath(path)).toThrow(outside);
  });

  it.each([
    "a.csv",
    "2026/03/a.csv",
    ".hidden",
    "..a",
    "a..b",
    "a b.csv",
    "Übersicht (1).csv",
    "console.csv",
    "comma.csv",
    "%2e%2e%2fx",
    "．．",
    "x".repeat(255),
  ])("that stays is taken: %j", (path) => {
    expect(checkedPath(path)).toBe(path.normalize("NFC"));
  });

  it("says what is wrong with it", () => {
    expect(() => checkedPath("a/../b")).toThrow('"a/../b": it holds ...');
    expect(() => checkedPath("con.csv")).toThrow("con.csv is a device on Windows");
  });
});

describe("a name that a source gives", () => {
  it.each(EVIL)("is made harmless: %j", (given) => {
    const name = tameName(given);
    expect(checkedPath(name)).toBe(name);
    expect(name).not.toContain("/");
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(180);
  });

  it.each([
    ["wifi.csv", "wifi.csv"],
    ["../../etc/passwd", "passwd"],
    ["C:\\out\\wifi.csv", "wifi.csv"],
    ["a/b/", "b"],
    ["", "download"],
    ["...", "download"],
    [".htaccess", "_htaccess"],
    ["con.csv", "_con.csv"],
    ["a:b?.csv", "a_b_.csv"],
    ["U\u0308ber.csv", "Über.csv"],
    [" x.csv ", "x.csv"],
    ["invoice\u202egnp.exe", "invoicegnp.exe"],
    [`${"x".repeat(300)}.csv`, `${"x".repeat(176)}.csv`],
    [`${"ä".repeat(300)}.csv.gz`, `${"ä".repeat(86)}.csv.gz`],
  ])("%j becomes %j", (given, name) => {
    expect(tameName(given)).toBe(name);
  });

  it("is harmless whatever it is, and stays as it is then", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (given) => {
        const name = tameName(given);
        expect(checkedPath(name)).toBe(name);
        expect(tameName(name)).toBe(name);
      }),
      { numRuns: 2_000 },
    );
  });
});

/** Undefined when it is refused as leading elsewhere; anything else that goes wrong is thrown. */
function filledOrRefused(template: string, given: string): string | undefined {
  try {
    return filledName(template, given, time);
  } catch (error) {
    if (isWranglerError(error) && error.code === "PATH_OUTSIDE") return undefined;
    throw error;
  }
}

describe("a template", () => {
  it.each([
    ["{name}", "orders.csv"],
    ["{stem}_{yyyyMMdd}{ext}", "orders_20260301.csv"],
    ["{yyyy}/{MM}/{ddMMM}_{name}", "2026/03/01Mar_orders.csv"],
    ["{{{name}}}", "{orders.csv}"],
    ["{{name}}", "{name}"],
    ["fixed.csv", "fixed.csv"],
  ])("%s is filled: %s", (template, path) => {
    expect(filledName(template, "orders.csv", time)).toBe(path);
  });

  it.each([
    ["orders.csv.gz", "orders", ".csv.gz"],
    ["orders", "orders", ""],
    [".csv", ".csv", ""],
    ["a.b.c.csv", "a.b.c", ".csv"],
    ["v1.2 final", "v1.2 final", ""],
  ])("takes %s apart", (name, stem, ext) => {
    expect(filledName("{stem}|{ext}".replace("|", "-"), name, time)).toBe(`${stem}-${ext}`);
  });

  it("does not take braces of a name for its own", () => {
    expect(filledName("{name}", "{yyyy}{name}.csv", time)).toBe("{yyyy}{name}.csv");
  });

  it.each([...EVIL.filter((name) => name !== ""), "{name}/.."])(
    "that leads elsewhere is refused: %j",
    (template) => {
      expect(() => filledName(template, "orders.csv", time)).toThrow(outside);
    },
  );

  it("never leads out of the folder, whatever it and the name are", () => {
    const folder = resolve("/data/in");
    const piece = fc.constantFrom(
      "{name}",
      "{yyyy}",
      "..",
      ".",
      "/",
      "\\",
      "a",
      " ",
      "con",
      "%2e",
      "\0",
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 8 }),
        fc.string({ unit: "binary", maxLength: 40 }),
        (pieces, given) => {
          const path = filledOrRefused(pieces.join(""), tameName(given));
          expect(path === undefined || resolve(folder, path).startsWith(folder + sep)).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
