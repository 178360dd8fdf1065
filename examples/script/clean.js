/**
 * The tool from a script: run a configuration, follow its progress, read what came of it.
 *
 *   node examples/script/clean.js [pipeline.yaml]
 */
import { fileURLToPath } from "node:url";
import { createApp, isWranglerError } from "data-wrangler";

const quickstart = fileURLToPath(new URL("../quickstart/pipeline.yaml", import.meta.url));
const configPath = process.argv[2] ?? quickstart;

const app = createApp();
try {
  const { run, accounts } = await app.run({ configPath }, { onEvent: follow });
  for (const { datasets } of accounts) for (const dataset of datasets) tell(dataset);

  const { stages } = await app.status(run.runId);
  const seconds = stages.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0) / 1000;
  process.stdout.write(`${stages.length} stages, ${seconds.toFixed(1)} s of work\n`);

  // a run that was interrupted goes on where it stood
  if (run.status === "CANCELED") await app.resume(run.runId, { onEvent: follow });
} catch (error) {
  if (!isWranglerError(error)) throw error;
  process.stderr.write(`${error.code}: ${error.message}\n`);
  process.exitCode = 1;
} finally {
  await app.close();
}

function follow(event) {
  if (event.type !== "stage-finished") return;
  process.stderr.write(`${event.account}/${event.dataset}: ${event.stage} done\n`);
}

function tell({ account, dataset, status, cellsChanged, winner, outputFolder }) {
  const what = status === "COMPLETED" ? `${cellsChanged} cells changed by ${winner}` : status;
  process.stdout.write(`${account}/${dataset}: ${what} (${outputFolder})\n`);
}
