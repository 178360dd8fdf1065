import { describe, expect, test } from "vitest";
import type { TaskDefinition, TaskStatus } from "../../../../src/orchestration/index.ts";
import { PALETTE } from "../../../../src/reports/palette.ts";
import { drawWorkflow } from "../../../../src/reports/index.ts";
import { mistakes, tagsOf } from "../../../helpers/page-markup.ts";
import {
  booksWorkflow,
  dailyWorkflow,
  taskDefinition,
  workflowDefinition,
} from "../../../helpers/workflow-definition.ts";

const daily = dailyWorkflow();
const nested = new Map([["nightly", booksWorkflow()]]);
const statuses = new Map<string, TaskStatus>([
  ["morning", "COMPLETED"],
  ["upload", "FAILED"],
  ["restart", "IN_PROGRESS"],
  ["nightly/fetch", "WAITING"],
]);

/** Names that mean something to one of the formats. */
const HOSTILE = [
  "end",
  "__proto__",
  "10",
  "2",
  'quo"te',
  "back\\slash\\",
  "<script>alert(1)</script>",
  "&lt;",
  "]]> -->",
  "|a|b|",
  "line\nbreak",
  "ctrl\u0007\u202E",
  "half \uD800",
  "`code`",
  "${x}",
];

function hostile(): ReturnType<typeof workflowDefinition> {
  return workflowDefinition(
    'work"flow',
    HOSTILE.map((id, i) =>
      taskDefinition(id, HOSTILE.slice(0, i).slice(-2), { kind: `kind ${id}`, critical: true }),
    ),
  );
}

function lines(text: string): string[] {
  return text.split("\n").map((line) => line.trim());
}

describe("mermaid", () => {
  test("draws tasks, critical ones marked, and labels edges into tasks with a trigger of their own", () => {
    const small = workflowDefinition("small", [
      taskDefinition("a", [], { kind: "download", critical: true }),
      taskDefinition("b", ["a"]),
      taskDefinition("c", ["a", "b"], { trigger: { atLeast: 1 } }),
    ]);
    expect(drawWorkflow(small, "mermaid")).toBe(`graph LR
  t0_a("a<br/>download · critical")
  t1_b("b<br/>command")
  t2_c("c<br/>command")
  t0_a --> t1_b
  t0_a -->|"at least 1"| t2_c
  t1_b -->|"at least 1"| t2_c
  classDef critical stroke-width:4px
  class t0_a critical
`);
  });

  test("draws a nested workflow as a subgraph in its task's place", () => {
    const drawn = lines(drawWorkflow(daily, "mermaid", { nested, statuses }));
    const from = drawn.indexOf('subgraph t5_nightly["nightly · workflow books"]');
    expect(drawn.slice(from + 1, drawn.indexOf("end"))).toEqual([
      't5_nightly_0_fetch("fetch<br/>download · waiting")',
      't5_nightly_1_check("check<br/>validate")',
      't5_nightly_2_score("score<br/>score")',
      't5_nightly_3_send("send<br/>email · critical")',
      "t5_nightly_0_fetch --> t5_nightly_1_check",
      "t5_nightly_0_fetch --> t5_nightly_2_score",
      "t5_nightly_1_check --> t5_nightly_3_send",
      "t5_nightly_2_score --> t5_nightly_3_send",
    ]);
    expect(drawn).toContain('t5_nightly -->|"all_done"| t9_email');
    expect(drawn).toContain("class t0_morning,t5_nightly_3_send,t7_upload critical");
    expect(drawn).toContain("class t5_nightly_0_fetch waiting");
  });

  test("keeps every name out of its language", () => {
    const [head, ...rest] = drawWorkflow(hostile(), "mermaid").trimEnd().split("\n");
    expect(head).toBe("graph LR");
    const node = /^ {2}t\d+_\w+\("(?:[\p{L}\p{N}\p{M} _.·-]|#\d+;|<br\/>)+"\)$/u;
    const edge = /^ {2}t\d+_\w+ --> t\d+_\w+$/;
    const style = /^ {2}class(?:Def)? [\w,]+ [\w:-]+$/;
    expect(
      rest.filter((line) => !node.test(line) && !edge.test(line) && !style.test(line)),
    ).toEqual([]);
    expect(rest.filter((line) => node.test(line))).toHaveLength(HOSTILE.length);
    expect(rest.join()).toContain("quo#34;te");
  });
});

/** Quoted strings and what stands between them, as Graphviz reads them. */
const DOT_TOKEN = /"(?:[^"\\\n]|\\.)*"/g;

