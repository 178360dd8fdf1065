/** Attributes of the tags of one name in a small XML text, prefixes left out. */
export function attributesOf(xml: string, tag: string): Map<string, string>[] {
  const tags = new RegExp(String.raw`<(?:[^\s<>:/]+:)?${tag}((?:\s+${ATTRIBUTE})*)\s*/?>`, "g");
  return [...xml.matchAll(tags)].map(
    ([, attributes = ""]) =>
      new Map(
        [...attributes.matchAll(PAIR)].map(([, name = "", value = ""]) => [
          name.slice(name.indexOf(":") + 1),
          unescapeXml(value.slice(1, -1)),
        ]),
      ),
  );
}

const ATTRIBUTE = String.raw`[^\s<>=/]+\s*=\s*(?:"[^"<]*"|'[^'<]*')`;
const PAIR = /([^\s<>=/]+)\s*=\s*("[^"<]*"|'[^'<]*')/g;

const ENTITIES: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  amp: "&",
  quot: '"',
  apos: "'",
};

function unescapeXml(text: string): string {
  return text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (whole, entity: string) => {
    const code = /^#x/i.test(entity)
      ? Number.parseInt(entity.slice(2), 16)
      : Number(entity.slice(1));
    if (!entity.startsWith("#")) return ENTITIES[entity] ?? whole;
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
