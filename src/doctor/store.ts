/** Whether the store opens, takes writes, and is whole. */
import type { HealthCheck } from "../orchestration/index.ts";
import { checkStore, storeKeyFrom } from "../stores/index.ts";
import { counted, failedBy, failing, ok } from "./findings.ts";
import { sizeText } from "./size-text.ts";

const NAME = "store";

export function storeCheck(folder: string, env: NodeJS.ProcessEnv): HealthCheck {
  try {
    const key = storeKeyFrom(env);
    const sealed = key ? "sealed with a key" : "not sealed";
    const found = checkStore(folder, key ? { key } : {});
    if (!found) return ok(NAME, `${folder}: none yet, the first run makes one, ${sealed}`);
    const { files, sizeBytes, flaws } = found;
    if (flaws.length > 0) {
      return failing(
        NAME,
        flaws.join("\n"),
        "Stop the service, keep a copy of the folder, and take the files from a backup; an account's file alone can be moved away, which forgets that account's runs.",
      );
    }
    return ok(
      NAME,
      `${folder}: whole, ${counted(files, "file")}, ${sizeText(sizeBytes)}, ${sealed}`,
    );
  } catch (error) {
    return failedBy(NAME, error);
  }
}
