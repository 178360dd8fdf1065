import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { loadSettings, type Settings } from "../../../src/config/index.ts";
import { hostChecks, hostsOf } from "../../../src/doctor/hosts.ts";
import { clockCheck } from "../../../src/doctor/times.ts";
import { download } from "../../../src/tasks/download/index.ts";
import { notify } from "../../../src/tasks/notify/index.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "network-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function settingsOf(text: string): Promise<Settings> {
  const path = join(folder, "pipeline.yaml");
  await writeFile(path, text);
  return loadSettings(path, { env: {}, cwd: folder, workflow: null });
}

describe("hosts", () => {
  it("are those of downloads, logins, checksums, SFTP servers and notifications", async () => {
    expect([download.name, notify.name]).toEqual(["download", "notify"]);
    const settings = await settingsOf(`
vars: { portal: portal.example.com }
secrets: { TOKEN: PORTAL_TOKEN }
workflows:
  daily:
    tasks:
      one: { kind: download, from: "https://\${vars.portal}/{yyyy}/a.csv", to: in, checksumUrl: "https://sums.example.com/x" }
      two:
        kind: download
        to: in
        allowPrivate: [10.0.0.0/8]
        auth: { login: { url: "https://login.example.com:8443/", fields: {} } }
        from:
          - https://one.example.com/a.csv
          - { url: "https://two.example.com/b.csv", sha256: "${"0".repeat(64)}" }
          - { sftp: { host: files.example.com, user: u, password: "\${secrets.TOKEN}", allowAnyHostKey: true, path: /x.csv } }
          - { path: local.csv }
          - local/*.csv
          - "https://x.example.com/\${tasks.one.files}"
        dependsOn: [one]
      note: { kind: notify, url: "http://[::1]:8080/hook" }
accounts: [{ id: acme }, { id: globex, vars: { portal: 192.0.2.1 } }]
`);
    const hosts = hostsOf(settings, {});
    expect(hosts.map(({ place, host, origin }) => [place, host, origin])).toEqual([
      ["daily/one", "sums.example.com", "https://sums.example.com"],
      ["daily/one", "portal.example.com", "https://portal.example.com"],
      ["daily/one", "192.0.2.1", "https://192.0.2.1"],
      ["daily/two", "login.example.com", "https://login.example.com:8443"],
      ["daily/two", "one.example.com", "https://one.example.com"],
      ["daily/two", "two.example.com", "https://two.example.com"],
      ["daily/two", "files.example.com", null],
      ["daily/note", "::1", "http://[::1]:8080"],
    ]);
    expect(hosts.at(-2)?.allowPrivate).toEqual(["10.0.0.0/8"]);
  });

  it("have to have an address that tasks may reach", async () => {
    const host = { place: "daily/one", origin: null, allowPrivate: [] };
    const [check] = await hostChecks([
      { ...host, host: "localhost" },
      { ...host, host: "no-such-host.invalid" },
      { ...host, host: "127.0.0.1", allowPrivate: ["127.0.0.1"] },
    ]);
    const [local, unknown, ...more] = check?.text.split("\n") ?? [];
    expect(check).toMatchObject({ name: "hosts", level: "failing" });
    expect(local).toMatch(/^daily\/one: .*localhost is .*, which is not public: loopback\.$/);
    expect(unknown).toMatch(/^daily\/one: getaddrinfo .*no-such-host\.invalid$/);
    expect(more).toEqual([]);
    const allowed = { ...host, host: "localhost", allowPrivate: ["localhost"] };
    expect(await hostChecks([allowed, { ...allowed, place: "daily/two" }])).toMatchObject([
      { level: "ok", text: "1 host found: localhost" },
    ]);
  });
});

/** A web server whose clock is off by so much; it stops when the test ends. */
async function serverOff(offMs: number | null): Promise<string> {
  const server = createServer((_, answer) => {
    answer.sendDate = false;
    if (offMs !== null) answer.setHeader("date", new Date(Date.now() + offMs).toUTCString());
    answer.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("the clock", () => {
  const { signal } = new AbortController();

  it("is held against the file system, and against a host when asked", async () => {
    expect(await clockCheck(folder, null, signal)).toMatchObject({
      level: "ok",
      text: "agrees with the file system",
    });
    const origin = await serverOff(0);
    expect(await clockCheck(folder, origin, signal)).toMatchObject({
      level: "ok",
      text: `agrees with the file system, agrees with ${origin}`,
    });
  });

  it("is told when it is off", async () => {
    const origin = await serverOff(-3_600_000);
    expect(await clockCheck(folder, origin, signal)).toMatchObject({
      level: "warning",
      text: expect.stringMatching(/^It is 36\d\d s off that of http:/),
    });
  });

  it("is not judged by who does not tell the time", async () => {
    const silent = await serverOff(null);
    expect(await clockCheck(folder, silent, signal)).toMatchObject({
      level: "ok",
      text: `agrees with the file system, ${silent} does not tell its time`,
    });
    const gone = "http://127.0.0.1:9";
    expect((await clockCheck(folder, gone, signal)).text).toContain(`${gone} (fetch failed)`);
  });
});
