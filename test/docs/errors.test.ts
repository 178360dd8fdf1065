import { expect, it } from "vitest";
import { ERRORS } from "../../src/core/index.ts";
import { docPath, markdownTable, pageWith } from "./generated.ts";

it("docs/errors.md holds every code as the table has it, and no other", async () => {
  const rows = Object.entries(ERRORS).map(
    ([code, { meaning, remedy, exit, retry, class: kind }]) => [
      `\`${code}\``,
      kind,
      String(exit),
      retry ? "yes" : "no",
      meaning,
      remedy,
    ],
  );
  const head = ["Code", "Class", "Exit", "Try again", "What happened", "What to do"];
  const page = await pageWith("errors.md", `## Codes\n\n${markdownTable([head, ...rows])}`);
  await expect(page).toMatchFileSnapshot(docPath("errors.md"));
});

it("every exit status of a code is explained in docs/errors.md and in --help", async () => {
  const { buildProgram } = await import("../../src/cli/index.ts");
  let help = "";
  buildProgram(() => Promise.resolve())
    .configureOutput({ writeOut: (text) => (help += text) })
    .outputHelp();
  const page = await pageWith("errors.md", "");
  for (const { exit } of Object.values(ERRORS)) {
    expect(page).toMatch(new RegExp(`^\\| ${exit} `, "m"));
    expect(help).toMatch(new RegExp(`(^| )${exit} [a-z]`, "m"));
  }
});
