/** Tables that stay readable on a phone: there each row becomes a card with its labels. */
import { type Content, type Html, html, sizeOf } from "./html.ts";
import { count } from "./numbers.ts";

/** One column of a table. */
export interface Heading {
  readonly label: string;
  /** Numbers stand to the right. */
  readonly numeric?: boolean;
}

/** A table with its caption; the first cell of a row is its heading. */
export function table(caption: Content, headings: readonly Heading[], rows: readonly Html[]): Html {
  const heads = headings.map(
    ({ label, numeric }) => html`<th scope="col" ${numeric && html` class="n"`}>${label}</th>`,
  );
  return html`<div class="wide">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${heads}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

/** One row, its cells in the order of the headings. */
export function row(headings: readonly Heading[], cells: readonly Content[], kind?: string): Html {
  const parts = cells.map((content, i) => {
    const { label = "", numeric } = headings[i] ?? {};
    // A number alone says nothing as the title of a card.
    const title = numeric && html`class="n" data-label="${label}"`;
    if (i === 0) return html`<th scope="row" ${title}>${content}</th>`;
    return html`<td data-label="${label}" ${numeric && html` class="n"`}>
      <div>${content}</div>
    </td>`;
  });
  return html`<tr${kind !== undefined && html` class="${kind}"`}>${parts}</tr>`;
}

/** The pieces that fit into a number of bytes, in order, and how many were left out. */
export function fitting<T>(
  items: readonly T[],
  budgetBytes: number,
  render: (item: T, index: number) => Html,
): { readonly shown: Html[]; readonly left: number } {
  const shown: Html[] = [];
  let used = 0;
  for (const [i, item] of items.entries()) {
    const piece = render(item, i);
    used += sizeOf(piece);
    if (used > budgetBytes) return { shown, left: items.length - i };
    shown.push(piece);
  }
  return { shown, left: 0 };
}

/** A line that says how many more there are, and where to find them. */
export function andMore(left: number, what: string, where: Content = ""): Html {
  return left > 0
    ? html`<p class="more">
        ${count(left)} more ${what} not shown here${where === "" ? "" : html`: ${where}`}.
      </p>`
    : html``;
}

/** Long parts fold away; `open` ones are shown at once. */
export function folded(summary: Content, content: Content, open = false): Html {
  return html`<details${open && html` open`}><summary>${summary}</summary>${content}</details>`;
}
