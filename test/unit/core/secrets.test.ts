import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keepMasked, masked, secretValue } from "../../../src/core/index.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "secrets-"));
  await writeFile(join(folder, "PORTAL"), "from-credentials\n");
  await writeFile(join(folder, "file"), "from-file\r\n");
});
afterAll(() => rm(folder, { recursive: true }));

test("a credential comes before a file, a file before the variable", () => {
  const env = { CREDENTIALS_DIRECTORY: folder, PORTAL_FILE: join(folder, "file"), PORTAL: "own" };
  expect(secretValue("PORTAL", env)).toBe("from-credentials");
  expect(secretValue("PORTAL", { ...env, CREDENTIALS_DIRECTORY: undefined })).toBe("from-file");
  expect(secretValue("PORTAL", { PORTAL: "own" })).toBe("own");
  expect(secretValue("MAIL", { CREDENTIALS_DIRECTORY: folder, MAIL: "other" })).toBe("other");
});

test.each([{}, { MAIL: "" }, { MAIL_FILE: "/no/such/file", MAIL: "not this one" }])(
  "what is not there is told by name: %o",
  (env) => {
    expect(() => secretValue("MAIL", env)).toThrow(
      expect.objectContaining({
        code: "SECRET_MISSING",
        message: expect.stringMatching(/MAIL|file/),
      }),
    );
  },
);

test("a secret that was read is masked in every form that it is shown in", () => {
  secretValue("TOKEN", { TOKEN: 'p@ss "word"/1' });
  expect(masked('user:p@ss "word"/1@host')).toBe("user:***@host");
  expect(masked("?t=p%40ss%20%22word%22%2F1&x")).toBe("?t=***&x");
  expect(masked(JSON.stringify({ t: 'p@ss "word"/1' }))).toBe('{"t":"***"}');
  expect(masked(`Basic ${Buffer.from('p@ss "word"/1').toString("base64")}`)).toContain("Basic ***");
});

test("a secret within a header's Base64 is masked, wherever in it it stands", () => {
  keepMasked("correct horse");
  for (const user of ["", "a", "bo", "ann"]) {
    for (const as of ["base64", "base64url"] as const) {
      const shown = masked(`Basic ${Buffer.from(`${user}:correct horse!`).toString(as)}`);
      expect(shown).toContain("***");
      const left = Buffer.from(shown.replace("Basic ", "").split("***").at(-1) ?? "", as);
      expect(left.toString("latin1")).not.toMatch(/horse|orse/);
      expect(shown.length).toBeLessThan(20);
    }
  }
});

test("a secret that another one is part of is masked whole, and short ones are left", () => {
  keepMasked("abcd");
  keepMasked("abcdefgh");
  keepMasked("ab");
  expect(masked("abcdefgh, abcd, ab")).toBe("***, ***, ab");
});
