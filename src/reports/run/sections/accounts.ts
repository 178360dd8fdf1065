/** How each account ended, with its datasets. */
import type { AccountSummary } from "../../../orchestration/index.ts";
import {
  andMore,
  type Content,
  count,
  counted,
  fitting,
  type Heading,
  type Html,
  html,
  name,
  prose,
  row,
  table,
} from "../../markup/index.ts";
import { STATUS_WORDS } from "../../workflow-graph/index.ts";
import type { RunView } from "../run-view.ts";

const BUDGET_BYTES = 80_000;

const HEADINGS: readonly Heading[] = [
  { label: "Account" },
  { label: "Status" },
  { label: "Tasks" },
  { label: "Datasets" },
];

/** A row for each account. */
export function accountTable({ input }: RunView): Html {
  const rows = fitting(input.accounts, BUDGET_BYTES, (account) =>
    row(HEADINGS, [
      prose(account.account, 80),
      html`<span
          class="${account.status === "COMPLETED" ? "ok" : account.status === "FAILED" ? "no" : ""}"
          >${STATUS_WORDS[account.status]}</span
        >${account.failure !== null && html`<div>${prose(account.failure.message, 300)}</div>`}`,
      Object.entries(account.tasks)
        .filter(([, n]) => n > 0)
        .map(([status, n]) => `${count(n)} ${status.toLowerCase().replaceAll("_", " ")}`)
        .join(", "),
      datasets(account),
    ]),
  );
  return html`${table("In the order of the run.", HEADINGS, rows.shown)}${andMore(rows.left, "accounts")}`;
}

function datasets({ datasets: all }: AccountSummary): Content {
  if (all.length === 0) return "–";
  const { shown, left } = fitting(
    all,
    4000,
    (dataset) =>
      html`<div>
        ${name(dataset.dataset, 80)}: ${counted(dataset.recordsIn, "record")} in,
        ${counted(dataset.rowsOut, "row")}
        out${dataset.reused && ", taken over"}${dataset.failure !== null && html`, ${prose(dataset.failure.message, 200)}`}
      </div>`,
  );
  return html`${shown}${andMore(left, "datasets")}`;
}
