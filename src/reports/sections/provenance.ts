/** Where the table came from, how it was read, and what lies beside the report. */
import type { Dataset, Dialect, SourceFile } from "../../core/index.ts";
import { bar } from "../charts/index.ts";
import {
  andMore,
  bytes,
  count,
  counted,
  duration,
  fitting,
  type Heading,
  type Html,
  html,
  name,
  prose,
  row,
  table,
} from "../markup/index.ts";
import type { View } from "../view.ts";
import { fact } from "./steps.ts";

const BUDGET_BYTES = 15_000;

const HEADINGS: readonly Heading[] = [
  { label: "File" },
  { label: "Format" },
  { label: "Size", numeric: true },
  { label: "Records", numeric: true },
  { label: "First record", numeric: true },
  { label: "SHA-256" },
];

/** Files, dialect, fingerprint and version. */
export function provenance({ input }: View): Html {
  const { dataset } = input;
  const files = fitting(dataset.files, BUDGET_BYTES, fileRow);
  return html`<dl class="facts">
      ${fact("Made by", html`data-wrangler ${prose(input.tool, 60)}`)}${fact("Account", prose(input.account, 80))}${fact("Applied candidate", name(input.ranking.winner))}${fact("Fingerprint of the input", html`<span class="hash">${name(dataset.fingerprint, 80)}</span>`)}
    </dl>
    ${table("Input files.", HEADINGS, files.shown)}${andMore(files.left, "files", html`see ${name("manifest.json")}`)}${accounting(dataset)}${links(input.files)}`;
}

function fileRow(file: SourceFile): Html {
  const sheet = file.sheet === undefined ? "" : html`, sheet ${prose(file.sheet, 60)}`;
  return row(HEADINGS, [
    name(file.path.split(/[/\\]/).at(-1) ?? file.path, 80),
    html`${file.format}${sheet}${file.dialect !== null && html`<br /><span class="muted small">${dialect(file.dialect)}</span>`}`,
    bytes(file.sizeBytes),
    count(file.records),
    count(file.firstRow),
    html`<span class="hash">${name(file.sha256, 64)}</span>`,
  ]);
}

const SIGNS: Readonly<Record<string, string>> = {
  ",": "comma",
  ";": "semicolon",
  "\t": "tab",
  "|": "bar",
  " ": "space",
  "\n": "LF",
  "\r\n": "CR LF",
  "\r": "CR",
  '"': "double quote",
  "'": "single quote",
  "": "none",
};

function sign(text: string): Html {
  const known = SIGNS[text];
  return known === undefined ? name(text, 8) : html`${known}`;
}

function dialect(of: Dialect): Html {
  const packed = of.compression === "none" ? "" : `, ${of.compression}`;
  return html`${of.encoding}${of.bom && " with BOM"}, delimiter ${sign(of.delimiter)}, quote
  ${sign(of.quote)}, lines end in ${sign(of.newline)}, ${of.header ? "with" : "without"}
  header${packed}`;
}

function accounting({ accounting: lines, files }: Dataset): Html {
  if (files.every((file) => file.dialect === null)) return html``;
  const parts = [
    `${count(lines.headerLines)} of the header`,
    `${count(lines.recordLines)} of records`,
    `${count(lines.blankLines)} blank`,
    `${count(lines.skippedLines)} outside of the table`,
  ];
  const sum = lines.headerLines + lines.recordLines + lines.blankLines + lines.skippedLines;
  const holds = sum === lines.physicalLines;
  return html`<p>
    ${counted(lines.physicalLines, "line")} in the input: ${parts.join(", ")}.
    ${holds ? html`<span class="ok">✓ All lines are accounted for.</span>` : html`<span class="no">✗ ${count(sum)} lines are accounted for.</span>`}
  </p>`;
}

/** Links stay in the report's folder: a name cannot become an address of another kind. */
function links(files: View["input"]["files"]): Html {
  if (files.length === 0) return html``;
  const items = fitting(files, BUDGET_BYTES, (file) => {
    const safe = file.name.slice(0, 400).replaceAll(/\p{Surrogate}/gu, "\uFFFD");
    const address = safe
      .split("/")
      .map((part) => encodeURIComponent(part))
      .join("/");
    return html`<li>
      <a href="./${address}">${prose(file.name, 80)}</a>
      <span class="muted">${prose(file.title, 120)}</span>
    </li>`;
  });
  return html`<h3>Beside this report</h3>
    <ul>
      ${items.shown}
    </ul>
    ${andMore(items.left, "files")}`;
}

const TIMES: readonly Heading[] = [
  { label: "Stage" },
  { label: "Duration", numeric: true },
  { label: "Share of the time" },
];

/** How long each stage took. */
export function timings(stages: NonNullable<View["input"]["timings"]>): Html {
  const total = stages.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const { shown, left } = fitting(stages, BUDGET_BYTES, ({ stage, durationMs }) => {
    const share = total === 0 ? 0 : durationMs / total;
    return row(TIMES, [
      prose(stage, 60),
      duration(durationMs),
      bar(share, `${Math.round(share * 100)} % of the time`, "plain"),
    ]);
  });
  return html`${table(`${duration(total)} in all stages together.`, TIMES, shown)}${andMore(left, "stages")}`;
}
