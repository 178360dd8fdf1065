/** The metrics by name: the built-in ones and those that user modules add. */
import { didYouMean, WranglerError } from "../../core/index.ts";
import type { MetricDefinition } from "./metric.ts";
import { builtInMetrics } from "./metrics/index.ts";
import type { QualityOptions } from "./options.ts";

const metrics = new Map(builtInMetrics.map((metric) => [metric.name, metric]));

/** Register a metric under its name; a second one of that name takes its place. */
export function defineMetric(definition: MetricDefinition): MetricDefinition {
  metrics.set(definition.name, definition);
  return definition;
}

/**
 * The metrics that the weights ask for, each with its fraction of all weights.
 *
 * @throws {WranglerError} CONFIG_INVALID for a metric that nobody registered, or no weight above 0.
 */
export function weightedMetrics({
  weights,
}: QualityOptions): { readonly metric: MetricDefinition; readonly weight: number }[] {
  const known = [...metrics.keys()].toSorted();
  for (const name of Object.keys(weights)) {
    if (metrics.has(name)) continue;
    const reason = `quality.weights: there is no metric "${name}".${didYouMean(name, known)} Known: ${known.join(", ")}.`;
    throw new WranglerError("CONFIG_INVALID", reason, { name, known });
  }
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  if (total === 0) {
    throw new WranglerError("CONFIG_INVALID", "quality.weights: every weight is 0.");
  }
  return [...metrics.values()]
    .map((metric) => ({ metric, weight: (weights[metric.name] ?? 0) / total }))
    .filter(({ weight }) => weight > 0);
}
