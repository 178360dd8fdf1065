/** Is the service of a store until it is killed. */
import { openStore } from "../../src/stores/index.ts";

const [, , folder = ""] = process.argv;
const at = "2026-03-01T00:00:00.000Z";
openStore(folder)
  .service.take()
  .beat({ startedAt: at, at, configPath: "/x/pipeline.yaml", url: null, checks: [] });
process.send?.("held");
setInterval(() => {}, 60_000);
