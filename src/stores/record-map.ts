/** Records of tasks by task and key, each task's in the order in which they first came. */
export class RecordMap<T extends { readonly task: string }> {
  readonly #byTask = new Map<string, Map<string, T>>();
  readonly #keyOf: (record: T) => string;

  /** @param keyOf What tells the records of one task apart. */
  constructor(keyOf: (record: T) => string) {
    this.#keyOf = keyOf;
  }

  put(record: T): void {
    const known = this.#byTask.get(record.task);
    if (known) known.set(this.#keyOf(record), record);
    else this.#byTask.set(record.task, new Map([[this.#keyOf(record), record]]));
  }

  of(task: string): T[] {
    return [...(this.#byTask.get(task)?.values() ?? [])];
  }

  all(): T[] {
    return [...this.#byTask.values()].flatMap((records) => Array.from(records.values()));
  }
}
