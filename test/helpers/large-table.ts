import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

const COLUMNS = "id,code,name,city,day,time,amount,share,flag,note";
const CITIES = ["Graz", "Linz", "Wels", "Zürich", "São Paulo", "東京"];

/** The record `n` (from 0) of a large table, its cells as text. */
export function largeRecord(n: number): string[] {
  const day = new Date(Date.UTC(2020, 0, 1) + (n % 2_000) * 86_400_000).toISOString().slice(0, 10);
  return [
    String(n + 1),
    String(n % 90_000).padStart(8, "0"),
    `Person number ${n}`,
    CITIES[n % CITIES.length]!,
    day,
    `${day} 12:${String(n % 60).padStart(2, "0")}:00`,
    (n / 4).toFixed(2),
    String((n % 97) / 8),
    n % 3 === 0 ? "yes" : "no",
    `note ${n % 5_000}, with a comma and some more words in it`,
  ];
}

/** Write a CSV file of ten columns. */
export async function writeLargeTable(path: string, rows: number): Promise<void> {
  const lines = function* () {
    yield `${COLUMNS}\n`;
    for (let n = 0; n < rows; n++)
      yield `${largeRecord(n)
        .map((cell) => (cell.includes(",") ? `"${cell}"` : cell))
        .join(",")}\n`;
  };
  await pipeline(Readable.from(lines()), createWriteStream(path));
}
