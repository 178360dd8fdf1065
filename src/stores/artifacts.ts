import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { sha256, WranglerError, writeWhole } from "../core/index.ts";
import type { Cipher } from "./cipher.ts";

/** What stands in a row instead of a value that is too big for it. */
export const ArtifactRef = z.strictObject({
  /** Of the file's bytes. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.number(),
});
export type ArtifactRef = z.infer<typeof ArtifactRef>;

/**
 * Values too big for a row: `runs/RUN/artifacts/ACCOUNT/SHA256.json` below the store's folder, each
 * written whole before the row that names it.
 */
export class Artifacts {
  readonly #folder: string;
  readonly #cipher: Cipher | undefined;

  constructor(folder: string, cipher: Cipher | undefined) {
    this.#folder = folder;
    this.#cipher = cipher;
  }

  async put(runId: string, account: string, text: string): Promise<ArtifactRef> {
    const plain = Buffer.from(text);
    const bytes = this.#cipher?.seal(plain, ["artifact", runId, account]) ?? plain;
    const ref = { sha256: sha256(bytes), bytes: bytes.length };
    const path = this.#path(runId, account, ref);
    await writeWhole(path, (aside) => writeFile(aside, bytes));
    return ref;
  }

  /** @throws {WranglerError} ARTIFACT_INVALID when the file is missing or is not what was written. */
  get(runId: string, account: string, ref: ArtifactRef): string {
    const path = this.#path(runId, account, ref);
    const bytes = this.#read(path);
    const found = sha256(bytes);
    if (found !== ref.sha256) {
      const reason = `${path}: expected SHA-256 ${ref.sha256}, got ${found}.`;
      throw new WranglerError("ARTIFACT_INVALID", reason, { path });
    }
    const plain = this.#cipher?.open(bytes, ["artifact", runId, account]) ?? bytes;
    return Buffer.from(plain).toString("utf8");
  }

  /**
   * Remove a run's folder with all that is in it: artifacts, its log, what its commands said.
   *
   * @returns Bytes freed.
   */
  removeRun(runId: string): number {
    const run = join(this.#folder, "runs", runId);
    if (!existsSync(run)) return 0;
    const bytes = readdirSync(run, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath, entry.name)).size)
      .reduce((sum, size) => sum + size, 0);
    rmSync(run, { recursive: true, force: true });
    return bytes;
  }

  #read(path: string): Buffer {
    try {
      return readFileSync(path);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new WranglerError("ARTIFACT_INVALID", `${path}: ${reason}`, { path }, { cause });
    }
  }

  #path(runId: string, account: string, ref: ArtifactRef): string {
    return join(this.#folder, "runs", runId, "artifacts", account, `${ref.sha256}.json`);
  }
}
