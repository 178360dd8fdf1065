/** Commits pairs of records for ever, and says which of them are on disk, until it is killed. */
import { openStore } from "../../src/stores/index.ts";
import { runRecord, taskRecord } from "../helpers/store-records.ts";

const [, , folder = ""] = process.argv;
const store = openStore(folder);
store.runs.create(runRecord("r1"));
store.take("r1");
const { journal } = store.openAccount("r1", "a");

async function commitPair(n: number): Promise<void> {
  const record = taskRecord(`t${n}`, { results: { n, blank: "x".repeat(500) } });
  await journal.commit({
    tasks: [record, { ...record, task: `t${n}/twin` }],
    happenings: [{ type: "run-draining", reason: String(n) }],
  });
  process.send?.(n);
}

for (let n = 1; ; n += 5) {
  await Promise.all([n, n + 1, n + 2, n + 3, n + 4].map((k) => commitPair(k)));
}
