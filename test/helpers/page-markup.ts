/** Reading rendered pages: whether their markup is sound, and what a reader sees of them. */

const VOID = new Set(["meta", "br"]);

const TAG = /<(\/?)([a-z][a-z0-9]*)([^>]*)>/g;
const ATTRIBUTES = /^(?:\s+[a-zA-Z:-]+(?:="[^"<>]*")?)*\s*\/?$/;

/** The page without its stylesheet. */
function bodyOf(page: string): string {
  return page.replace(/<style>[^<]*<\/style>/, "").replace("<!doctype html>", "");
}

/** What is wrong with a page's markup: tags that do not match, odd attributes, stray brackets. */
export function mistakes(page: string): string[] {
  const open: string[] = [];
  const found: string[] = [];
  for (const [whole, closing, tag = "", rest = ""] of bodyOf(page).matchAll(TAG)) {
    if (closing === "/") {
      const opened = open.pop();
      if (opened !== tag) found.push(`${whole} closes ${opened}`);
    } else {
      if (!ATTRIBUTES.test(rest)) found.push(whole);
      if (!VOID.has(tag) && !rest.endsWith("/")) open.push(tag);
    }
  }
  const stray =
    bodyOf(page)
      .replaceAll(TAG, "")
      .match(/.{0,20}[<>].{0,20}/g) ?? [];
  return [...found, ...stray, ...open.map((tag) => `${tag} stays open`)];
}

/** Names of all tags of a page. */
export function tagsOf(page: string): Set<string> {
  return new Set([...bodyOf(page).matchAll(TAG)].map(([, , tag = ""]) => tag));
}

/** What a reader sees, with single spaces. */
export function textOf(page: string): string {
  return page
    .replaceAll(/<style>.*?<\/style>|<[^>]*>/gs, " ")
    .replaceAll(/[\s\u202F]+/g, " ")
    .replaceAll("&gt;", ">");
}

/** The text of one section. */
export function section(page: string, id: string): string {
  const [, rest = ""] = page.split(`<section id="${id}"`);
  return textOf(`<p${rest.split("</section>")[0]}`);
}
