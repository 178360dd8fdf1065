/**
 * Every failure the tool can name, in one table made of a few by theme.
 *
 * The table is the contract: the CLI takes its exit status from it, retry and recovery rules go by
 * its classes, and `docs/errors.md` is held against it.
 *
 * @module
 */
import { ASKING_ERRORS } from "./error-table/asking.ts";
import { DATA_ERRORS } from "./error-table/data.ts";
import { KIND_ERRORS } from "./error-table/kinds.ts";
import { RUN_ERRORS } from "./error-table/runs.ts";
import { SERVICE_ERRORS } from "./error-table/service.ts";
import { TASK_ERRORS } from "./error-table/tasks.ts";

export const ERRORS = {
  ...ASKING_ERRORS,
  ...DATA_ERRORS,
  ...TASK_ERRORS,
  ...KIND_ERRORS,
  ...RUN_ERRORS,
  ...SERVICE_ERRORS,
} as const;

export type ErrorCode = keyof typeof ERRORS;
