/** The built-in metrics. */
import type { MetricDefinition } from "../metric.ts";
import { completeness } from "./completeness.ts";
import { consistency } from "./consistency.ts";
import { economy } from "./economy.ts";
import { uniqueness } from "./uniqueness.ts";
import { validity } from "./validity.ts";

/** In the order in which reports list them. */
export const builtInMetrics: readonly MetricDefinition[] = [
  completeness,
  validity,
  consistency,
  uniqueness,
  economy,
];
