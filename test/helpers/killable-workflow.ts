/** A workflow of all that a kill may hit: retries, failures, nested tasks, steps, effects of each policy. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Folder of its checkpoints, below that of the test. */
export const CHECKPOINTS = "checkpoints";

const COMMON = ["--checkpoints", CHECKPOINTS, "--quiet"];
export const RUN = ["run", "--config", "pipeline.yaml", ...COMMON];
export const retryOf = (runId: string): string[] => ["retry", runId, ...COMMON];
export const resumeOf = (runId: string): string[] => ["resume", runId, ...COMMON];

/** Waits; fails in its first `fails` attempts. */
const WORK = `
import { setTimeout as sleep } from "node:timers/promises";
export default async function ({ options, attempt, signal }) {
  const { ms = 40, fails = 0, value = null } = options;
  await sleep(ms, undefined, { signal });
  if (attempt <= fails) throw Object.assign(new Error("no"), { code: "ECONNREFUSED" });
  return { value };
}
`;

/** An effect outside, with a probe where it is asked for. */
const POST = `
export default async function ({ options, effect }) {
  const { url, probe = false } = options;
  const look = async (key, signal) => {
    const answer = await fetch(url + "/" + key, { signal });
    const { count } = await answer.json();
    return count > 0 ? { done: true, outcome: { count } } : { done: false };
  };
  const outcome = await effect({
    name: "post",
    cause: async (key, signal) => {
      const headers = { "idempotency-key": key };
      const answer = await fetch(url, { method: "POST", headers, signal });
      return answer.json();
    },
    ...(probe ? { probe: look } : {}),
  });
  return { known: outcome !== null };
}
`;

/** Keys of effects that commands caused, a line each. */
export const LINES = "lines.txt";

const work = (options: string) => `kind: module, path: work.mjs, with: { ${options} }`;

const pipeline = (url: string): string => {
  const post = (probe: boolean) =>
    `kind: module, path: post.mjs, with: { url: "${url}", probe: ${probe} }`;
  const write = `kind: command, command: [sh, -c, "sleep 0.04; echo $DATA_WRANGLER_EFFECT_KEY >> ${LINES}; sleep 0.04"]`;
  return `
pipeline: { name: killable }
workflows:
  part:
    tasks:
      one: { ${post(true)} }
      two: { ${write}, uncertain: retry, dependsOn: one }
      three: { ${work("value: 3")}, dependsOn: two }
  default:
    maxParallel: 4
    tasks:
      first: { ${work("value: 7")} }
      flaky: { ${work("fails: 2, value: '${tasks.first.value}'")}, dependsOn: first, retry: { attempts: 3, initial: 40ms, backoff: fixed, jitter: none } }
      probed: { ${post(true)}, dependsOn: first }
      again: { ${post(false)}, uncertain: retry, dependsOn: first }
      passed: { ${post(false)}, uncertain: skip, dependsOn: flaky }
      asked: { ${post(false)}, dependsOn: probed }
      written: { ${write}, uncertain: retry, dependsOn: first }
      ordered: { ${write}, dependsOn: written }
      broken: { ${work("fails: 99")}, dependsOn: flaky, retry: { attempts: 2, initial: 30ms, backoff: fixed, jitter: none }, onFailure: [{ ${post(true)} }], finally: [{ ${post(true)} }] }
      missed: { ${work("ms: 1")}, dependsOn: broken }
      despite: { ${work("value: '${tasks.broken.status}'")}, dependsOn: [broken, passed], trigger: all_done }
      nested: { kind: workflow, workflow: part, dependsOn: probed }
      fatal: { ${work("fails: 99")}, dependsOn: [again, asked, ordered, missed, despite, nested], trigger: all_done, critical: true, retry: 1 }
      never: { ${work("ms: 1")}, dependsOn: fatal, trigger: all_done }
      last: { ${post(true)}, dependsOn: fatal, trigger: always }
accounts:
  - id: north
  - id: south
`;
};

/** Put the workflow and its modules into a folder. */
export async function writeKillable(folder: string, url: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "work.mjs"), WORK);
  await writeFile(join(folder, "post.mjs"), POST);
  await writeFile(join(folder, LINES), "");
  await writeFile(join(folder, "pipeline.yaml"), pipeline(url));
}
