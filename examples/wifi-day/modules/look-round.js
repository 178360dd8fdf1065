/** Before the day begins: is the portal there, is there a folder to write to? */
import { access, constants, mkdir } from "node:fs/promises";

export default async function lookRound({ options, signal, log }) {
  const answer = await fetch(options.portal, { signal });
  await answer.body?.cancel();
  for (const folder of options.folders) {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  }
  log.info({ status: answer.status }, "the portal answers");
  return { portal: answer.status, folders: options.folders.length };
}
