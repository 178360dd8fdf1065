#!/usr/bin/env node
/** The command `data-wrangler`. Everything but the command line is loaded when it is needed. */
import { main, processHost } from "./cli/index.ts";

const host = processHost(async (options) => {
  const { createApp } = await import("./app.ts");
  return createApp(options);
});

process.exitCode = await main(process.argv.slice(2), host);
