/** Restarts the "machine": ends the service that runs on it with all its processes, at once. */
import { readFileSync } from "node:fs";

const [, , pidFile] = process.argv;
process.kill(Number(readFileSync(pidFile, "utf8")), "SIGKILL");
