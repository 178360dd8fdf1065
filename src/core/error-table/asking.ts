/** What was asked for, or configured, is not there or not understood. */
import type { ErrorSpec } from "../error-spec.ts";

export const ASKING_ERRORS = {
  USAGE: {
    meaning: "The command line is not understood.",
    remedy: "See data-wrangler --help.",
    exit: 2,
    retry: false,
    class: "ConfigurationError",
  },
  CONFIG_INVALID: {
    meaning: "The configuration file has mistakes.",
    remedy: "Mend the places listed; docs/configuration.md describes every setting.",
    exit: 78,
    retry: false,
    class: "ConfigurationError",
  },
  CONFIG_MISSING: {
    meaning: "The configuration file cannot be read.",
    remedy: "Check the path given with --config.",
    exit: 78,
    retry: false,
    class: "ConfigurationError",
  },
  MODULE_INVALID: {
    meaning: "A user module cannot be loaded.",
    remedy: "Check its path and that it registers what it exports.",
    exit: 78,
    retry: false,
    class: "ConfigurationError",
  },
  ACCOUNT_UNKNOWN: {
    meaning: "No such account in the configuration.",
    remedy: "Name one of the accounts listed, or leave the option out to run all.",
    exit: 2,
    retry: false,
    class: "ConfigurationError",
  },
  WORKFLOW_UNKNOWN: {
    meaning: "No such workflow in the configuration.",
    remedy: "Name one of the workflows listed with --workflow.",
    exit: 2,
    retry: false,
    class: "ConfigurationError",
  },
  TASK_UNKNOWN: {
    meaning: "No such task in the workflow.",
    remedy: "data-wrangler graph --config shows the tasks of a workflow.",
    exit: 2,
    retry: false,
    class: "ConfigurationError",
  },
  RUN_UNKNOWN: {
    meaning: "No such run.",
    remedy: "data-wrangler runs lists them.",
    exit: 2,
    retry: false,
    class: "ConfigurationError",
  },
  COLUMN_UNKNOWN: {
    meaning: "No such column in the table.",
    remedy: "Name one of the table's columns; names are compared exactly.",
    exit: 78,
    retry: false,
    class: "ConfigurationError",
  },
} as const satisfies Record<string, ErrorSpec>;
