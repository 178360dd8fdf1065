/** Secrets: values that are read when they are needed, and shown and kept nowhere. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { WranglerError } from "./errors.ts";
import { secretForms } from "./secret-forms.ts";

/** What stands in place of a secret wherever it would be shown. */
export const MASK = "***";

/** Shorter values are parts of ordinary words; to mask them would tell them. */
const MIN_LENGTH = 4;

/** Values that were read in this process. */
const known = new Set<string>();
/** Their forms, longest first: one may be part of another. */
let forms: readonly string[] = [];

/**
 * The value of a secret: a file of its name in systemd's `$CREDENTIALS_DIRECTORY`, else the file that
 * `$NAME_FILE` names, else the environment variable itself. One line end at the end of a file is
 * no part of it.
 *
 * From then on it is masked by {@link masked}.
 *
 * @throws {WranglerError} SECRET_MISSING when none of them is there, or a file cannot be read.
 */
export function secretValue(
  name: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const found = fromCredentials(name, env) ?? fromFile(env[`${name}_FILE`]) ?? env[name];
  if (found === undefined || found === "") {
    const reason = `"${name}": neither the credential ${name}, nor ${name}_FILE, nor ${name} is set.`;
    throw new WranglerError("SECRET_MISSING", reason, { name });
  }
  keepMasked(found);
  return found;
}

/** From here on a value is masked. */
export function keepMasked(value: string): void {
  if (value.length < MIN_LENGTH || known.has(value)) return;
  known.add(value);
  const all = new Set([...forms, ...secretForms(value)]);
  forms = [...all].toSorted((a, b) => b.length - a.length);
}

/** All that {@link masked} looks for, longest first. */
export function maskedForms(): readonly string[] {
  return forms;
}

/** A text without the secrets that were read so far: as they are, URL-encoded, in Base64, in JSON. */
export function masked(text: string): string {
  let shown = text;
  for (const form of forms) shown = shown.replaceAll(form, MASK);
  return shown;
}

function fromCredentials(
  name: string,
  { CREDENTIALS_DIRECTORY: folder }: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (folder === undefined || folder === "") return undefined;
  try {
    return readSecret(join(folder, name));
  } catch (error) {
    // Others may be there: what is not among them is looked for elsewhere.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw unreadable(name, error);
  }
}

function fromFile(path: string | undefined): string | undefined {
  if (path === undefined || path === "") return undefined;
  try {
    return readSecret(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function readSecret(path: string): string {
  return readFileSync(path, "utf8").replace(/\r?\n$/, "");
}

function unreadable(what: string, cause: unknown): WranglerError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new WranglerError("SECRET_MISSING", `"${what}" cannot be read: ${why}`, {}, { cause });
}
