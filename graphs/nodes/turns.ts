import { setImmediate } from "node:timers/promises";

/** Turns of the event loop between two who asked: what others wait for comes in between. */
const TURNS_APART = 12;

/** Gives each who asks its turn, some turns of the event loop after the one who asked before. */
export function turns(): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return () => {
    last = last.then(pass);
    return last;
  };
}

async function pass(): Promise<void> {
  for (let i = 0; i < TURNS_APART; i++) await setImmediate();
}
