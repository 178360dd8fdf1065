import { describe, expect, test } from "vitest";
import { renderReport } from "../../../src/reports/index.ts";
import { mistakes, section, tagsOf, textOf } from "../../helpers/page-markup.ts";
import { columnProfile, fullInput, quietInput, step } from "../../helpers/report-input.ts";

const LIMIT_BYTES = 1_000_000;
const full = renderReport(fullInput());
const quiet = renderReport(quietInput());

describe("a full report", () => {
  test("says in its headline what came of it", () => {
    expect(textOf(full)).toContain(
      "2 413 records in, 2 398 rows out, 3 set aside, 12 duplicates removed; 4 362 cells changed in 5 of 11 columns; quality 0.71 → 0.98.",
    );
  });

  test("has every section, and a link to each", () => {
    const ids = [...full.matchAll(/<section\s+id="([a-z-]+)"/g)].map(([, id]) => id);
    expect(ids).toEqual([
      "rows",
      "quality",
      "done",
      "not-done",
      "quarantine",
      "duplicates",
      "columns",
      "ranking",
      "rules",
      "provenance",
      "timings",
    ]);
    const links = [...full.matchAll(/href="#([a-z-]+)"/g)].map(([, id]) => id);
    expect(links).toEqual(expect.arrayContaining(ids));
  });

  test("is one well-formed page that neither runs nor fetches anything", () => {
    expect(mistakes(full)).toEqual([]);
    expect(full).toMatch(/^<!doctype html>/);
    expect(full).toMatch(/content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"/);
    for (const tag of ["script", "iframe", "object", "link", "img", "form", "base"]) {
      expect(tagsOf(full)).not.toContain(tag);
    }
    expect(full).not.toMatch(/\son[a-z]+=|javascript:|url\(|@import|https?:/i);
  });

  test("names every picture and captions every table", () => {
    const pictures = [...full.matchAll(/<svg [^>]*>/g)].map(([tag]) => tag);
    expect(pictures.length).toBeGreaterThan(20);
    for (const tag of pictures) expect(tag).toMatch(/role="img" aria-label="[^"]+"/);
    expect(full.match(/<table>/g)?.length).toBe(full.match(/<caption>/g)?.length);
  });

  test("shows that the rows balance", () => {
    expect(section(full, "rows")).toContain("The balance holds: 2 398 + 3 + 12 = 2 413");
    const input = fullInput();
    const lost = renderReport({ ...input, counts: { ...input.counts, rowsOut: 2390 } });
    expect(section(lost, "rows")).toContain("The balance does not hold: 2 390 + 3 + 12 ≠ 2 413");
    expect(section(lost, "rows")).toContain("8 not accounted for");
  });

  test("tells each step with evidence, risk and sample changes", () => {
    const done = section(full, "done");
    expect(done).toContain("Rows of one brewery agree on the state in 99.8 % of the cases.");
    expect(done).toContain("≤ 0.18");
    expect(done).toContain("0 of 2 100 touched");
    expect(done).toContain("97 of 100 restored 1 restored wrongly");
    expect(done).toContain("31 of 31 other rows of brewery “Deschutes” have OR");
    expect(full).toContain('<del><span class="inv">␣</span></del>');
    expect(full).toMatch(/O<del>T<\/del>|<del>OT<\/del>/);
  });

  test("tells what was held back, and why", () => {
    const held = section(full, "not-done");
    expect(held).toContain(
      "It would change up to 0.85 % of clean cells; at most 0.1 % is allowed.",
    );
    expect(held).toContain("the evidence is not strong enough");
  });

  test("lists what was set aside by reason, with the original", () => {
    const aside = section(full, "quarantine");
    expect(aside).toContain("3 records RAGGED_ROW");
    expect(aside).toContain("(and 1 other reason)");
    expect(aside).toContain("801;Pale;Ale;0.05;;Chicago;IL;Half Acre;12;2015-01-02;x;y");
    expect(aside).toContain("a can ␀");
  });

  test("compares columns before and after", () => {
    const columns = section(full, "columns");
    expect(columns).toMatch(/abv decimal before 97\.4 % after 94\.9 % 93 → 74 3 050/);
  });
});

describe("rules, ranking and provenance", () => {
  test("explain every place", () => {
    const ranking = section(full, "ranking");
    expect(ranking).toContain("Highest score; 0.04 ahead of the next by validity.");
    expect(ranking).toContain("✗ broken");
    expect(ranking).toContain("A second run would change 14 cells.");
    expect(section(full, "rules")).toContain("2 rules kept, 1 broken.");
  });

  test("say what was read, and that all lines are accounted for", () => {
    const provenance = section(full, "provenance");
    expect(provenance).toContain(
      "windows-1252, delimiter semicolon, quote double quote, lines end in CR LF, with header",
    );
    expect(provenance).toContain("✓ All lines are accounted for.");
    expect(provenance).toContain("beers.csv");
    expect(provenance).not.toContain("/data/in");
  });

  test("link only to files beside the report", () => {
    const page = renderReport({
      ...fullInput(),
      files: [
        { name: "javascript:alert(1)", title: "x" },
        { name: "a b/ä\uD800.csv", title: "y" },
      ],
    });
    const links = [...page.matchAll(/href="([^#"]+)"/g)].map(([, address]) => address);
    expect(links).toEqual(["./javascript%3Aalert(1)", "./a%20b/%C3%A4%EF%BF%BD.csv"]);
  });
});

describe("a quiet report", () => {
  test("says that nothing was changed", () => {
    expect(mistakes(quiet)).toEqual([]);
    expect(textOf(quiet)).toContain(
      "1 record in, 1 row out, 0 set aside; no cell changed; quality 0.71, unchanged.",
    );
    expect(section(quiet, "done")).toContain("leaving the table as it is came out best");
    expect(section(quiet, "quarantine")).toContain("Nothing was set aside.");
    expect(section(quiet, "rules")).toContain("No verdict was recorded");
  });

  test("has no timings unless they are given, and the same bytes every time", () => {
    expect(quiet).not.toContain('id="timings"');
    expect(renderReport(quietInput())).toBe(quiet);
    expect(renderReport(fullInput())).toBe(full);
  });

  test("bears a table without rows", () => {
    const input = quietInput();
    const page = renderReport({
      ...input,
      counts: { ...input.counts, recordsIn: 0, rowsOut: 0 },
      profile: {
        ...input.profile,
        columns: [
          columnProfile("id", 0, { rows: 0, distinct: 0, min: null, max: null, kind: "empty" }),
        ],
      },
      after: [{ name: "id", rows: 0, nulls: 0, distinct: 0, top: [] }],
    });
    expect(mistakes(page)).toEqual([]);
    expect(page).not.toMatch(/NaN|Infinity|undefined|\[object/);
  });
});

const EVIL = `</title></style><script>alert('x')</script><img src=x onerror="alert(1)">&\u0000\u202E"'`;

/** The input with a text wherever data can put one. */
function poisoned(text: string): ReturnType<typeof fullInput> {
  const input = fullInput();
  const evilStep = { ...step("s9", "trim", [text], text), provenance: { generator: text } };
  evilStep.evidence!.samples.push({ old: text, new: `${text}!`, count: 1 });
  return {
    ...input,
    tool: text,
    account: text,
    dataset: {
      ...input.dataset,
      name: text,
      fingerprint: text,
      files: input.dataset.files.map((file) =>
        Object.assign(file, {
          path: text,
          sha256: text,
          sheet: text,
          dialect: { ...file.dialect, delimiter: text },
        }),
      ),
    },
    profile: {
      ...input.profile,
      columns: [
        columnProfile(text, 0, {
          min: text,
          max: text,
          top: [{ value: text, count: 2 }],
          nullTokens: [{ value: text, count: 1 }],
          formats: [{ format: text, count: 1, examples: [text] }],
          patterns: [{ format: text, count: 1, examples: [text] }],
        }),
      ],
    },
    candidates: [{ id: "balanced", description: text }],
    verdicts: [
      {
        candidateId: "balanced",
        risks: [],
        rules: [{ rule: text, hard: true, passed: false, message: text }],
      },
    ],
    scores: input.scores.map((score) =>
      Object.assign(score, {
        parts: score.parts.map((part) => Object.assign(part, { metric: text, evidence: text })),
      }),
    ),
    ranking: {
      ...input.ranking,
      policy: text,
      places: input.ranking.places.map((place) =>
        Object.assign(place, { title: text, reason: text }),
      ),
    },
    recipe: { ...input.recipe, steps: [evilStep] },
    suggestions: [evilStep],
    samples: [
      {
        stepId: "s9",
        cells: 2,
        columns: 1,
        samples: [
          { row: 1, column: text, old: text, new: `x${text}`, reason: text },
          { row: 2, column: text, old: text, new: null, reason: null },
        ],
      },
    ],
    changedColumns: [{ column: text, cells: 2 }],
    quarantine: [
      {
        code: text,
        reason: text,
        reasons: 1,
        rows: 1,
        cells: 0,
        samples: [{ row: 1, column: text, rawText: text, sizeBytes: 9, reason: text }],
      },
    ],
    after: [{ name: text, rows: 2, nulls: 0, distinct: 1, top: [{ value: text, count: 2 }] }],
    timings: [{ stage: text, durationMs: 1 }],
    files: [{ name: text, title: text }],
  };
}

describe("whatever the data holds", () => {
  test("no text from it becomes markup", () => {
    const page = renderReport(poisoned(EVIL));
    expect(mistakes(page)).toEqual([]);
    expect(tagsOf(page)).not.toContain("script");
    expect(tagsOf(page)).not.toContain("img");
    expect(page).not.toMatch(/<script|<img/i);
    expect(page.includes("\u0000") || page.includes("\u202E")).toBe(false);
    expect(page.match(/<style>/g)).toHaveLength(1);
  });

  test("it stays below 1 MB with very long texts everywhere", () => {
    const page = renderReport(poisoned(`${EVIL}${"\u0007long ".repeat(20_000)}`));
    expect(mistakes(page)).toEqual([]);
    expect(Buffer.byteLength(page)).toBeLessThan(LIMIT_BYTES);
    expect(page).toContain("characters</span>");
  });

  test("it stays below 1 MB with 300 wide columns, and says what is left out", () => {
    const page = renderReport(wide(300, "\u00A0".repeat(2000)));
    expect(mistakes(page)).toEqual([]);
    expect(Buffer.byteLength(page)).toBeLessThan(LIMIT_BYTES);
    expect(section(page, "columns")).toMatch(/\d+ more columns not shown here: see profile\.json/);
  });

  test("it shows the first 200 changed columns of 10,000", () => {
    const page = renderReport({ ...wide(10_000, "x"), changedColumnCount: 10_000 });
    expect(Buffer.byteLength(page)).toBeLessThan(LIMIT_BYTES);
    expect(section(page, "columns")).toContain("9 800 more columns not shown here");
    expect(section(page, "columns")).toContain("9 800 more changed columns not shown here");
  });

  test("it stays below 1 MB with thousands of steps, candidates, rules, files and reasons", () => {
    const input = fullInput();
    const page = renderReport({
      ...input,
      dataset: { ...input.dataset, files: many(input.dataset.files[0]!) },
      verdicts: [{ candidateId: "balanced", risks: [], rules: many(input.verdicts[0]!.rules[0]!) }],
      ranking: { ...input.ranking, places: many(input.ranking.places[0]!) },
      recipe: { ...input.recipe, steps: many(input.recipe.steps[0]!) },
      suggestions: many(input.suggestions[0]!),
      quarantine: many(input.quarantine[0]!),
      timings: many(input.timings![0]!),
      files: many(input.files[0]!),
    });
    expect(mistakes(page)).toEqual([]);
    expect(Buffer.byteLength(page)).toBeLessThan(LIMIT_BYTES);
    expect(section(page, "done")).toMatch(/more steps not shown here: see recipe\.json/);
  });
});

function many<T>(item: T): T[] {
  return Array.from({ length: 3000 }, () => item);
}

/** A table of many changed columns whose values are all alike. */
function wide(columns: number, text: string): ReturnType<typeof fullInput> {
  const names = Array.from({ length: columns }, (_, i) => `column ${i} ${text}`);
  const top = Array.from({ length: 10 }, (_, i) => ({ value: `${text}${i}`, count: 10 - i }));
  return {
    ...fullInput(),
    profile: {
      columns: names.map((name, i) => columnProfile(name, i, { top, min: text, max: text })),
      duplicates: { rows: 0, groups: 0 },
    },
    changedColumns: names.slice(0, 200).map((column) => ({ column, cells: 1 })),
    changedColumnCount: Math.min(columns, 200),
    after: names.slice(0, 200).map((name) => ({ name, rows: 10, nulls: 1, distinct: 10, top })),
  };
}
