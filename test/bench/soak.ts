/**
 * A year of the service in simulated time: `npm run soak [-- --days 365 --kills 52 --steps 20]`.
 *
 * The real scheduler, orchestrator and store, killed and restarted, with the clock set forwards and
 * backwards; afterwards every slot of the calendar must have been run exactly once.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { soak } from "../helpers/soak/soak.ts";

const { values } = parseArgs({
  options: {
    days: { type: "string", default: "365" },
    kills: { type: "string", default: "52" },
    steps: { type: "string", default: "20" },
    seed: { type: "string", default: "1" },
  },
});
const say = (line: string) => process.stdout.write(`${line}\n`);
const MEGA = 1e6;
/** How many of the names of what went wrong are shown. */
const SHOWN = 20;

const folder = await mkdtemp(join(tmpdir(), "soak-"));
try {
  const days = Number(values.days);
  const startedMs = performance.now();
  const report = await soak({
    folder,
    days,
    kills: Number(values.kills),
    steps: Number(values.steps),
    seed: Number(values.seed),
    say,
  });
  const seconds = (performance.now() - startedMs) / 1000;
  say(
    `${days} days, ${report.kills} kills, ${values.steps} steps of the clock, seed ${values.seed}`,
  );
  say(`  ${seconds.toFixed(0)} s, ${(days / seconds).toFixed(1)} days a second`);
  const { expected, missed, doubled, strange } = report;
  say(
    `  slots ${expected}: missed ${missed.length}, doubled ${doubled.length}, of no calendar ${strange.length}`,
  );
  for (const line of [...missed, ...doubled, ...strange].slice(0, SHOWN)) say(`    ${line}`);
  say("  day | heap MB | rss MB | handles | store MB");
  const [first] = report.samples;
  for (const { atMs, heapUsed, rss, handles, storeBytes } of report.samples) {
    const day = ((atMs - (first?.atMs ?? 0)) / 86_400_000).toFixed(0);
    const cells = [heapUsed, rss].map((bytes) => (bytes / MEGA).toFixed(1));
    say(
      `  ${day.padStart(3)} | ${cells.join(" | ")} | ${handles} | ${(storeBytes / MEGA).toFixed(2)}`,
    );
  }
  process.exitCode = missed.length + doubled.length + strange.length === 0 ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
