import { describe, expect, it } from "vitest";
import { type Hop, nextHop } from "../../../src/tasks/http/redirects.ts";
import { shownUrl } from "../../../src/tasks/http/index.ts";

const rules = { allowDowngrade: false };
const get = (url: string, headers: Hop["headers"] = {}): Hop => ({
  url: new URL(url),
  method: "GET",
  headers,
  body: undefined,
});
const post = (url: string): Hop => ({
  url: new URL(url),
  method: "POST",
  headers: { "content-type": "text/plain", authorization: "x", "x-own": "1", accept: "*/*" },
  body: "secret",
});
const refused = (text: string) =>
  expect.objectContaining({ code: "REDIRECT_REFUSED", message: expect.stringContaining(text) });

describe("a redirect", () => {
  it.each([200, 204, 300, 304, 305, 400, 500])("is none with the status %d", (status) => {
    expect(nextHop(get("https://a.example/"), status, "/b", rules)).toBeUndefined();
  });

  it("is none without a place to go to", () => {
    expect(nextHop(get("https://a.example/"), 302, undefined, rules)).toBeUndefined();
  });

  it.each([
    ["/b?c=1", "https://a.example/b?c=1"],
    ["c", "https://a.example/x/c"],
    ["//b.example/y", "https://b.example/y"],
    ["https://user:pw@b.example/", "https://b.example/"],
    ["/\u00c3\u009cb%20er", "https://a.example/%C3%9Cb%20er"],
  ])("to %s leads to %s", (location, url) => {
    expect(nextHop(get("https://a.example/x/y"), 302, location, rules)?.url.href).toBe(url);
  });

  it.each([
    [301, "GET", undefined],
    [302, "GET", undefined],
    [303, "GET", undefined],
    [307, "POST", "secret"],
    [308, "POST", "secret"],
  ])("with %d makes a POST a %s", (status, method, body) => {
    const next = nextHop(post("https://a.example/"), status, "/b", rules);
    expect(next).toMatchObject({ method, body });
    expect("content-type" in next!.headers).toBe(body !== undefined);
    expect(next!.headers["authorization"]).toBe("x");
  });

  it.each([
    ["another host", "https://b.example/"],
    ["another port", "https://a.example:444/"],
    ["a host below", "https://x.a.example/"],
  ])("to %s takes nothing along that lets someone in", (_what, location) => {
    const next = nextHop(post("https://a.example/"), 302, location, rules);
    expect(next!.headers).toEqual({ accept: "*/*" });
    expect(next!.body).toBeUndefined();
  });

  it("to https takes nothing along either", () => {
    const hop = get("http://a.example/", { authorization: "x", range: "bytes=1-" });
    const next = nextHop(hop, 301, "https://a.example/", rules);
    expect(next!.headers).toEqual({ range: "bytes=1-" });
  });

  it("to http is refused, unless it is allowed", () => {
    const hop = get("https://a.example/?key=1");
    const to = "http://a.example/?key=1";
    expect(() => nextHop(hop, 302, to, rules)).toThrow(refused("which is not encrypted"));
    expect(() => nextHop(hop, 302, to, rules)).not.toThrow(/key/);
    expect(nextHop(hop, 302, to, { allowDowngrade: true })?.url.href).toBe(to);
  });

  it.each([
    "file:///etc/passwd",
    "ftp://b.example/",
    "data:text/plain,x",
    "javascript:x",
    "gopher://b/",
  ])("to %s is refused", (location) => {
    expect(() => nextHop(get("http://a.example/"), 302, location, rules)).toThrow(
      refused("http or https is expected"),
    );
  });

  it("that would take what is sent to another origin is refused", () => {
    expect(() => nextHop(post("https://a.example/"), 307, "https://b.example/", rules)).toThrow(
      refused("another origin"),
    );
  });

  it("to no address at all is an answer that is none", () => {
    expect(() => nextHop(get("https://a.example/"), 302, "http://[", rules)).toThrow(
      expect.objectContaining({ code: "NETWORK_FAILED" }),
    );
  });
});

it.each([
  ["https://user:pw@a.example:8443/x?token=1#y", "https://a.example:8443/x?…"],
  ["http://a.example", "http://a.example/"],
])("an address is shown without what may be secret: %s", (url, shown) => {
  expect(shownUrl(url)).toBe(shown);
});
