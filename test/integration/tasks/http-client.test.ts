import { describe, expect, it, onTestFinished } from "vitest";
import { type ClientOptions, guardedClient } from "../../../src/tasks/http/index.ts";
import {
  hangs,
  redirects,
  resets,
  says,
  serves,
  startFaultServer,
} from "../../helpers/fault-http-server.ts";
import { selfSignedCertificate } from "../../helpers/self-signed-certificate.ts";

const signal = new AbortController().signal;

async function withClient(options: ClientOptions = {}) {
  const client = await guardedClient(options);
  onTestFinished(() => client.close());
  return client;
}
const loopback = { allowPrivate: ["127.0.0.1"] };
const refused = { code: "ADDRESS_REFUSED" };

/** Ways to write the address of this machine, and names that mean it. */
const WAYS_HOME = [
  "127.0.0.1",
  "127.1",
  "127.0.1",
  "2130706433",
  "017700000001",
  "0177.0.0.1",
  "0x7f000001",
  "0x7f.0.0.1",
  "0x7f.1",
  "127.0.0.1.",
  "127。0。0。1",
  "①②⑦.⓪.⓪.①",
  "%31%32%37.0.0.1",
  "127.255.255.254",
  "0",
  "0.0.0.0",
  "[::1]",
  "[::]",
  "[0:0:0:0:0:0:0:1]",
  "[::ffff:127.0.0.1]",
  "[::ffff:7f00:1]",
  "[::127.0.0.1]",
  "[64:ff9b::127.0.0.1]",
  "localhost",
  "LOCALHOST",
  "localhost.",
];

describe("the machine itself", () => {
  // Not every system knows the name with a dot at its end.
  it.each(WAYS_HOME.filter((host) => host !== "localhost."))(
    "is not reached by http://%s",
    async (host) => {
      const server = await startFaultServer({ "/": says("internal") });
      const client = await withClient();
      const url = `http://${host}:${server.port}/`;
      await expect(client.request({ url, signal })).rejects.toMatchObject(refused);
      expect(server.requests).toHaveLength(0);
    },
  );

  it.each(WAYS_HOME)("is not reached by a redirect to %s", async (host) => {
    const inner = await startFaultServer({ "/": says("internal") });
    const server = await startFaultServer({ "/": redirects(`http://${host}:${inner.port}/`) });
    // What is allowed is a name; what it leads to is not.
    const client = await withClient({
      allowPrivate: ["portal.intern"],
      resolve: async () => ["127.0.0.1"],
    });
    const url = `http://portal.intern:${server.port}/`;
    await expect(client.request({ url, signal })).rejects.toMatchObject(refused);
    expect(server.requests).toHaveLength(1);
    expect(inner.requests).toHaveLength(0);
  });

  it.each(["169.254.169.254", "10.0.0.1", "192.168.1.1", "[fd00::1]", "[fe80::1]", "100.64.0.1"])(
    "and its neighbours are not: %s",
    async (host) => {
      const client = await withClient();
      const request = client.request({ url: `http://${host}/latest/meta-data`, signal });
      await expect(request).rejects.toMatchObject(refused);
    },
  );

  it.each([
    ["127.0.0.1", "127.0.0.1"],
    ["2130706433", "127.0.0.0/8"],
    ["localhost", "localhost"],
    ["localhost.", "localhost"],
    ["localhost", "127.0.0.1"],
  ])("is reached by %s when %s is allowed", async (host, allowed) => {
    const server = await startFaultServer({ "/": says("hello") });
    const client = await withClient({
      allowPrivate: [allowed],
      resolve: async () => ["127.0.0.1"],
    });
    const answer = await client.request({ url: `http://${host}:${server.port}/`, signal });
    expect([answer.status, await answer.text(100)]).toEqual([200, "hello"]);
  });
});

