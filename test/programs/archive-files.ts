/**
 * Put the files of a folder away in one attempt, slowly enough to be killed in between.
 *
 *     node --import tsx archive-files.ts FOLDER OPTIONS
 */
import { archive } from "../../src/tasks/archive/index.ts";
import { taskContext } from "../helpers/task-context.ts";

const [folder = "", options = "{}"] = process.argv.slice(2);
const context = taskContext({ options: archive.options.parse(JSON.parse(options)), folder });
process.send?.("begun");
await archive.run(context);
process.disconnect?.();
