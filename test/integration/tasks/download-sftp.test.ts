import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { once } from "node:events";
import { dirname, join } from "node:path";
import ssh2 from "ssh2";
import { describe, expect, it, onTestFinished } from "vitest";
import { ranDownload, savedNames, sha256 } from "../../helpers/download.ts";
import { withFolder } from "../../helpers/engine.ts";
import { memoryJournal } from "../../helpers/memory-journal.ts";
import { type SftpServerOptions, startSftpServer } from "../../helpers/sftp-server.ts";

const OLD = new Date("2026-02-01T00:00:00Z");

/** A server with files, and a folder to fetch them to. */
async function withServer(
  files: Readonly<Record<string, string | Buffer>>,
  options: SftpServerOptions = {},
) {
  const [folder, root] = [await withFolder(), await withFolder()];
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    await utimes(path, OLD, OLD);
  }
  const server = await startSftpServer(root, options);
  const { port, hostKey } = server;
  const own = { host: "127.0.0.1", port, user: "me", password: "secret", hostKey };
  const url = `sftp://127.0.0.1:${port}`;
  return { folder, root, server, own, url };
}

describe("files of an SFTP server", () => {
  it("are fetched, and stay there", async () => {
    const { folder, root, own, url } = await withServer({ "out/a.csv": "1;2\n" });
    const from = { sftp: { ...own, path: "/out/a.csv" }, saveAs: "{stem}_{yyyyMMdd}{ext}" };
    const file = join(folder, "in/a_20260301.csv");
    expect(await ranDownload(folder, { from })).toEqual({
      files: [file],
      sources: [
        { source: `${url}/out/a.csv`, file, bytes: 4, sha256: sha256("1;2\n"), status: "new" },
      ],
      bytes: 4,
      unchanged: false,
    });
    expect(await readFile(file, "utf8")).toBe("1;2\n");
    expect(existsSync(join(root, "out/a.csv"))).toBe(true);
  });

  it("are those of a pattern, with parts of the time", async () => {
    const { folder, own } = await withServer({
      "out/wifi_20260301_b.csv": "b",
      "out/wifi_20260301_a.csv": "a",
      "out/wifi_20260228_a.csv": "old",
      "out/deep/er/wifi_20260301_c.csv": "c",
      "out/.wifi_20260301_d.csv": "hidden",
      "other.txt": "no",
    });
    const names = async (path: string) => {
      const { files } = await ranDownload(folder, { from: { sftp: { ...own, path } } });
      return files.map((file) => file.slice(join(folder, "in/").length));
    };
    expect(await names("/out/wifi_{yyyyMMdd}_*.csv")).toEqual([
      "wifi_20260301_a.csv",
      "wifi_20260301_b.csv",
    ]);
    expect(await names("out/**/wifi_????0301_[bc].csv")).toEqual([
      "wifi_20260301_c.csv",
      "wifi_20260301_b.csv",
    ]);
    expect(await names("/{out,in}/d*/*/*.csv")).toEqual(["wifi_20260301_c.csv"]);
  });

  it("are fetched again only when they have changed", async () => {
    const { folder, root, server, own } = await withServer({ "a.csv": "1", "b.csv": "2" });
    const from = { sftp: { ...own, path: "*.csv" } };
    const run = async (runId: string) => {
      const { sources } = await ranDownload(folder, { from }, { runId });
      return sources.map(({ status }) => status);
    };
    expect(await run("run-1")).toEqual(["new", "new"]);
    expect(await run("run-2")).toEqual(["unchanged", "unchanged"]);
    await writeFile(join(root, "b.csv"), "3");
    expect(await run("run-3")).toEqual(["unchanged", "new"]);
    expect(server.requests.filter((one) => one.startsWith("open "))).toEqual([
      "open a.csv",
      "open b.csv",
      "open b.csv",
    ]);
  });

  it("are removed there once they are safe here", async () => {
    const { folder, root, own } = await withServer({ "a.csv": "1", "b.csv": "22", "c.txt": "3" });
    const journal = memoryJournal();
    const from = { sftp: { ...own, path: "/*.csv" }, remove: true };
    const first = await ranDownload(folder, { from }, { journal });
    expect(first.sources.map(({ status }) => status)).toEqual(["new", "new"]);
    expect(await readdir(root)).toEqual(["c.txt"]);
    expect(await savedNames(folder)).toEqual(["a.csv", "b.csv"]);
    // Another attempt of the same run finds them here.
    await writeFile(join(root, "d.csv"), "4");
    expect(await ranDownload(folder, { from }, { journal, attempt: 2 })).toEqual(first);
    expect(await ranDownload(folder, { from }, { journal })).toEqual(first);
    const always = { from, conditional: false };
    expect(await ranDownload(folder, always, { journal })).toEqual(first);
    expect((await readdir(root)).toSorted()).toEqual(["c.txt", "d.csv"]);
  });

  it("that are neither there nor here any more fail the task", async () => {
    const { folder, own } = await withServer({ "a.csv": "1" });
    const journal = memoryJournal();
    const from = { sftp: { ...own, path: "/*.csv" }, remove: true };
    await ranDownload(folder, { from }, { journal });
    await rm(join(folder, "in/a.csv"));
    await expect(ranDownload(folder, { from }, { journal, attempt: 2 })).rejects.toMatchObject({
      code: "DOWNLOAD_FAILED",
      message: expect.stringContaining("is gone"),
    });
  });

  it("are removed by the attempt after one that was cut off in between", async () => {
    let removed = 0;
    const { folder, root, own } = await withServer(
      { "a.csv": "1", "b.csv": "2" },
      {
        before: (request) => {
          if (request !== "remove" || ++removed !== 2) return;
          throw Object.assign(new Error("not now"), { code: "EIO" });
        },
      },
    );
    const journal = memoryJournal();
    const from = { sftp: { ...own, path: "/*.csv" }, remove: true };
    await expect(ranDownload(folder, { from }, { journal })).rejects.toMatchObject({
      code: "DOWNLOAD_FAILED",
    });
    expect(await readdir(root)).toEqual(["b.csv"]);
    const { sources } = await ranDownload(folder, { from }, { journal, attempt: 2 });
    expect(sources.map(({ status }) => status)).toEqual(["new", "new"]);
    expect(await readdir(root)).toEqual([]);
  });

  it("are not removed when they changed after they were fetched", async () => {
    const files: { root?: string } = {};
    let reads = 0;
    const { folder, root, own } = await withServer(
      { "a.csv": "1", "b.csv": "2" },
      {
        before: (request, path) => {
          // While the second is fetched somebody puts a new version of the first there.
          if (request !== "read" || path !== "/b.csv" || ++reads !== 1) return;
          void writeFile(join(files.root!, "a.csv"), "new version");
        },
      },
    );
    files.root = root;
    const from = { sftp: { ...own, path: "/*.csv" }, remove: true };
    await ranDownload(folder, { from });
    expect(await readdir(root)).toEqual(["a.csv"]);
    expect(await readFile(join(folder, "in/a.csv"), "utf8")).toBe("1");
  });

  it("that change while they are fetched are not taken", async () => {
    const files: { root?: string } = {};
    let reads = 0;
    const { folder, root, own } = await withServer(
      { "a.bin": randomBytes(200_000) },
      {
        before: (request) => {
          if (request === "read" && ++reads === 2) {
            void utimes(join(files.root!, "a.bin"), OLD, new Date());
          }
        },
      },
    );
    files.root = root;
    const from = { sftp: { ...own, path: "/a.bin" } };
    await expect(ranDownload(folder, { from })).rejects.toMatchObject({
      code: "DOWNLOAD_FAILED",
      message: expect.stringContaining("changed while"),
    });
    expect(await savedNames(folder)).toEqual([]);
  });

  it("go on where the connection broke", async () => {
    const content = randomBytes(4_000_000);
    const { folder, own, server } = await withServer(
      { "a.bin": content },
      { cutAfterBytes: 3_000_000 },
    );
    const reads = () => server.requests.filter((one) => one.startsWith("read ")).length;
    const from = { sftp: { ...own, path: "/a.bin" } };
    await expect(ranDownload(folder, { from })).rejects.toMatchObject({ code: "DOWNLOAD_FAILED" });
    expect(await savedNames(folder)).toEqual([]);
    const before = reads();
    const { sources } = await ranDownload(folder, { from }, { attempt: 2 });
    expect(sources[0]).toMatchObject({ sha256: sha256(content) });
    expect(sha256(await readFile(join(folder, "in/a.bin")))).toBe(sha256(content));
    expect(reads() - before).toBeLessThan(before);
  });

  it("are too big, too small, too new, or not there", async () => {
    const { folder, own } = await withServer({ "a.csv": "x".repeat(2_000) });
    const from = { sftp: { ...own, path: "/a.csv" } };
    for (const check of [{ maxSize: "1KB" }, { minSize: "3KB" }, { sha256: "0".repeat(64) }]) {
      await expect(ranDownload(folder, { from, ...check })).rejects.toMatchObject({
        code: "DOWNLOAD_INVALID",
      });
    }
    const missing = [
      { sftp: { ...own, path: "/none.csv" } },
      { sftp: { ...own, path: "/none/*.csv" } },
      { sftp: { ...own, path: "/a.csv/*.csv" } },
      { sftp: { ...own, path: "/a.csv" }, unchangedFor: "900000h" },
    ];
    for (const source of missing) {
      await expect(ranDownload(folder, { from: source })).rejects.toMatchObject({
        code: "INPUT_MISSING",
      });
      const results = await ranDownload(folder, { from: { ...source, allowNone: true } });
      expect(results.files).toEqual([]);
    }
  });

  it("have names that lead nowhere", async () => {
    const madeUpNames = ["..", ".", "../evil.csv", "/etc/evil.csv", "con.csv"];
    const { folder, root, own, server } = await withServer({ "out/a.csv": "1" }, { madeUpNames });
    await writeFile(join(root, "evil.csv"), "evil");
    const from = { sftp: { ...own, path: "/out/*" } };
    const { files } = await ranDownload(folder, { from });
    expect(files).toEqual([join(folder, "in/a.csv")]);
    expect(server.requests.filter((one) => one.startsWith("open "))).toEqual(["open /out/a.csv"]);
  });
});

