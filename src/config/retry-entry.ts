/** What users write below `retry:`. */
import { z } from "zod";
import { Duration, type ErrorClass } from "../core/index.ts";
import { LongerThanZero } from "./duration-entry.ts";

const attempts = z.int().min(1).max(1_000);

const policy = {
  attempts: attempts
    .optional()
    .describe("Attempts in all, the first one included; 3 when left out."),
  backoff: z
    .enum(["fixed", "linear", "exponential"])
    .optional()
    .describe("How waits grow from attempt to attempt; `exponential` when left out."),
  initial: Duration.optional().describe("First wait; `1s` when left out."),
  factor: z
    .number()
    .min(1)
    .optional()
    .describe("Growth from wait to wait of `exponential`; 2 when left out."),
  max: Duration.optional().describe("Longest single wait; `60s` when left out."),
  jitter: z
    .enum(["none", "full", "equal"])
    .optional()
    .describe(
      "How much of a wait is varied, so that tasks do not try again together: nothing, all or half of it; `full` when left out.",
    ),
  maxElapsed: LongerThanZero.optional().describe(
    "No attempt starts later than this after the first one; without limit when left out.",
  ),
};

/** A number of attempts, or one policy. */
export const PolicyEntry = z
  .union([attempts, z.strictObject(policy)])
  .describe("Attempts in all, or a policy.");
export type PolicyEntry = z.infer<typeof PolicyEntry>;

const ofClass = (name: ErrorClass) =>
  PolicyEntry.optional().describe(`Policy for errors of the class ${name}.`);

const byClass = {
  default: PolicyEntry.optional().describe("Policy for errors of the classes that are not named."),
  NetworkError: ofClass("NetworkError"),
  ApplicationError: ofClass("ApplicationError"),
  FileSystemError: ofClass("FileSystemError"),
  TimeoutError: ofClass("TimeoutError"),
  ResourceError: ofClass("ResourceError"),
  InputError: ofClass("InputError"),
  ConfigurationError: ofClass("ConfigurationError"),
  CanceledError: ofClass("CanceledError"),
  InternalError: ofClass("InternalError"),
} satisfies Record<ErrorClass | "default", z.ZodOptional<typeof PolicyEntry>>;

type ByClass = { readonly [Name in ErrorClass | "default"]?: PolicyEntry | undefined };

const isPolicy = (entry: object): boolean => Object.keys(entry).some((key) => key in policy);
const isByClass = (entry: object): boolean => Object.keys(entry).some((key) => key in byClass);

/** When a rule over several keys is checked: also when some of them are wrong by themselves. */
export function isMapOfAnySort({ value }: { readonly value: unknown }): boolean {
  return typeof value === "object" && value !== null;
}

/** A number of attempts, one policy, or policies by class of error. */
export const RetryEntry = z.union([
  attempts,
  z
    .strictObject({ ...policy, ...byClass })
    .refine((entry) => !(isPolicy(entry) && isByClass(entry)), {
      error: "expected either one policy or policies by class of error, got both",
      when: isMapOfAnySort,
    })
    .meta({
      id: "retry",
      description:
        "One policy, or policies by class of error. What is left out of a policy is as in the default: three attempts for network errors, one for all else. A policy without classes is for all of them but InputError, ConfigurationError and CanceledError.",
    }),
]);
export type RetryEntry = z.infer<typeof RetryEntry>;

/** Policies by class; nothing when the entry is one policy for all of them. */
export function byClassOf(entry: RetryEntry): ByClass | undefined {
  return typeof entry === "object" && isByClass(entry) ? entry : undefined;
}
