/** A service over a real application, in this process. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createApp } from "../../src/app.ts";
import { type Clock, type SimulatedClock, simulatedClock } from "../../src/core/index.ts";
import type {
  App,
  ProgressEvent,
  ServiceEnd,
  ServiceNotice,
  ServiceRequest,
} from "../../src/orchestration/index.ts";
import { withFolder } from "./engine.ts";

/** Notes when it ran, and for what; waits first while a file is there that its options name. */
const NOTE = `
import { access, appendFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
export default async function ({ account, configFolder, options, scheduledAt, signal, task }) {
  const note = (word) => appendFile(configFolder + "/lines", [word, scheduledAt, account, task].join(" ") + "\\n");
  if (options.fails) throw new Error(options.fails);
  if (options.hold) {
    await note("began");
    for (let isHeld = true; isHeld; ) {
      await sleep(10, undefined, { signal });
      isHeld = await access(configFolder + "/" + options.hold).then(() => true, () => false);
    }
  }
  await note("did");
}
`;

export interface Place {
  readonly folder: string;
  readonly configPath: string;
  /** Write another configuration in its place. */
  readonly write: (yaml: string) => Promise<void>;
}

/** A task of a workflow that notes what it does. */
export const note = "kind: module, path: note.mjs";

/** A configuration with a workflow `default`, and what is given besides. */
export function pipeline(parts: { readonly tasks?: string; readonly more?: string } = {}): string {
  return `
pipeline: { name: served }
timeZone: UTC
workflows:
  default:
    tasks:
      ${parts.tasks ?? `one: { ${note} }`}
accounts: [{ id: acme }]
${parts.more ?? 'schedules: { daily: { at: "09:00" } }\nservice: { port: off, heartbeat: 60s, checks: { diskFree: 1KB } }'}
`;
}

export async function withPlace(yaml = pipeline()): Promise<Place> {
  const folder = await withFolder();
  const configPath = join(folder, "pipeline.yaml");
  await writeFile(join(folder, "note.mjs"), NOTE);
  await writeFile(configPath, yaml);
  return { folder, configPath, write: (other) => writeFile(configPath, other) };
}

export interface Served {
  readonly app: App;
  readonly notices: ServiceNotice[];
  readonly events: ProgressEvent[];
  /** The first notice of a type that is not told yet when it is asked for, or that was already. */
  readonly told: <Type extends ServiceNotice["type"]>(
    type: Type,
    isMeant?: (notice: Extract<ServiceNotice, { type: Type }>) => boolean,
  ) => Promise<Extract<ServiceNotice, { type: Type }>>;
  readonly drain: () => Promise<ServiceEnd>;
  readonly endAtOnce: () => Promise<ServiceEnd>;
  readonly reload: () => void;
  readonly end: Promise<ServiceEnd>;
}

export interface ServedOptions extends Partial<ServiceRequest> {
  readonly place: Place;
  readonly clock?: Clock;
  readonly onNotice?: (notice: ServiceNotice) => void;
}

/** A simulated clock at a time, ISO 8601, UTC. */
export function clockAt(at: string): SimulatedClock {
  return simulatedClock(Date.parse(at));
}

/** Start a service; resolves once it has told so. It is drained when the test ends. */
export async function served(options: ServedOptions): Promise<Served> {
  const { place, clock, onNotice, ...request } = options;
  const { folder, configPath } = place;
  const app = createApp({
    checkpointsFolder: join(folder, "checkpoints"),
    cwd: folder,
    ...(clock ? { clock } : {}),
  });
  const [drain, signal] = [new AbortController(), new AbortController()];
  const notices: ServiceNotice[] = [];
  const events: ProgressEvent[] = [];
  const listeners = new Set<() => void>();
  let reload: (() => void) | undefined;
  const end = app.serve(
    { configPath, ...request },
    {
      drain: drain.signal,
      signal: signal.signal,
      onEvent: (event) => void events.push(event),
      onNotice(notice) {
        notices.push(notice);
        for (const listener of listeners) listener();
        onNotice?.(notice);
      },
      onReload(again) {
        reload = again;
        return () => (reload = undefined);
      },
    },
  );
  const told: Served["told"] = (type, isMeant = () => true) =>
    new Promise((resolve, reject) => {
      const look = () => {
        for (const notice of notices) {
          if (!isOfType(notice, type) || !isMeant(notice)) continue;
          listeners.delete(look);
          resolve(notice);
          return;
        }
      };
      listeners.add(look);
      end.then(() => reject(new Error(`it ended without telling ${type}`)), reject);
      look();
    });
  const ended = () => {
    drain.abort();
    return end;
  };
  onTestFinished(async () => {
    await ended().catch(() => undefined);
    await app.close();
  });
  const endAtOnce = () => {
    signal.abort();
    return end;
  };
  await told("started");
  return { app, notices, events, told, end, drain: ended, endAtOnce, reload: () => reload?.() };
}

function isOfType<Type extends ServiceNotice["type"]>(
  notice: ServiceNotice,
  type: Type,
): notice is Extract<ServiceNotice, { type: Type }> {
  return notice.type === type;
}
