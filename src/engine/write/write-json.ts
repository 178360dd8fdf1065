import type { Column } from "../../core/index.ts";
import { jsonGap, jsonObject } from "../load/json-rendering.ts";
import { writeChunks } from "./output-file.ts";
import { type Pages, rowPages } from "./row-pages.ts";

/** Write a staged table as a JSON array or as NDJSON, one object a line; UTF-8. */
export function writeJson(
  aside: string,
  pages: Pages,
  columns: readonly Column[],
  inArray: boolean,
  compression: "none" | "gzip" | "zstd",
): Promise<void> {
  return writeChunks(aside, objects(pages, columns, inArray), compression, pages.signal);
}

async function* objects(
  pages: Pages,
  columns: readonly Column[],
  inArray: boolean,
): AsyncGenerator<Uint8Array> {
  const names = columns.map(({ name }) => name);
  let begun = false;
  for await (const rows of rowPages(pages, names)) {
    let text = "";
    for (const { values } of rows) {
      text += jsonGap(inArray, !begun) + jsonObject(values, columns);
      begun = true;
    }
    yield Buffer.from(text);
  }
  const none = inArray && !begun ? "[" : "";
  yield Buffer.from(`${none}${begun ? "\n" : ""}${inArray ? "]\n" : ""}`);
}