describe("a name", () => {
  it("with a private address among public ones is refused", async () => {
    const client = await withClient({ resolve: async () => ["8.8.8.8", "127.0.0.1"] });
    const request = client.request({ url: "http://mixed.example/", signal });
    await expect(request).rejects.toMatchObject(refused);
  });

  it("is resolved once for a connection, which goes to the address that was checked", async () => {
    const server = await startFaultServer({ "/": says("hello") });
    const asked: string[] = [];
    const resolve = async (host: string) => {
      asked.push(host);
      // Says something else every time, as one who wants to be let in by the first answer would.
      return asked.length === 1 ? ["127.0.0.1"] : ["127.0.0.2"];
    };
    const client = await withClient({ allowPrivate: ["127.0.0.1"], resolve });
    const url = `http://rebind.example:${server.port}/`;
    expect((await client.request({ url, signal })).status).toBe(200);
    expect(asked).toEqual(["rebind.example"]);
    expect(server.requests[0]!.headers.host).toBe(`rebind.example:${server.port}`);
    const other = await withClient({ allowPrivate: ["127.0.0.1"], resolve });
    await expect(other.request({ url, signal })).rejects.toMatchObject(refused);
  });

  it("is tried at its other addresses when the first does not answer", async () => {
    const server = await startFaultServer({ "/": says("hello") });
    const client = await withClient({
      allowPrivate: ["two.example"],
      resolve: async () => ["::1", "127.0.0.2", "127.0.0.1"],
    });
    const url = `http://two.example:${server.port}/`;
    expect((await client.request({ url, signal })).status).toBe(200);
  });

  it("that nobody knows is an error of the network", async () => {
    const client = await withClient();
    const request = client.request({ url: "http://nobody.invalid/", signal });
    await expect(request).rejects.toMatchObject({ code: "NETWORK_FAILED" });
  });

  it("without an address is an error of the network", async () => {
    const client = await withClient({ resolve: async () => [] });
    const request = client.request({ url: "http://empty.example/", signal });
    await expect(request).rejects.toMatchObject({
      code: "NETWORK_FAILED",
      message: expect.stringContaining("empty.example has no address"),
    });
  });
});

describe("redirects", () => {
  it("are followed, five of them", async () => {
    const routes = Object.fromEntries(
      [0, 1, 2, 3, 4].map((i) => [`/${i}`, redirects(`/${i + 1}`)] as const),
    );
    const server = await startFaultServer({
      ...routes,
      "/5": says("end"),
      "/loop": redirects("/loop"),
    });
    const client = await withClient(loopback);
    const answer = await client.request({ url: `${server.url}/0`, signal });
    expect([answer.url.pathname, await answer.text(10)]).toEqual(["/5", "end"]);
    await expect(client.request({ url: `${server.url}/loop`, signal })).rejects.toMatchObject({
      code: "NETWORK_FAILED",
      message: expect.stringContaining("redirects more than 5 times"),
    });
    expect(server.requests).toHaveLength(12);
  });

  it("are handed back when none are to be followed", async () => {
    const server = await startFaultServer({ "/": redirects("/next") });
    const client = await withClient({ ...loopback, maxRedirects: 0 });
    const answer = await client.request({ url: server.url, signal });
    expect([answer.status, answer.headers["location"]]).toEqual([302, "/next"]);
    answer.discard();
  });

  it("take neither credentials nor own headers to another origin", async () => {
    const other = await startFaultServer({ "/x": says("hello") });
    const server = await startFaultServer({ "/x": redirects(`${other.url}/x`) });
    const client = await withClient(loopback);
    const headers = { Authorization: "Bearer t", Cookie: "a=b", "X-Key": "k", Accept: "text/csv" };
    await client.request({ url: `${server.url}/x`, headers, signal });
    expect(server.requests[0]!.headers).toMatchObject({ authorization: "Bearer t", "x-key": "k" });
    const { headers: seen } = other.requests[0]!;
    expect(Object.keys(seen).toSorted()).toEqual(["accept", "connection", "host", "user-agent"]);
  });
});

