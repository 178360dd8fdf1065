/** Commands that look at a configuration. */
import { type Command, Option } from "commander";
import type { GraphFlags } from "./commands/configuration.ts";
import { commonOptions, workflowOption } from "./options.ts";
import type { Perform } from "./perform.ts";
import type { CommonFlags } from "./session.ts";

/** Adds `check` and `graph`. */
export function addConfiguration(program: Command, perform: Perform): void {
  const check = program
    .command("check")
    .description("Check a configuration: every mistake with its place, nothing is run.")
    .requiredOption("-c, --config <file>", "Configuration file (YAML).");
  commonOptions(check).action((flags: CommonFlags & { readonly config: string }) =>
    perform(flags, async (session) =>
      (await import("./commands/configuration.ts")).check(session, flags.config),
    ),
  );
  const graph = program
    .command("graph")
    .description("Draw a workflow: its tasks and what depends on what.")
    .requiredOption("-c, --config <file>", "Configuration file (YAML).")
    .addOption(workflowOption())
    .addOption(
      new Option("--format <format>", "What is written: mermaid, dot, json or svg.")
        .choices(["mermaid", "dot", "json", "svg"])
        .default("mermaid"),
    )
    .option("-o, --output <file>", "File to write instead of stdout.");
  commonOptions(graph).action(async (flags: GraphFlags) => {
    if (flags.json === true) graph.error("expected --format json for a graph as JSON, got --json");
    await perform(flags, async (session) =>
      (await import("./commands/configuration.ts")).graph(session, flags),
    );
  });
}
