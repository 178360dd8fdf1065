/** Made-up inputs of reports: one with everything, one in which nothing was changed. */
import type { Step } from "../../src/recipe/index.ts";
import type { ReportInput } from "../../src/reports/index.ts";

type ColumnProfile = ReportInput["profile"]["columns"][number];

const HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

/** A column's profile; what is not given is plain. */
export function columnProfile(
  name: string,
  position: number,
  own: Partial<ColumnProfile> = {},
): ColumnProfile {
  return {
    name,
    position,
    rows: 2410,
    nulls: 0,
    blanks: 0,
    nullTokens: [],
    distinct: 2410,
    singletons: 2410,
    min: "1",
    max: "999",
    minLength: 1,
    maxLength: 12,
    meanLength: 6.2,
    top: [],
    patterns: [],
    kind: "text",
    kindShare: 1,
    exceptions: 0,
    formats: [],
    numbers: null,
    ...own,
  };
}

const ABV = columnProfile("abv", 3, {
  kind: "decimal",
  kindShare: 0.9737,
  nulls: 62,
  nullTokens: [
    { value: "N/A", count: 41 },
    { value: " - ", count: 20 },
  ],
  exceptions: 61,
  distinct: 93,
  singletons: 12,
  min: "0.001",
  max: "9.9%",
  maxLength: 7,
  top: [
    { value: "5%", count: 215 },
    { value: "0.05", count: 158 },
    { value: "N/A", count: 41 },
    { value: " - ", count: 20 },
  ],
  patterns: [
    { format: "9.9", count: 1890, examples: ["0.05", "0.065"] },
    { format: "9%", count: 400, examples: ["5%"] },
    { format: "A/A", count: 41, examples: ["N/A"] },
  ],
  formats: [
    { format: "number", count: 1890, examples: ["0.05"] },
    { format: "number %", count: 400, examples: ["5%"] },
  ],
  numbers: {
    min: 0.001,
    max: 12.8,
    mean: 0.0597,
    deviation: 0.0135,
    quantiles: { p01: 0.03, p05: 0.04, p25: 0.05, p50: 0.056, p75: 0.067, p95: 0.09, p99: 0.099 },
    histogram: [3, 12, 40, 160, 420, 610, 480, 300, 190, 90, 50, 44, 30, 12, 0, 8].map((n, i) => ({
      from: 0.03 + i * 0.004,
      to: 0.034 + i * 0.004,
      count: n,
    })),
  },
});

const CITY = columnProfile("city", 5, {
  kind: "category",
  distinct: 391,
  singletons: 120,
  nulls: 7,
  top: [
    { value: "Grand Rapids", count: 66 },
    { value: "Chicago", count: 55 },
    { value: "Portland", count: 49 },
    { value: "Grand Rapids ", count: 12 },
    { value: "Sa\u00E3o\u00A0Paulo", count: 3 },
  ],
  patterns: [
    { format: "Aa", count: 1500, examples: ["Chicago"] },
    { format: "Aa Aa", count: 891, examples: ["Grand Rapids"] },
  ],
});

/** A step with evidence. */
export function step(
  id: string,
  operation: string,
  columns: string[],
  because: string,
  args: Step["args"] = {},
): Step {
  return {
    id,
    operation,
    columns,
    args,
    onFail: "keep",
    evidence: {
      because,
      support: 2310,
      counterExamples: 3,
      affected: 400,
      samples: [
        { old: "American IPA ", new: "American IPA", count: 31 },
        { old: "Americn IPA", new: "American IPA", count: 4 },
      ],
    },
    provenance: { generator: "formats" },
  };
}

const BY_BREWERY = {
  determinants: [{ columns: ["brewery"], weight: 1 }],
  minShare: 0.8,
  minSupport: 2,
  write: "near",
};

const STEPS = [
  step(
    "s1",
    "trim",
    ["city", "name"],
    "12 values of city differ from a frequent value only by white space at an end.",
  ),
  step(
    "s2",
    "clear_null_tokens",
    ["abv", "ibu"],
    "N/A and - stand where other rows have numbers or nothing.",
    { tokens: ["N/A", "-"] },
  ),
  step(
    "s3",
    "parse_number",
    ["abv"],
    "97.4 % of the filled cells are numbers; 400 of them carry a percent sign that changes nothing.",
    { decimal: ".", percent: "strip" },
  ),
  step(
    "s4",
    "repair_by_dependency",
    ["state"],
    "Rows of one brewery agree on the state in 99.8 % of the cases.",
    BY_BREWERY,
  ),
];

