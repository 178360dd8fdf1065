/**
 * The service on its machine, in a time that passes faster: what `data-wrangler service` does, with a
 * clock that jumps from one thing to do to the next. Tells its parent what happens.
 */
import { writeFileSync } from "node:fs";
import { createApp, isWranglerError, simulatedClock } from "data-wrangler";

const { configPath, checkpointsFolder, pidFile, fromMs, untilMs } = JSON.parse(process.argv[2]);
/** A program that does nothing for so long in real time hangs. */
const PATIENCE_MS = 10_000;

const clock = simulatedClock(fromMs, PATIENCE_MS);
const app = createApp({ checkpointsFolder, clock });
const over = new AbortController();
const tell = (what) => process.send?.({ atMs: clock.now(), ...what });

writeFileSync(pidFile, String(process.pid));
let isOver = false;
const serving = app
  .serve(
    { configPath },
    {
      drain: over.signal,
      onNotice: (notice) => tell({ notice }),
      onEvent: (event) => tell({ event }),
    },
  )
  .finally(() => (isOver = true));
try {
  await clock.advance(untilMs, () => isOver);
  over.abort();
  const end = await serving;
  tell({ ended: end.reason });
} catch (error) {
  if (!isWranglerError(error)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 1;
} finally {
  await app.close();
  process.disconnect?.();
}
