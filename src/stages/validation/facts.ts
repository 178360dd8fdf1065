/**
 * What was found of a table as loaded, remembered within the process: each of its candidates is
 * held against the same figures.
 *
 * @module
 */
import type { Query } from "../../core/index.ts";
import type { Trial } from "./trial.ts";

/** Answers kept, the oldest leave first; each is a few numbers. */
const MAX_FACTS = 2_000;

const facts = new Map<string, Promise<unknown[]>>();

/** Ask about the table as loaded, or give the answer that another candidate of it got. */
export async function askOnce<Row>(
  query: Query<Row>,
  { ask, profile, signal }: Pick<Trial, "ask" | "profile" | "signal">,
): Promise<Row[]> {
  const key = `${profile.fingerprint} ${query.sql}`;
  const known = facts.get(key);
  // Whoever asked first may have been stopped: that is not this candidate's failure.
  const answer = known && (await known.catch(() => undefined));
  if (answer) return answer.map((row) => query.row.parse(row));
  const asked = ask(query, signal);
  facts.set(key, asked);
  asked.catch(() => facts.delete(key));
  for (const oldest of facts.keys()) {
    if (facts.size <= MAX_FACTS) break;
    facts.delete(oldest);
  }
  return asked;
}
