import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { destination, multistream, pino } from "pino";
import type { Log } from "../core/index.ts";
import { maskedLine } from "./masked-line.ts";

/** A run's log: JSON lines in a file, and each line to whoever watches; no secrets. */
export interface RunLog {
  readonly log: Log;
  readonly path: string;
  close(): void;
}

/** Open `log.jsonl` in the folder of a run. Written at once: a killed process has said what it did. */
export function openRunLog(
  folder: string,
  runId: string,
  level: string,
  watch?: (line: string) => void,
): RunLog {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "log.jsonl");
  const file = destination({ dest: path, sync: true });
  let isOpen = true;
  // Work that was abandoned may have something to say when the run is over.
  const write = (line: string) => isOpen && file.write(maskedLine(line));
  const streams: { stream: { write(line: string): unknown }; level: "trace" }[] = [
    { stream: { write }, level: "trace" },
  ];
  if (watch) {
    streams.push({ stream: { write: (line) => watch(maskedLine(line)) }, level: "trace" });
  }
  const log = pino({ level, base: { run: runId } }, multistream(streams));
  return {
    log,
    path,
    close() {
      isOpen = false;
      file.end();
    },
  };
}
