import { didYouMean } from "../core/index.ts";

/** Most comparisons of names for one list; a file with very many mistakes gets hints for the first. */
const MAX_COMPARISONS = 1_000_000;

/** `Did you mean` for many names against one long list. */
export class Suggestions {
  readonly #known: ReadonlySet<string>;
  readonly #answers = new Map<string, string>();
  #left = MAX_COMPARISONS;

  constructor(known: Iterable<string>) {
    this.#known = new Set(known);
  }

  /** Whether the name is known. */
  has(name: string): boolean {
    return this.#known.has(name);
  }

  /** ` Did you mean "x"?`, or nothing. */
  near(name: string): string {
    const answered = this.#answers.get(name);
    if (answered !== undefined) return answered;
    this.#left -= this.#known.size;
    const answer = this.#left < 0 ? "" : didYouMean(name, this.#known);
    this.#answers.set(name, answer);
    return answer;
  }
}
