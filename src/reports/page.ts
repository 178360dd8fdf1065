/** One self-contained page without scripts: the frame that all reports share. */
import { type Html, html, Html as Markup, prose } from "./markup/index.ts";
import { STYLESHEET } from "./stylesheet.ts";

/** A part of a page that the contents link to. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}

/** What stands in the frame. */
export interface Page {
  readonly title: string;
  readonly heading: Html;
  readonly sections: readonly Section[];
  /** Version of the tool. */
  readonly tool: string;
  /** Styles that only this page needs. Nothing from data. */
  readonly style?: string;
}

/** Nothing may be fetched and nothing may run, whatever the data holds. */
const POLICY = new Markup("default-src 'none'; style-src 'unsafe-inline'; img-src data:");

/** The page as text. */
export function page({ title, heading, sections, tool, style = "" }: Page): string {
  const styles = new Markup(`<style>${STYLESHEET}${style}</style>`);
  const markup = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        ${styles}
      </head>
      <body>
        <div class="page">
          ${heading}
          <nav aria-label="Contents">
            <ul>
              ${sections.map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`)}
            </ul>
          </nav>
          <main>${sections.map(part)}</main>
          <footer>
            <p class="muted small">Made by data-wrangler ${prose(tool, 60)}.</p>
          </footer>
        </div>
      </body>
    </html> `;
  return markup.text;
}

function part({ id, title, body }: Section): Html {
  return html`<section id="${id}" aria-labelledby="h-${id}">
    <h2 id="h-${id}">${title}</h2>
    ${body}
  </section> `;
}
