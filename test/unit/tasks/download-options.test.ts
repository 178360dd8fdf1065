import { describe, expect, it } from "vitest";
import { addressFlawOf } from "../../../src/tasks/download/auth-options.ts";
import { sourcesOf } from "../../../src/tasks/download/source-options.ts";
import { download } from "../../../src/tasks/index.ts";

const from = "https://a.example/x.csv";
const options = (given: object) => download.options.safeParse({ from, to: "in", ...given });
const sftp = { host: "h", user: "u", password: "p", allowAnyHostKey: true, path: "/x" };

/** Messages of what is wrong, with their place. */
function flaws(given: object): string[] {
  const { error } = options(given);
  const of = (issues: readonly { path: PropertyKey[]; message: string }[]): string[] =>
    issues.flatMap((issue) => {
      const ofUnion = "errors" in issue ? (issue.errors as (typeof issues)[]).flat() : [];
      const inner = "issues" in issue ? (issue.issues as typeof issues) : ofUnion;
      return [`${issue.path.join(".")}: ${issue.message}`, ...of(inner)];
    });
  return of(error?.issues ?? []);
}

describe("options of a download", () => {
  it("need sources and a folder; the rest has defaults", () => {
    expect(download.options.parse({ from, to: "in" })).toMatchObject({
      saveAs: "{name}",
      conditional: true,
      resume: true,
      overwrite: "replace",
      parallel: 4,
      maxSize: "2GB",
      expect: { status: 200 },
      allowPrivate: [],
    });
    expect(download.options.safeParse({ from }).success).toBe(false);
    expect(download.options.safeParse({ to: "in" }).success).toBe(false);
  });

  it.each([
    "data/x.csv",
    "http://a.example/{yyyyMMdd}.csv",
    { url: from, method: "POST", form: { a: "{dd}" } },
    { url: from, body: { any: ["json", 1, null] } },
    { path: "drop/*_{yyyyMMdd}.csv", move: true, allowNone: true, unchangedFor: "30s" },
    { path: "drop/{a,b}.csv" },
    { sftp, remove: true },
    { sftp: { ...sftp, allowAnyHostKey: false, hostKey: `SHA256:${"a".repeat(43)}` } },
    [from, "data/x.csv", { url: from }],
  ])("take the source %j", (source) => {
    expect(flaws({ from: source })).toEqual([]);
  });

  it.each<[unknown, string]>([
    ["ftp://a.example/x", "expected an address such as"],
    ["https://user:pw@a.example/x", "no user and password in an address"],
    ["https://", "expected an address such as"],
    ["https://a.example/{yyyyMMDD}", "expected parts such as"],
    [{ url: "https://a.example/{yyyyMMDD}" }, "expected parts such as"],
    ["", "expected string to have >=1 characters"],
    [[], "expected array to have >=1 items"],
    [{}, "expected one of url, path, sftp"],
    [{ url: from, path: "x" }, "expected one of url, path, sftp"],
    [{ url: from, move: true }, "move does not go with url"],
    [{ path: "x", headers: {} }, "headers does not go with path"],
    [{ url: "not an address" }, "expected an address such as"],
    [{ url: from, body: "a", form: {} }, "expected either body or form"],
    [{ url: from, headers: { "a b": "c" } }, "expected the name of a header"],
    [{ url: from, headers: { Host: "x" } }, "not set by the connection itself"],
    [{ url: from, headers: { a: "b\nc" } }, "without line ends"],
    [{ url: from, sha256: "abc" }, "expected a SHA-256"],
    [{ url: from, saveAs: "{yyyyMMDD}" }, "expected parts such as"],
    [{ url: from, auth: {} }, "expected one of basic, bearer, header, login"],
    [
      { url: from, auth: { bearer: { token: "a" }, basic: { user: "", password: "" } } },
      "expected one of basic",
    ],
    [{ url: from, auth: { login: { url: "x", fields: {} } } }, "expected an address such as"],
    [{ sftp: { ...sftp, password: undefined } }, "expected a password or a privateKey"],
    [{ sftp: { ...sftp, allowAnyHostKey: false } }, "expected the fingerprint of the server's key"],
    [{ sftp: { ...sftp, hostKey: "aa:bb" } }, "expected a fingerprint such as"],
    [{ path: "x", unchangedFor: "30" }, "expected a duration"],
    [{ uri: from }, "Unrecognized key"],
  ])("do not take the source %j", (source, flaw) => {
    expect(flaws({ from: source }).join("\n")).toContain(flaw);
  });

  it.each([
    [{ to: "in/{nope}" }, "expected parts such as"],
    [{ saveAs: "{file}.csv" }, "expected parts such as"],
    [{ contentType: ["csv"] }, "expected a media type"],
    [{ contentType: [] }, ">=1 items"],
    [{ allowPrivate: ["10.0.0.0/99"] }, "expected a host name"],
    [{ maxSize: "2 GB" }, "expected a size"],
    [{ parallel: 0 }, ">=1"],
    [{ expect: { status: 100 } }, "status"],
    [{ overwrite: "ask" }, "replace"],
    [{ auth: { bearer: { token: "a\r\nX-Evil: 1" } } }, "without line ends"],
    [{ auth: { header: { name: "X", value: "a\nb" } } }, "without line ends"],
    [{ auth: { header: { name: "X: 1\r\nY", value: "b" } } }, "expected the name of a header"],
    [{ checksumUrl: "SUMS" }, "expected an address such as"],
  ])("do not take %j", (given, flaw) => {
    expect(flaws(given).join("\n")).toContain(flaw);
  });
});

it.each([
  ["https://a.example/x", "url"],
  ["HTTP://a.example/x", "url"],
  ["data/x.csv", "path"],
  ["/data/http.csv", "path"],
  ["C:\\data\\x.csv", "path"],
])("a text is an address or a path: %s", (text, key) => {
  expect(sourcesOf(text)).toEqual([{ [key]: text }]);
});

it("an address may have times in it, but not as its host", () => {
  expect(addressFlawOf("https://a.example/{yyyy}/x_{ddMMM-1d}.csv?d={dd}")).toBeUndefined();
  expect(addressFlawOf("https://{yyyy}:{dd}@a.example/")).toContain("no user and password");
});
