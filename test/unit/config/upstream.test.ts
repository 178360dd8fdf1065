import { array, assert, nat, property, tuple } from "fast-check";
import { describe, expect, it } from "vitest";
import { notUpstream } from "../../../src/config/upstream.ts";

/** By its definition: follow the dependencies. */
function isUpstream(task: string, upstream: string, dependsOn: ReadonlyMap<string, string[]>) {
  const seen = new Set<string>();
  const open = [...(dependsOn.get(task) ?? [])];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === upstream) return true;
    if (!seen.has(at)) open.push(...(dependsOn.get(at) ?? []));
    seen.add(at);
  }
  return false;
}

describe("notUpstream", () => {
  it("answers as following the dependencies does, circles and unknown names included", () => {
    const edges = array(tuple(nat(29), nat(31)), { maxLength: 60 });
    assert(
      property(edges, (pairs) => {
        const dependsOn = new Map<string, string[]>();
        for (let i = 0; i < 30; i++) dependsOn.set(`t${i}`, []);
        for (const [task, on] of pairs) dependsOn.get(`t${task}`)!.push(`t${on}`);
        const ids = [...dependsOn.keys()];
        const questions = ids.flatMap((task) => ids.map((upstream) => ({ task, upstream })));
        expect(notUpstream(questions, dependsOn)).toEqual(
          questions.filter(({ task, upstream }) => !isUpstream(task, upstream, dependsOn)),
        );
      }),
      { numRuns: 200, seed: 3 },
    );
  });

  it("asks for more tasks than are looked at together", () => {
    const ids = Array.from({ length: 2_500 }, (_, i) => `t${i}`);
    const dependsOn = new Map(ids.map((id, i) => [id, i === 0 ? [] : [`t${i - 1}`]]));
    const back = ids.map((upstream) => ({ task: "t2499", upstream }));
    const forth = ids.map((task) => ({ task, upstream: "t2499" }));
    expect(notUpstream(back, dependsOn)).toEqual([{ task: "t2499", upstream: "t2499" }]);
    expect(notUpstream(forth, dependsOn)).toHaveLength(2_500);
  });
});
