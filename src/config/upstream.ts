/** Which tasks come before which. */

/** Targets that are looked at together: their marks fit into a few machine words a task. */
const CHUNK = 1_024;
const BITS = 32;
/** Tasks that are looked at one by one before marks are used. */
const NEAR = 64;

/** Whether one task is upstream of another, asked for many pairs at once. */
export interface UpstreamQuestion {
  readonly task: string;
  /** Is this one among the tasks that `task` waits for, directly or not? */
  readonly upstream: string;
}

/**
 * The questions whose answer is no. Near tasks are looked for by going back along the
 * dependencies; for the others, marks of up to 1,024 tasks at a time are passed on, so that memory
 * stays small and each dependency is followed a few times.
 */
export function notUpstream<Q extends UpstreamQuestion>(
  questions: readonly Q[],
  dependsOn: ReadonlyMap<string, readonly string[]>,
): Q[] {
  const open = questions.filter(
    ({ task, upstream }) => dependsOn.get(task)?.includes(upstream) !== true,
  );
  if (open.length === 0) return [];
  const graph = indexed(dependsOn);
  const no = new Set<Q>();
  const far = open.filter((question) => {
    const answer = nearby(graph, question);
    if (answer === false) no.add(question);
    return answer === undefined;
  });
  const targets = [...new Set(far.map(({ upstream }) => upstream))];
  for (let first = 0; first < targets.length; first += CHUNK) {
    const chunk = new Map(targets.slice(first, first + CHUNK).map((target, i) => [target, i]));
    const reaches = marked(graph, chunk);
    for (const question of far) {
      const bit = chunk.get(question.upstream);
      if (bit !== undefined && !reaches(question.task, bit)) no.add(question);
    }
  }
  return open.filter((question) => no.has(question));
}

interface Graph {
  readonly position: ReadonlyMap<string, number>;
  /** Predecessors by position. Positions are in an order in which, circles apart, these come first. */
  readonly before: readonly (readonly number[])[];
  readonly circular: boolean;
}

/** The answer, if it is found within a few steps back. */
function nearby(
  { position, before, circular }: Graph,
  { task, upstream }: UpstreamQuestion,
): boolean | undefined {
  const from = position.get(task);
  const target = position.get(upstream);
  if (from === undefined || target === undefined) return false;
  if (circular) return undefined;
  const seen = new Set<number>();
  const open = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const predecessor of before[at] ?? []) {
      if (predecessor === target) return true;
      // what comes before the target in the order cannot come after it
      if (predecessor < target || seen.has(predecessor)) continue;
      if (seen.size === NEAR) return undefined;
      seen.add(predecessor);
      open.push(predecessor);
    }
  }
  return false;
}

function indexed(dependsOn: ReadonlyMap<string, readonly string[]>): Graph {
  const position = new Map<string, number>();
  const seen = new Set<string>();
  for (const start of dependsOn.keys()) {
    const open: [string, number][] = [[start, 0]];
    while (open.length > 0) {
      const top = open.at(-1)!;
      const [task, next] = top;
      seen.add(task);
      const predecessor = dependsOn.get(task)?.[next];
      if (predecessor === undefined) {
        if (!position.has(task)) position.set(task, position.size);
        open.pop();
      } else {
        top[1]++;
        if (!seen.has(predecessor) && dependsOn.has(predecessor)) open.push([predecessor, 0]);
      }
    }
  }
  const before = [...position.keys()].map((task) =>
    (dependsOn.get(task) ?? []).flatMap((id) => position.get(id) ?? []),
  );
  const circular = before.some((predecessors, at) => predecessors.some((from) => from >= at));
  return { position, before, circular };
}

/** Passes the marks of a chunk of tasks on until nothing changes: once, and again for each circle. */
function marked(
  { position, before, circular }: Graph,
  chunk: ReadonlyMap<string, number>,
): (task: string, bit: number) => boolean {
  const words = Math.ceil(chunk.size / BITS);
  // what comes before each task
  const marks = new Uint32Array(before.length * words);
  const own = new Int32Array(before.length).fill(-1);
  for (const [task, bit] of chunk) {
    const at = position.get(task);
    if (at !== undefined) own[at] = bit;
  }
  let grown = true;
  while (grown) {
    grown = false;
    for (const [at, predecessors] of before.entries()) {
      for (const from of predecessors) {
        if (passOn(marks, words, from, own[from]!, at)) grown = circular;
      }
    }
  }
  return (task, bit) => {
    const at = position.get(task) ?? -1;
    const word = marks[at * words + (bit >>> 5)] ?? 0;
    return ((word >>> (bit & 31)) & 1) === 1;
  };
}

/** Adds what comes before `from`, and `from` itself, to what comes before `to`; whether that is new. */
function passOn(marks: Uint32Array, words: number, from: number, own: number, to: number): boolean {
  const source = from * words;
  const target = to * words;
  let grown = 0;
  for (let word = 0; word < words; word++) {
    const old = marks[target + word]!;
    const more = marks[source + word]! & ~old;
    if (more === 0) continue;
    marks[target + word] = old | more;
    grown |= more;
  }
  if (own < 0) return grown !== 0;
  const at = target + (own >>> 5);
  const old = marks[at]!;
  marks[at] = old | (1 << (own & 31));
  return grown !== 0 || marks[at] !== old;
}