describe("an SFTP server", () => {
  it.each([
    ["its key is another one", { hostKey: `SHA256:${"A".repeat(43)}` }, "HOST_KEY_WRONG"],
    ["the password is wrong", { password: "wrong-wrong" }, "DOWNLOAD_REFUSED"],
    ["the user is not known", { user: "you" }, "DOWNLOAD_REFUSED"],
    ["the private key is none", { password: undefined, privateKey: "no key" }, "CONFIG_INVALID"],
    ["its name is not known", { host: "nobody.invalid" }, "DOWNLOAD_FAILED"],
    ["nobody listens", { port: 1 }, "DOWNLOAD_FAILED"],
  ])("is of no use when %s", async (_what, change, code) => {
    const { folder, own } = await withServer({ "a.csv": "1" });
    const from = { sftp: { ...own, path: "/a.csv", ...change } };
    const error = await ranDownload(folder, { from }).catch((e: unknown) => e);
    expect(error).toMatchObject({ code });
    expect(String(error)).not.toContain("wrong-wrong");
  });

  it("shows the key that it has when it is another one", async () => {
    const { folder, own, server } = await withServer({ "a.csv": "1" });
    const hostKey = `SHA256:${"A".repeat(43)}`;
    const from = { sftp: { ...own, hostKey, path: "/a.csv" } };
    await expect(ranDownload(folder, { from })).rejects.toThrow(
      `expected ${hostKey}, got ${server.hostKey} (ssh-ed25519)`,
    );
  });

  it("is trusted with any key only where that is said", async () => {
    const { folder, own } = await withServer({ "a.csv": "1" });
    const { hostKey: _, ...rest } = own;
    const from = { sftp: { ...rest, allowAnyHostKey: true, path: "/a.csv" } };
    expect((await ranDownload(folder, { from })).files).toHaveLength(1);
  });

  it("lets in who has a private key, with or without a passphrase", async () => {
    const [plain, sealed] = [
      ssh2.utils.generateKeyPairSync("ed25519"),
      ssh2.utils.generateKeyPairSync("ed25519", {
        passphrase: "open",
        cipher: "aes256-ctr",
        rounds: 1,
      }),
    ];
    const known = [plain, sealed].map((one) => {
      const key = ssh2.utils.parseKey(one.public);
      if (key instanceof Error) throw key;
      return key;
    });
    const { folder, own } = await withServer(
      { "a.csv": "1" },
      {
        letsIn: (context) =>
          context.method === "publickey" &&
          known.some(
            (key) =>
              key.getPublicSSH().equals(context.key.data) &&
              (!context.signature || key.verify(context.blob!, context.signature)),
          ),
      },
    );
    const { password: _, ...rest } = own;
    const source = (key: object) => ({ sftp: { ...rest, path: "/a.csv", ...key } });
    const keys = [
      { privateKey: plain.private },
      { privateKey: sealed.private, passphrase: "open" },
    ];
    for (const key of keys) {
      const { files } = await ranDownload(folder, { from: source(key), conditional: false });
      expect(files).toHaveLength(1);
    }
    const wrong = source({ privateKey: sealed.private, passphrase: "wrong" });
    await expect(ranDownload(folder, { from: wrong })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
    });
  });

  it("may ask for the password in a question", async () => {
    const { folder, own } = await withServer(
      { "a.csv": "1" },
      {
        letsIn: (context) => {
          if (context.method !== "keyboard-interactive") return false;
          context.prompt([{ prompt: "Password: ", echo: false }], (answers) => {
            if (answers[0] === "secret") context.accept();
            else context.reject();
          });
          return false;
        },
      },
    );
    const from = { sftp: { ...own, path: "/a.csv" } };
    expect((await ranDownload(folder, { from })).files).toHaveLength(1);
  });

  it("in a private network is not reached, unless that is allowed", async () => {
    const { folder, own, server } = await withServer({ "a.csv": "1" });
    for (const host of ["127.0.0.1", "localhost", "::1", "::ffff:127.0.0.1"]) {
      const from = { sftp: { ...own, host, path: "/a.csv" } };
      await expect(ranDownload(folder, { from, allowPrivate: [] })).rejects.toMatchObject({
        code: "ADDRESS_REFUSED",
      });
    }
    expect(server.requests).toEqual([]);
  });

  it("that says nothing is given up", async () => {
    const mute = createServer((socket) => void socket.on("error", () => {}));
    mute.listen(0, "127.0.0.1");
    await once(mute, "listening");
    onTestFinished(() => void mute.close());
    const address = mute.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const sftp = { host: "127.0.0.1", port, user: "me", password: "x", allowAnyHostKey: true };
    const options = { from: { sftp: { ...sftp, path: "/a" } }, connectTimeout: "200ms" };
    await expect(ranDownload(await withFolder(), options)).rejects.toMatchObject({
      code: "DOWNLOAD_FAILED",
    });
  });

  it.each(["stat", "open", "read", "opendir"])(
    "that falls silent at %s is given up",
    async (silentAt) => {
      const { folder, own } = await withServer({ "out/a.csv": "1" }, { silentAt });
      const path = silentAt === "opendir" ? "/out/*" : "/out/a.csv";
      const from = { sftp: { ...own, path } };
      for (const [limit, told] of [
        [{ sourceTimeout: "500ms" }, "took longer than 500 ms"],
        [{ idleTimeout: "200ms" }, "No answer within 200 ms"],
      ] as const) {
        await expect(ranDownload(folder, { from, ...limit })).rejects.toMatchObject({
          code: "DOWNLOAD_FAILED",
          message: expect.stringContaining(told),
        });
      }
    },
  );

  it("is let go when the task is to stop", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const { folder, own, server } = await withServer({ "a.csv": "1" }, { silentAt: "read" });
    const from = { sftp: { ...own, path: "/a.csv" } };
    const run = ranDownload(folder, { from }, { signal: controller.signal });
    await expect.poll(() => server.requests).toContain("read /a.csv");
    controller.abort(reason);
    await expect(run).rejects.toBe(reason);
  });

  it("may refuse a file", async () => {
    const { folder, own } = await withServer(
      { "a.csv": "1" },
      {
        before: (request) => {
          if (request === "open") throw Object.assign(new Error("no"), { code: "EACCES" });
        },
      },
    );
    const from = { sftp: { ...own, path: "/a.csv" } };
    await expect(ranDownload(folder, { from })).rejects.toMatchObject({ code: "DOWNLOAD_REFUSED" });
  });
});