const HELD_BACK = [
  step("s5", "map_values", ["style"], "“American IPA” and “Americn IPA” may be one style.", {
    map: [["Americn IPA", "American IPA"]],
  }),
  step(
    "s6",
    "repair_by_dependency",
    ["ounces"],
    "Beers of one brewery mostly come in one size.",
    BY_BREWERY,
  ),
];

/** Realistic, with all sections filled. */
export function fullInput(): ReportInput {
  const columns = [
    "id",
    "name",
    "style",
    "abv",
    "ibu",
    "city",
    "state",
    "brewery",
    "ounces",
    "added",
    "code",
  ];
  const profiles = columns.map((column, i) => columnProfile(column, i));
  profiles[3] = ABV;
  profiles[5] = CITY;
  profiles[9] = columnProfile("added", 9, {
    kind: "date",
    rows: 2410,
    nulls: 300,
    distinct: 366,
    formats: [{ format: "%Y-%m-%d", count: 2110, examples: ["2015-03-02"] }],
  });
  return {
    tool: "0.1.0",
    account: "north-shop",
    dataset: {
      name: "beers",
      fingerprint: HASH,
      files: [
        {
          path: "/data/in/beers.csv",
          format: "csv",
          sizeBytes: 231_412,
          sha256: HASH,
          records: 2413,
          firstRow: 1,
          dialect: {
            encoding: "windows-1252",
            bom: false,
            delimiter: ";",
            quote: '"',
            escape: '"',
            newline: "\r\n",
            finalNewline: true,
            header: true,
            quoting: "minimal",
            compression: "none",
          },
        },
      ],
      columns: columns.map((name) => ({ name, label: name, sourceType: null })),
      records: 2413,
      rows: 2410,
      rejected: 3,
      recordsPath: "/data/records.parquet",
      rejectsPath: "/data/rejects.parquet",
      renderingPath: null,
      accounting: {
        physicalLines: 2420,
        headerLines: 1,
        recordLines: 2415,
        blankLines: 2,
        skippedLines: 2,
      },
    },
    profile: {
      columns: profiles,
      duplicates: { rows: 14, groups: 9 },
    },
    candidates: ["balanced", "conservative", "thorough", "as-is"].map((id) => ({
      id,
      description: id === "as-is" ? "Changes nothing." : `Steps that suit a ${id} hand.`,
    })),
    verdicts: [
      {
        candidateId: "balanced",
        rules: [
          {
            rule: "row-accounting",
            hard: true,
            passed: true,
            message: "2413 records in = 2398 rows out + 3 set aside + 12 duplicates.",
          },
          {
            rule: "idempotence",
            hard: true,
            passed: true,
            message: "A second run changes no cell.",
            before: 0,
            after: 0,
          },
          {
            rule: "abv between 0 and 1",
            hard: false,
            passed: false,
            message: "3 values are above 1.",
            before: 64,
            after: 3,
          },
        ],
        risks: [
          {
            stepId: "s4",
            changed: 120,
            cleanCells: 2100,
            cleanChanged: 0,
            corruptionUpper: 0.00182,
            injected: 100,
            restored: 97,
            misrestored: 1,
            decision: "write",
            reason: "Below the bound.",
          },
          {
            stepId: "s5",
            changed: 18,
            cleanCells: 2000,
            cleanChanged: 9,
            corruptionUpper: 0.0085,
            injected: 50,
            restored: 20,
            misrestored: 14,
            decision: "suggest",
            reason: "It would change up to 0.85 % of clean cells; at most 0.1 % is allowed.",
          },
        ],
      },
      {
        candidateId: "thorough",
        rules: [
          {
            rule: "idempotence",
            hard: true,
            passed: false,
            message: "A second run would change 14 cells.",
          },
        ],
        risks: [],
      },
    ],
    scores: ["balanced", "conservative", "thorough", "as-is"].map((candidateId, i) => ({
      version: 1 as const,
      candidateId,
      value: [0.9812, 0.94, 0.93, 0.7105][i]!,
      baseline: 0.7105,
      parts: [
        {
          metric: "completeness",
          before: 0.96,
          after: 0.955,
          weight: 0.1667,
          evidence: "108 of 2410 cells of abv are empty.",
        },
        {
          metric: "validity",
          before: 0.61,
          after: [0.998, 0.97, 0.96, 0.61][i]!,
          weight: 0.3333,
          evidence: "6 cells are not of their column’s kind.",
        },
        {
          metric: "consistency",
          before: 0.7,
          after: [0.991, 0.93, 0.92, 0.7][i]!,
          weight: 0.3333,
          evidence: "21 rows disagree with the majority of their group.",
        },
        {
          metric: "uniqueness",
          before: 1,
          after: 1,
          weight: 0.0833,
          evidence: "The key id is unique.",
        },
        {
          metric: "economy",
          before: 1,
          after: 0.92,
          weight: 0.0834,
          evidence: "4362 cells changed by 4 steps.",
        },
      ],
      cost: {
        cellsChanged: i === 3 ? 0 : 4362,
        steps: i === 3 ? 0 : 4,
        descriptionBits: 1432.7,
        expectedCorruptions: i === 3 ? 0 : 0.2134,
      },
    })),
    ranking: {
      version: 1,
      policy: "composite_score",
      winner: "balanced",
      places: [
        {
          rank: 1,
          candidateId: "balanced",
          title: "Balanced repair",
          value: 0.9812,
          qualified: true,
          reason: "Highest score; 0.04 ahead of the next by validity.",
        },
        {
          rank: 2,
          candidateId: "conservative",
          title: "Conservative repair",
          value: 0.94,
          qualified: true,
          reason: "Leaves 120 states unrepaired.",
        },
        {
          rank: 3,
          candidateId: "as-is",
          title: "Leave as is",
          value: 0.7105,
          qualified: true,
          reason: "The table as loaded.",
        },
        {
          rank: 4,
          candidateId: "thorough",
          title: "Thorough repair",
          value: 0.93,
          qualified: false,
          reason: "Breaks the rule idempotence.",
        },
      ],
    },
    recipe: { version: 1, columns, steps: STEPS },
    suggestions: HELD_BACK,
    counts: {
      recordsIn: 2413,
      rowsOut: 2398,
      rowsQuarantined: 3,
      duplicatesRemoved: 12,
      cellsChanged: 4362,
      cellsQuarantined: 2,
    },
    samples: [
      {
        stepId: "s1",
        cells: 212,
        columns: 2,
        samples: [
          {
            row: 14,
            column: "city",
            old: "Grand Rapids ",
            new: "Grand Rapids",
            reason: "white space at an end",
            cells: 12,
          },
          {
            row: 61,
            column: "name",
            old: "\tLong\u00A0Trail  Ale",
            new: "Long Trail Ale",
            reason: "white space at an end",
            cells: 1,
          },
        ],
      },
      {
        stepId: "s2",
        cells: 1021,
        columns: 2,
        samples: [
          {
            row: 3,
            column: "abv",
            old: "N/A",
            new: null,
            reason: "spelling of “missing”",
            cells: 41,
          },
          {
            row: 9,
            column: "ibu",
            old: " - ",
            new: null,
            reason: "spelling of “missing”",
            cells: 980,
          },
        ],
      },
      {
        stepId: "s3",
        cells: 3009,
        columns: 1,
        samples: [
          {
            row: 2,
            column: "abv",
            old: "5%",
            new: "5",
            reason: "percent sign dropped",
            cells: 215,
          },
          {
            row: 77,
            column: "abv",
            old: "0.060",
            new: "0.06",
            reason: "closing zeros dropped",
            cells: 112,
          },
        ],
      },
      {
        stepId: "s4",
        cells: 120,
        columns: 1,
        samples: [
          {
            row: 118,
            column: "state",
            old: "OT",
            new: "OR",
            reason: "31 of 31 other rows of brewery “Deschutes” have OR",
            cells: 1,
          },
          {
            row: 240,
            column: "state",
            old: null,
            new: "MI",
            reason: "66 of 66 other rows of brewery “Founders” have MI",
            cells: 4,
          },
        ],
      },
    ],
    changedColumns: [
      { column: "abv", cells: 3050 },
      { column: "ibu", cells: 980 },
      { column: "city", cells: 160 },
      { column: "state", cells: 120 },
      { column: "name", cells: 52 },
    ],
    changedColumnCount: 5,
    quarantine: [
      {
        code: "RAGGED_ROW",
        reason: "expected 11 cells, came 12",
        reasons: 2,
        rows: 3,
        cells: 0,
        samples: [
          {
            row: 801,
            column: null,
            rawText: "801;Pale;Ale;0.05;;Chicago;IL;Half Acre;12;2015-01-02;x;y",
            sizeBytes: 57,
            reason: "expected 11 cells, came 12",
          },
        ],
      },
      {
        code: "NOT_A_NUMBER",
        reason: "expected a number, came text",
        reasons: 1,
        rows: 0,
        cells: 2,
        samples: [
          {
            row: 90,
            column: "ounces",
            rawText: "a can\u0000",
            sizeBytes: 6,
            reason: "expected a number, came text",
          },
        ],
      },
    ],
    duplicates: {
      count: 12,
      samples: [
        { row: 44, keptRow: 12 },
        { row: 1207, keptRow: 12 },
      ],
    },
    after: columns.map((name) => ({
      name,
      rows: 2398,
      nulls: name === "abv" ? 123 : name === "added" ? 300 : 0,
      distinct: name === "abv" ? 74 : name === "city" ? 384 : name === "added" ? 366 : 2398,
      top:
        name === "abv"
          ? [
              { value: "5", count: 215 },
              { value: "0.05", count: 158 },
              { value: "0.06", count: 130 },
            ]
          : name === "city"
            ? [
                { value: "Grand Rapids", count: 78 },
                { value: "Chicago", count: 55 },
                { value: "Portland", count: 49 },
              ]
            : [],
    })),
    timings: [
      { stage: "profiling", durationMs: 812 },
      { stage: "transformation", durationMs: 2210 },
      { stage: "validation", durationMs: 1604 },
      { stage: "scoring", durationMs: 530 },
      { stage: "ranking", durationMs: 4 },
      { stage: "apply", durationMs: 611 },
    ],
    files: [
      { name: "cleaned.csv", title: "the cleaned table" },
      { name: "changes.parquet", title: "every changed cell" },
      { name: "quarantine.parquet", title: "what was set aside" },
      { name: "recipe.json", title: "the applied recipe" },
      { name: "manifest.json", title: "hashes and counts" },
    ],
  };
}

