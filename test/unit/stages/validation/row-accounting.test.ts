import { expect, test } from "vitest";
import type { Ask, Dataset } from "../../../../src/core/index.ts";
import { rowAccounting } from "../../../../src/stages/validation/rules/row-rules.ts";
import type { Trial } from "../../../../src/stages/validation/trial.ts";

const kept = { source: 9, out: 6, quarantined: 2, duplicates: 1, lost: 0, invented: 0, twice: 0 };
const dataset = { records: 10, rows: 9, rejected: 1 } as unknown as Dataset;

/** The rule over what the engine counted. */
function account(counts: Partial<typeof kept>, of: Dataset = dataset) {
  const ask: Ask = async ({ row }) => [row.parse({ ...kept, ...counts })];
  const paths = { records: "r", changes: "c", quarantine: "q", duplicates: "d" };
  return rowAccounting(of, { execution: { paths }, source: "s", ask } as unknown as Trial);
}

test("records that are each in one place balance", async () => {
  const outcome = await account({});
  expect(outcome).toMatchObject({ rule: "row-accounting", hard: true, passed: true });
  expect(outcome.message).toContain("6 rows out + 2 quarantined + 1 duplicates + 1 unreadable");
});

test.each([[{ lost: 1 }], [{ invented: 1 }], [{ twice: 1 }], [{ out: 5 }], [{ source: 8 }]])(
  "%o does not balance",
  async (counts) => {
    expect(await account(counts)).toMatchObject({ passed: false });
  },
);

test("unreadable records count too", async () => {
  expect(await account({}, { ...dataset, rejected: 0 })).toMatchObject({ passed: false });
});
