import { z } from "zod";

/** Kinds of trouble, as retry and recovery rules name them. */
export const ErrorClass = z.enum([
  "NetworkError",
  "ApplicationError",
  "FileSystemError",
  "TimeoutError",
  "ResourceError",
  "InputError",
  "ConfigurationError",
  "CanceledError",
  "InternalError",
]);
export type ErrorClass = z.infer<typeof ErrorClass>;

/** The system's and undici's codes of trouble on the way to another machine. */
const NETWORK =
  /^(ECONN|ENET|EHOST|EAI_|ENOTFOUND|EPIPE|ETIMEDOUT|EPROTO|UND_ERR_|ERR_TLS_|CERT_|ERR_SSL_)/;
/** The system's codes of trouble with files, folders and disks. */
const FILES =
  /^(ENOENT|EACCES|EPERM|EEXIST|ENOTDIR|EISDIR|ENOSPC|EROFS|EDQUOT|EIO|EBUSY|EXDEV|ENAMETOOLONG|ELOOP|ENOTEMPTY|EMFILE|ENFILE|ESTALE)$/;
const MEMORY = /^(ENOMEM|ERR_WORKER_OUT_OF_MEMORY)$/;

/** Errors that a program throws for its own mistakes. */
const BUGS = new Set(["TypeError", "ReferenceError", "SyntaxError", "RangeError"]);

/**
 * The class of an error that has no code of ours. An error may name its class itself in a field
 * `errorClass`; else the system's code decides, its own or that of what caused it.
 */
export function classOf(error: unknown): ErrorClass {
  if (typeof error !== "object" || error === null) return "ApplicationError";
  const own = ErrorClass.safeParse(Reflect.get(error, "errorClass"));
  if (own.success) return own.data;
  const name = String(Reflect.get(error, "name"));
  if (name === "AbortError") return "CanceledError";
  if (name === "TimeoutError") return "TimeoutError";
  const found = byCode(error);
  if (found) return found;
  return BUGS.has(name) ? "InternalError" : "ApplicationError";
}

/** fetch wraps what went wrong as the cause of a TypeError, so causes are looked at first. */
function byCode(error: object, depth = 0): ErrorClass | undefined {
  const cause: unknown = Reflect.get(error, "cause");
  if (typeof cause === "object" && cause !== null && depth < 5) {
    const below = byCode(cause, depth + 1);
    if (below) return below;
  }
  const code = String(Reflect.get(error, "code"));
  if (NETWORK.test(code)) return "NetworkError";
  if (FILES.test(code)) return "FileSystemError";
  return MEMORY.test(code) ? "ResourceError" : undefined;
}
