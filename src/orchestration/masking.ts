/** What is kept and told of tasks, without the secrets that they work with. */
import { type Failure, failureOf, type Json, masked } from "../core/index.ts";

/** A value with the secrets in its texts and keys masked. */
export function maskedJson(value: Json): Json {
  if (typeof value === "string") return masked(value);
  if (typeof value !== "object" || value === null) return value;
  return isList(value) ? value.map(maskedJson) : maskedMap(value);
}

/** The same of a map. */
export function maskedMap(map: Readonly<Record<string, Json>>): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(map).map(([key, value]) => [masked(key), maskedJson(value)]),
  );
}

/** Any thrown thing as a failure, as `failureOf` has it, that shows no secret. */
export function maskedFailure(error: unknown, at: string): Failure {
  const failure = failureOf(error, at);
  const { message, stack } = failure;
  return {
    ...failure,
    message: masked(message),
    ...(stack === undefined ? {} : { stack: masked(stack) }),
  };
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
