import type { Place } from "../state.ts";

/** Work of nodes that has not ended yet, whatever became of the graph that it was started in. */
export interface AtWork {
  /** @param dataset Undefined for what is around the graphs of datasets. */
  add(work: Promise<unknown>, dataset?: string): void;
  /** Resolves when none is at work, for a dataset or at all; how each ended is for its graph to say. */
  ended(dataset?: string): Promise<void>;
}

export function atWork(): AtWork {
  const open = new Map<Promise<void>, string | undefined>();
  const openOf = (dataset: string | undefined) =>
    [...open].flatMap(([work, of]) => (dataset === undefined || of === dataset ? [work] : []));
  return {
    add(work, dataset) {
      const over = () => void open.delete(ended);
      const ended: Promise<void> = work.then(over, over);
      open.set(ended, dataset);
    },
    async ended(dataset) {
      for (let left = openOf(dataset); left.length > 0; left = openOf(dataset)) {
        await Promise.all(left);
      }
    },
  };
}

/**
 * The nodes of a dataset's graph, known to be at work while they are. LangGraph leaves a graph as
 * soon as its signal aborts or one of its nodes fails, with the others still at work; who then lets
 * go of a folder or starts the next attempt must wait for them.
 */
export function known<Nodes extends object>(
  { atWork: work }: { readonly atWork?: AtWork },
  nodes: Nodes,
): Nodes {
  if (!work) return nodes;
  return new Proxy(nodes, {
    get(target, name, receiver) {
      const node: unknown = Reflect.get(target, name, receiver);
      if (typeof node !== "function") return node;
      return (place: Place, ...given: unknown[]): unknown => {
        const ended: unknown = Reflect.apply(node, undefined, [place, ...given]);
        if (ended instanceof Promise) work.add(ended, place.dataset);
        return ended;
      };
    },
  });
}