/** Leaving as is wins, nothing was changed, set aside or found. */
export function quietInput(): ReportInput {
  const { timings: _, ...full } = fullInput();
  const counts = {
    recordsIn: 1,
    rowsOut: 1,
    rowsQuarantined: 0,
    duplicatesRemoved: 0,
    cellsChanged: 0,
    cellsQuarantined: 0,
  };
  return {
    ...full,
    dataset: {
      ...full.dataset,
      columns: full.dataset.columns.slice(0, 1),
      records: 1,
      rows: 1,
      rejected: 0,
      rejectsPath: null,
      accounting: {
        physicalLines: 2,
        headerLines: 1,
        recordLines: 1,
        blankLines: 0,
        skippedLines: 0,
      },
    },
    profile: {
      columns: [columnProfile("id", 0, { rows: 1, distinct: 1, singletons: 1 })],
      duplicates: { rows: 0, groups: 0 },
    },
    candidates: full.candidates.filter(({ id }) => id === "as-is"),
    verdicts: [],
    scores: [
      {
        version: 1,
        candidateId: "as-is",
        value: 0.7105,
        baseline: 0.7105,
        parts: [
          { metric: "validity", before: 0.7105, after: 0.7105, weight: 1, evidence: "One cell." },
        ],
        cost: { cellsChanged: 0, steps: 0, descriptionBits: 0, expectedCorruptions: 0 },
      },
    ],
    ranking: {
      ...full.ranking,
      winner: "as-is",
      places: [
        {
          rank: 1,
          candidateId: "as-is",
          title: "Leave as is",
          value: 0.7105,
          qualified: true,
          reason: "No candidate scored higher.",
        },
      ],
    },
    recipe: { ...full.recipe, steps: [] },
    suggestions: [],
    counts,
    samples: [],
    changedColumns: [],
    changedColumnCount: 0,
    quarantine: [],
    duplicates: { count: 0, samples: [] },
    after: [{ name: "id", rows: 1, nulls: 0, distinct: 1, top: [{ value: "1", count: 1 }] }],
    files: [],
  };
}
