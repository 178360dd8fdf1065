/** What users write below `service:`. */
import { resolve } from "node:path";
import { z } from "zod";
import { bytesOf, durationMs, Size } from "../core/index.ts";
import { LongerThanZero } from "./duration-entry.ts";
import type { ServiceSettings } from "./settings.ts";

const LogEntry = z.strictObject({
  file: z
    .string()
    .min(1)
    .optional()
    .describe(
      "File that the service writes its log to besides standard error; none when left out.",
    ),
  maxSize: Size.default("10MB").describe("Size at which a new file is begun."),
  maxFiles: z
    .int()
    .min(1)
    .max(1_000)
    .default(5)
    .describe("Files that are kept, the newest included."),
});

const ChecksEntry = z.strictObject({
  diskFree: Size.default("1GB").describe(
    "Less free space than this on the disks of checkpoints and outputs is a failing check.",
  ),
  memory: Size.default("1500MB").describe(
    "More memory than this in the service's own process is a failing check.",
  ),
  stuckAfter: LongerThanZero.default("2h").describe(
    "A task that is at work for longer without a `timeout` of its own counts as stuck.",
  ),
  clockStep: LongerThanZero.default("5s").describe(
    "A clock that was set by more than this is told.",
  ),
});

export const ServiceEntry = z
  .strictObject({
    host: z
      .string()
      .min(1)
      .default("127.0.0.1")
      .describe("Address where it answers `/healthz`, `/readyz` and `/metrics`."),
    port: z
      .union([z.int().min(0).max(65_535), z.literal("off"), z.null()])
      .default(8642)
      .describe("Port of these; 0 takes a free one, `off` does not listen."),
    log: LogEntry.prefault({}).describe("Where the service writes its log."),
    checks: ChecksEntry.prefault({}).describe("What the service watches of itself."),
    heartbeat: LongerThanZero.default("15s").describe(
      "How often it says that it is alive and looks at itself.",
    ),
  })
  .meta({ id: "service", description: "Continuous operation: `data-wrangler service`." });
export type ServiceEntry = z.infer<typeof ServiceEntry>;

/** @param folder - Absolute folder that relative paths start from. */
export function resolveService(entry: ServiceEntry, folder: string): ServiceSettings {
  const { host, port, log, checks } = entry;
  return {
    host,
    port: port === "off" ? null : port,
    log: {
      file: log.file === undefined ? null : resolve(folder, log.file),
      maxSizeBytes: bytesOf(log.maxSize),
      maxFiles: log.maxFiles,
    },
    checks: {
      diskFreeBytes: bytesOf(checks.diskFree),
      memoryBytes: bytesOf(checks.memory),
      stuckAfterMs: durationMs(checks.stuckAfter),
      clockStepMs: durationMs(checks.clockStep),
    },
    heartbeatMs: durationMs(entry.heartbeat),
  };
}
