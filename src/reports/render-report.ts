/** The report as one self-contained page without scripts. */
import { type Html, html, Html as Markup, prose } from "./markup/index.ts";
import type { ReportInput } from "./report-input.ts";
import {
  columns,
  duplicates,
  heading,
  provenance,
  quality,
  quarantine,
  ranking,
  rowBalance,
  rules,
  stepsDone,
  stepsNotDone,
  timings,
} from "./sections/index.ts";
import { STYLESHEET } from "./stylesheet.ts";
import { viewOf } from "./view.ts";

interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}

/** Nothing may be fetched and nothing may run, whatever the data holds. */
const POLICY = new Markup("default-src 'none'; style-src 'unsafe-inline'; img-src data:");

/**
 * The report of one prepared dataset. Always smaller than 1 MB: every section has a budget and
 * says what it leaves out. Equal input, equal bytes.
 */
export function renderReport(input: ReportInput): string {
  const view = viewOf(input);
  const sections: Section[] = [
    { id: "rows", title: "Row balance", body: rowBalance(view) },
    { id: "quality", title: "Quality before and after", body: quality(view) },
    { id: "done", title: "What was done", body: stepsDone(view) },
    { id: "not-done", title: "What was not done", body: stepsNotDone(view) },
    { id: "quarantine", title: "Set aside", body: quarantine(view) },
    { id: "duplicates", title: "Duplicates", body: duplicates(view) },
    { id: "columns", title: "Columns", body: columns(view) },
    { id: "ranking", title: "Candidates", body: ranking(view) },
    { id: "rules", title: "Rules", body: rules(view) },
    { id: "provenance", title: "Provenance", body: provenance(view) },
  ];
  if (input.timings !== undefined) {
    sections.push({ id: "timings", title: "Timings", body: timings(input.timings) });
  }
  const style = new Markup(`<style>${STYLESHEET}</style>`);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>${input.dataset.name.slice(0, 120)} · preparation report</title>
        ${style}
      </head>
      <body>
        <div class="page">
          ${heading(view)}
          <nav aria-label="Contents">
            <ul>
              ${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
            </ul>
          </nav>
          <main>${sections.map(part)}</main>
          <footer>
            <p class="muted small">Made by data-wrangler ${prose(input.tool, 60)}.</p>
          </footer>
        </div>
      </body>
    </html> `;
  return page.text;
}

function part({ id, title, body }: Section): Html {
  return html`<section id="${id}" aria-labelledby="h-${id}">
    <h2 id="h-${id}">${title}</h2>
    ${body}
  </section> `;
}
