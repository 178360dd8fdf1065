import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { buildProgram } from "../../src/cli/index.ts";
import { docPath, markdownTable, pageWith } from "./generated.ts";

const program = buildProgram(() => Promise.resolve());

describe("docs/cli.md", () => {
  it("describes every command and option", async () => {
    const sections = program.commands.flatMap((command) => [
      sectionOf(command),
      ...command.commands.map((inner) => sectionOf(inner, `${command.name()} `)),
    ]);
    const page = await pageWith("cli.md", `## Commands\n\n${sections.join("\n")}`);
    await expect(page).toMatchFileSnapshot(docPath("cli.md"));
  });

  it("uses only commands and options that there are in what is written by hand", async () => {
    const page = await pageWith("cli.md", "");
    const lines = page.match(/^data-wrangler .*$/gm) ?? [];
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines) {
      const [, name, ...words] = line.replace(/\s+#.*$/, "").split(/\s+/);
      const outer = program.commands.find((known) => known.name() === name);
      const command = outer?.commands.find((known) => known.name() === words[0]) ?? outer;
      const known = new Set(command?.options.flatMap(({ long, short }) => [long, short]));
      const unknown = words.filter((word) => word.startsWith("-") && !known.has(word));
      expect({ line, known: command !== undefined, unknown }).toEqual({
        line,
        known: true,
        unknown: [],
      });
    }
  });
});

/** A command that only holds others has no options of its own. */
function sectionOf(command: Command, outer = ""): string {
  const args = command.registeredArguments.map((argument) => [
    `\`${argument.required ? `<${argument.name()}>` : `[${argument.name()}]`}\``,
    argument.description,
  ]);
  const options = command.options.map(({ flags, description, mandatory }) => [
    `\`${flags}\``,
    mandatory ? `${description} Required.` : description,
  ]);
  const head = `### ${outer}${command.name()}\n\n${command.description()}\n`;
  if (args.length + options.length === 0) return head;
  return `${head}\n${markdownTable([["Option", "Meaning"], ...args, ...options])}`;
}