describe("an answer", () => {
  it("has its headers by small names, as they came", async () => {
    const server = await startFaultServer({
      "/": (_request, response) => {
        response.setHeader("X-Two", ["a", "b"]);
        response.end();
      },
    });
    const client = await withClient(loopback);
    const answer = await client.request({ url: server.url, signal });
    expect(answer.headers["x-two"]).toBe("a, b");
  });

  it("is read up to a limit", async () => {
    const server = await startFaultServer({ "/": says("x".repeat(500_000)) });
    const client = await withClient(loopback);
    const answer = await client.request({ url: server.url, signal });
    expect(await answer.text(1_000)).toBe("x".repeat(1_000));
  });

  it.each([
    ["never comes", hangs, "Timeout"],
    ["is cut off before it begins", resets, "/: "],
  ])("that %s is an error of the network", async (_what, answer, told) => {
    const server = await startFaultServer({ "/": answer });
    const client = await withClient({ ...loopback, headersTimeoutMs: 150 });
    const request = client.request({ url: server.url, signal });
    await expect(request).rejects.toMatchObject({
      code: "NETWORK_FAILED",
      message: expect.stringContaining(told),
    });
  });

  it("that breaks off is one when it is read", async () => {
    const server = await startFaultServer({ "/": serves(Buffer.alloc(100), { cutAfter: 10 }) });
    const client = await withClient(loopback);
    const answer = await client.request({ url: server.url, signal });
    await expect(answer.text(1_000)).rejects.toMatchObject({ code: "NETWORK_FAILED" });
  });

  it("is not waited for any longer once the signal aborts, before it and within it", async () => {
    const server = await startFaultServer({
      "/hangs": hangs,
      "/stops": (_request, response) => void response.write("begin"),
    });
    const client = await withClient(loopback);
    const reason = new Error("enough");
    const before = new AbortController();
    const request = client.request({ url: `${server.url}/hangs`, signal: before.signal });
    await expect.poll(() => server.requests.length).toBe(1);
    before.abort(reason);
    await expect(request).rejects.toBe(reason);
    const within = new AbortController();
    const answer = await client.request({ url: `${server.url}/stops`, signal: within.signal });
    const text = answer.text(1_000);
    within.abort(reason);
    await expect(text).rejects.toBe(reason);
  });
});

it.each(["file:///etc/passwd", "ftp://a.example/"])("other kinds of addresses: %s", async (url) => {
  const client = await withClient();
  await expect(client.request({ url, signal })).rejects.toMatchObject({ code: "CONFIG_INVALID" });
});

it("a user and a password do not belong in an address, and are not shown", async () => {
  const client = await withClient();
  const error = await client
    .request({ url: "http://user:pw1234@a.example/", signal })
    .catch((e: unknown) => e);
  expect(error).toMatchObject({ code: "CONFIG_INVALID" });
  expect(String(error)).not.toContain("pw1234");
});

it("proxies of the environment are not asked", async () => {
  const proxy = await startFaultServer();
  const server = await startFaultServer({ "/": says("direct") });
  const names = ["http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "NODE_USE_ENV_PROXY"];
  const before = names.map((name) => [name, process.env[name]] as const);
  onTestFinished(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
  for (const name of names) process.env[name] = name.startsWith("NODE") ? "1" : proxy.url;
  const client = await withClient(loopback);
  const answer = await client.request({ url: server.url, signal });
  expect(await answer.text(10)).toBe("direct");
  expect(proxy.requests).toHaveLength(0);
});

const home = async () => ["127.0.0.1"];

describe("https", () => {
  it("is held against the name, not against the address that it is reached by", async () => {
    const tls = selfSignedCertificate();
    const server = await startFaultServer({ "/": says("sealed") }, { tls });
    const client = await withClient({ ...loopback, ca: tls.cert, resolve: home });
    for (const host of ["localhost", "127.0.0.1"]) {
      const answer = await client.request({ url: `https://${host}:${server.port}/`, signal });
      expect(await answer.text(10)).toBe("sealed");
    }
    const other = client.request({ url: `https://other.example:${server.port}/`, signal });
    await expect(other).rejects.toMatchObject({
      code: "NETWORK_FAILED",
      message: expect.stringContaining("altnames"),
    });
    const strict = await withClient({ ...loopback, resolve: home });
    const untrusted = strict.request({ url: `https://localhost:${server.port}/`, signal });
    await expect(untrusted).rejects.toMatchObject({ code: "NETWORK_FAILED" });
  });

  it("is not left for http, unless that is allowed", async () => {
    const tls = selfSignedCertificate();
    const plain = await startFaultServer({ "/": says("open") });
    const server = await startFaultServer({ "/": redirects(plain.url) }, { tls });
    const client = await withClient({ ...loopback, ca: tls.cert });
    await expect(client.request({ url: server.url, signal })).rejects.toMatchObject({
      code: "REDIRECT_REFUSED",
    });
    expect(plain.requests).toHaveLength(0);
    const lax = await withClient({ ...loopback, ca: tls.cert, allowDowngrade: true });
    const answer = await lax.request({ url: server.url, signal });
    expect(await answer.text(10)).toBe("open");
  });
});
