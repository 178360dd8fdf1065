/** A service that can be restarted: begins a run in a folder, or goes on with the one that is there. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createApp } from "../../src/index.ts";

const [folder = ""] = process.argv.slice(2);
await writeFile(join(folder, "pid"), String(process.pid));
const app = createApp({ checkpointsFolder: join(folder, "checkpoints"), cwd: folder });
const known = await app.runs();
const { run, tasks } =
  known.length > 0
    ? await app.resume()
    : await app.run({ configPath: join(folder, "pipeline.yaml") });
await app.close();
process.send?.({ run, tasks });
process.disconnect();