describe("dot", () => {
  test("draws tasks, critical ones with a thick border, and labelled edges", () => {
    const small = workflowDefinition("small", [
      taskDefinition("a", [], { kind: "download", critical: true }),
      taskDefinition("b", ["a"], { trigger: "always" }),
    ]);
    expect(lines(drawWorkflow(small, "dot"))).toEqual([
      'digraph "small" {',
      "rankdir=LR;",
      "compound=true;",
      'node [shape=box, style=rounded, fontname="Helvetica"];',
      'edge [fontname="Helvetica", fontsize=10];',
      String.raw`"a" [label="a\ndownload · critical", penwidth=3];`,
      String.raw`"b" [label="b\ncommand"];`,
      '"a" -> "b" [label="always"];',
      "}",
      "",
    ]);
  });

  test("draws a nested workflow as a cluster that edges end at", () => {
    const drawn = lines(drawWorkflow(daily, "dot", { nested, statuses }));
    expect(drawn).toContain('subgraph "cluster_nightly" {');
    expect(drawn).toContain(String.raw`"nightly/fetch" [label="fetch\ndownload · waiting"];`);
    expect(drawn).toContain('"prepare" -> "nightly/fetch" [lhead="cluster_nightly"];');
    expect(drawn).toContain(
      '"nightly/send" -> "email" [label="all_done", ltail="cluster_nightly"];',
    );
  });

  test("keeps every name within its quotes", () => {
    const drawn = drawWorkflow(hostile(), "dot");
    const outside = drawn.replaceAll(DOT_TOKEN, "S");
    expect(outside).not.toMatch(/["\\<&`$]/);
    expect(outside.match(/^ {2}S \[label=S, penwidth=3\];$/gm)).toHaveLength(HOSTILE.length);
    expect(drawn).toContain(String.raw`"quo\"te"`);
    expect(drawn).toContain(String.raw`"back\\slash\\"`);
  });
});

describe("json", () => {
  test("tells tasks, edges and waves", () => {
    const small = workflowDefinition("small", [
      taskDefinition("c", ["b", "a"], { trigger: { atLeast: 2 } }),
      taskDefinition("a", [], { kind: "download", critical: true }),
      taskDefinition("b", ["a"]),
    ]);
    expect(JSON.parse(drawWorkflow(small, "json"))).toEqual({
      workflow: "small",
      tasks: [
        {
          id: "c",
          kind: "command",
          dependsOn: ["b", "a"],
          trigger: "at least 2",
          critical: false,
          wave: 2,
        },
        {
          id: "a",
          kind: "download",
          dependsOn: [],
          trigger: "all_success",
          critical: true,
          wave: 0,
        },
        {
          id: "b",
          kind: "command",
          dependsOn: ["a"],
          trigger: "all_success",
          critical: false,
          wave: 1,
        },
      ],
      edges: [
        ["b", "c"],
        ["a", "c"],
        ["a", "b"],
      ],
    });
  });

  test("tells statuses and nested workflows where they are given", () => {
    const { tasks } = JSON.parse(drawWorkflow(daily, "json", { nested, statuses })) as {
      tasks: { id: string; status?: string; nested?: { workflow: string; tasks: object[] } }[];
    };
    expect(tasks[0]).toMatchObject({ id: "morning", status: "COMPLETED" });
    expect(tasks[1]).not.toHaveProperty("status");
    expect(tasks[5]).toMatchObject({ id: "nightly", nested: { workflow: "books" } });
    expect(tasks[5]?.nested?.tasks[0]).toMatchObject({ id: "fetch", status: "WAITING" });
  });
});

interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Boxes of the tasks of a drawing without clusters, in the order drawn. */
function boxes(svg: string): Rect[] {
  const found = svg.matchAll(
    /class="wf-task[^"]*"\s+role="img"[^>]*transform="translate\(([\d.]+) ([\d.]+)\)"[^>]*>.*?<rect\s+class="wf-box"\s+width="([\d.]+)"\s+height="([\d.]+)"/gs,
  );
  return [...found].map(([, x, y, width, height]) => ({
    x: Number(x),
    y: Number(y),
    width: Number(width),
    height: Number(height),
  }));
}

function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** Width of the box of a task of this name. */
function widthOf(id: string): number {
  return boxes(drawWorkflow(workflowDefinition("w", [taskDefinition(id)]), "svg"))[0]!.width;
}

function titles(svg: string): string[] {
  return [...svg.matchAll(/<title>([^<]*)<\/title\s*>/g)].map(([, title = ""]) => title);
}

/** `count` tasks, each after the one before and after one long before. */
function ladder(count: number): TaskDefinition[] {
  return Array.from({ length: count }, (_, i) =>
    taskDefinition(
      `t${i}`,
      [i - 1, i - 7].filter((j) => j >= 0 && i % 5 !== 0).map((j) => `t${j}`),
    ),
  );
}

describe("svg", () => {
  test("says in words what each box shows", () => {
    expect(titles(drawWorkflow(daily, "svg", { statuses, nested }))).toEqual(
      expect.arrayContaining([
        "Workflow daily: 12 tasks",
        "morning (download); critical; completed",
        "prepare (prepare); after morning, afternoon, evening; trigger: at least 2",
        "upload (command); after excel; critical; failed",
        "nightly (workflow books); after prepare",
        "fetch (download); waiting",
      ]),
    );
  });

  test.each([
    ["arranged", 60],
    ["in columns", 400],
  ])("boxes %s overlap nowhere and stand right of what they depend on", (_, count) => {
    const workflow = workflowDefinition("ladder", ladder(count));
    const svg = drawWorkflow(workflow, "svg");
    const placed = boxes(svg);
    expect(placed).toHaveLength(count);
    const overlapping = placed.flatMap((a, i) => placed.slice(i + 1).filter((b) => overlap(a, b)));
    expect(overlapping).toEqual([]);
    for (const [i, { dependsOn }] of workflow.tasks.entries()) {
      for (const id of dependsOn) {
        const from = placed[Number(id.slice(1))]!;
        expect(placed[i]!.x).toBeGreaterThan(from.x + from.width);
      }
    }
    expect(svg.match(/class="wf-head"/g)).toHaveLength(
      workflow.tasks.reduce((sum, { dependsOn }) => sum + dependsOn.length, 0),
    );
  });

  test("a nested workflow lies within the box of its task", () => {
    const svg = drawWorkflow(daily, "svg", { nested });
    const [, width = "", height = ""] =
      /class="wf-cluster"[^>]*>.*?<rect\s+class="wf-box"\s+width="([\d.]+)"\s+height="([\d.]+)"/s.exec(
        svg,
      ) ?? [];
    const cluster = svg.slice(svg.indexOf('class="wf-cluster"'));
    const inner = boxes(cluster).slice(0, 4);
    expect(inner).toHaveLength(4);
    for (const box of inner) {
      expect(box.x + box.width).toBeLessThan(Number(width));
      expect(box.y + box.height).toBeLessThan(Number(height));
    }
  });

  test("boxes are as wide as their text, wide characters counted double", () => {
    expect(widthOf("データの準備と確認")).toBeCloseTo(widthOf("a".repeat(18)));
    expect(widthOf("a".repeat(500))).toBe(widthOf("a".repeat(400)));
  });

  test("cuts a text that is too long and keeps it whole in the title", () => {
    const svg = drawWorkflow(workflowDefinition("w", [taskDefinition("a".repeat(60))]), "svg");
    expect(svg).toMatch(/>a{20,40}…</);
    expect(titles(svg)).toContain(`${"a".repeat(60)} (command)`);
  });

  test("explains thick borders and colours only where they occur", () => {
    expect(drawWorkflow(daily, "svg")).toContain("critical: its failure stops the workflow");
    const plain = drawWorkflow(workflowDefinition("w", [taskDefinition("a")]), "svg");
    expect(plain).not.toContain("wf-legend");
    const legend = drawWorkflow(daily, "svg", { statuses }).split("wf-legend")[1];
    expect(legend?.match(/>(?:completed|failed|in progress|waiting)</g)).toEqual([
      ">in progress<",
      ">completed<",
      ">failed<",
    ]);
  });

  test("has its colours for light and dark ground", () => {
    const [light, dark] = drawWorkflow(daily, "svg").split("prefers-color-scheme:dark");
    expect(light).toContain(`.wf-ground{fill:${PALETTE.light.ground}}`);
    expect(dark).toContain(`.wf-ground{fill:${PALETTE.dark.ground}}`);
  });

  test("is well-formed and holds nothing but shapes, whatever tasks are called", () => {
    for (const workflow of [daily, hostile(), workflowDefinition("<none>", [])]) {
      const svg = drawWorkflow(workflow, "svg", { statuses, nested });
      expect(mistakes(svg)).toEqual([]);
      expect([...tagsOf(svg)].filter((tag) => !SHAPES.has(tag))).toEqual([]);
    }
  });
});

const SHAPES = new Set(["svg", "title", "rect", "g", "path", "text"]);

test.each(["mermaid", "dot", "json", "svg"] as const)(
  "%s is the same each time, whatever was drawn before",
  (format) => {
    const first = drawWorkflow(dailyWorkflow(), format, { nested, statuses });
    drawWorkflow(workflowDefinition("ladder", ladder(30)), format);
    expect(drawWorkflow(dailyWorkflow(), format, { nested, statuses })).toBe(first);
  },
);
