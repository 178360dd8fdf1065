/**
 * A task of your own: brings a file into the task's folder. A real one would ask a server.
 *
 * @param {import("data-wrangler").ModuleContext} context
 */
export default async function fetchPart({ options, attempt, configFolder, folder, log, signal }) {
  if (attempt <= (options.failures ?? 0)) {
    throw Object.assign(new Error("the other side hung up"), { code: "ECONNRESET" });
  }
  const { readFile, writeFile } = await import("node:fs/promises");
  const { join } = await import("node:path");

  const lines = (await readFile(join(configFolder, options.source), { encoding: "utf8", signal }))
    .split("\n")
    .filter(Boolean);
  const [header, ...rows] = lines;
  const half = Math.ceil(rows.length / 2);
  const name = options.part === "morning" ? "morning" : "afternoon";
  const part = name === "morning" ? rows.slice(0, half) : rows.slice(half);

  const file = join(folder, `orders-${name}.csv`);
  await writeFile(file, `${[header, ...part].join("\n")}\n`);
  log.info({ rows: part.length }, "fetched");
  // Other tasks read this as ${tasks.<id>.file}.
  return { file, rows: part.length };
}
