import { expect, test } from "vitest";
import { series, withSharedEngine, wrangled } from "./wrangled-table.ts";

withSharedEngine();

const year = (i: number) => 1980 + (i % 30);
const pad = (n: number) => String(n).padStart(2, "0");

test("a bank statement: decimal commas become points, padded cents stay, codes and accounts stay", async () => {
  const t = await wrangled({
    Buchung: series(30, (i) => `${pad((i % 28) + 1)}.03.2024`),
    Betrag: series(30, (i) => (i % 3 === 0 ? `-1.${200 + i},50` : `${i + 10},${pad(i % 20)}`)),
    Saldo: series(30, (i) =>
      i % 5 === 0 ? `(1,${200 + i}.00)` : `${500 + i * 3}.${pad((i * 7) % 100)}`,
    ),
    Konto: series(30, (i) => `DE${10 + i} 5001 0517 0000 ${1000 + i}`),
    Beleg: series(30, (i) => `000${4711 + i}`),
  });
  expect(t.column("Betrag").slice(0, 4)).toEqual(["-1200.50", "11.01", "12.02", "-1203.50"]);
  expect(t.column("Saldo").slice(0, 2)).toEqual(["-1200.00", "503.07"]);
  expect(t.changes.filter((c) => /Buchung|Konto|Beleg/.test(c))).toEqual([]);
});

test("a sensor log: float noise and units of some cells go, error words and real precision stay", async () => {
  const t = await wrangled({
    time: series(40, (i) => `2024-05-01T10:${pad(i)}:00Z`),
    celsius: series(40, (i) =>
      i % 8 === 0
        ? `2${i % 10}.5 °C`
        : i === 11
          ? "21.499999999999996"
          : `2${i % 10}.${(i % 9) + 1}`,
    ),
    voltage: series(40, (i) => `3.${String(271_828_182_845 + i * 7_919)}`),
    pressure: series(40, (i) => (i === 7 ? "NaN" : i === 9 ? "ERR" : `${1000 + i}.${(i % 9) + 1}`)),
  });
  expect(t.column("celsius")[8]).toBe("28.5");
  expect(t.column("celsius")[11]).toBe("21.5");
  expect(t.column("pressure")[7]).toBeNull();
  expect(t.column("pressure")[9]).toBe("ERR");
  expect(t.changes.filter((c) => /time|voltage/.test(c))).toEqual([]);
});

test("a German product list: spellings of one unit become numbers, one form throughout stays", async () => {
  const t = await wrangled({
    Artikel: series(30, (i) => `00${4711 + i}`),
    Preis: series(30, (i) => `${i + 3},${pad((i * 13) % 100)} €`),
    Menge: series(30, (i) => `${i + 1} ${["Stk", "Stück", "Stck."][i % 3] ?? ""}`),
    Lieferzeit: series(30, (i) => (i % 4 === 0 ? "1 Tag" : `${(i % 7) + 2} Tage`)),
    Gewicht: series(30, (i) => `${(i % 9) + 1},${250 + i}`),
  });
  expect(t.column("Menge").slice(0, 3)).toEqual(["1", "2", "3"]);
  // 1,250 may be a thousand or a little more than one: nothing is done.
  expect(t.changes.filter((c) => !c.includes("Menge"))).toEqual([]);
});

test("a customer export: escapes, white space and junk go, names and codes that look like them stay", async () => {
  const t = await wrangled({
    surname: series(40, (i) =>
      i === 3
        ? "O''Brien"
        : i === 5
          ? "Null"
          : i === 7
            ? " Smith "
            : (["Smith", "Jones", "Meyer", "Silva"][i % 4] ?? null),
    ),
    country: series(40, (i) => ["NA", "DE", "FR", "GB"][i % 4] ?? null),
    region: series(80, (i) =>
      i % 40 === 1 || i === 9 ? "North-*" : (["North", "South"][i % 2] ?? null),
    ).slice(0, 40),
    phone: series(40, (i) => `800 ${123 + i} ${456 + i}`),
    company: series(40, (i) => (i === 2 ? "Marks &amp; Sons" : `Firm ${"ABCDEFGH"[i % 8] ?? ""}`)),
  });
  expect(t.changes).toEqual([
    "3 company: Marks &amp; Sons -> Marks & Sons",
    "4 surname: O''Brien -> O'Brien",
    "8 surname:  Smith  -> Smith",
  ]);
});

test("a survey: answers that look like missing marks, grades and footnotes stay", async () => {
  const t = await wrangled({
    allergies: series(40, (i) => ["None", "Nuts", "Milk", "None"][i % 4] ?? null),
    grade: series(40, (i) => ["A+", "A-", "B", "C++"][i % 4] ?? null),
    age: series(40, (i) => (i % 9 === 0 ? `${20 + i} years` : String(20 + i))),
    share: series(40, (i) => `${i * 2}%`),
    income: series(40, (i) => (i % 10 === 0 ? "n/a" : String(20_000 + i * 137))),
    footnote: series(40, (i) => (i % 15 === 0 ? "2019*" : "2019")),
  });
  expect(t.column("age").slice(0, 2)).toEqual(["20", "21"]);
  expect(t.column("income")[0]).toBeNull();
  expect(t.changes.filter((c) => !/ (age|income): /.test(c))).toEqual([]);
});

test("a rota: times with dates, notes or another clock come to the column's own form", async () => {
  const odd: Record<number, string> = {
    3: "12/02/2011 6:55 a.m.",
    5: "Thu 20:00",
    6: "8:19aDec 1",
    8: "9:05 p.m. (Estimated)",
    9: "6:00 or 7:00 a.m.",
    11: "Fri 07:15",
    13: "before 7:00 p.m.",
  };
  const t = await wrangled({
    start: series(100, (i) => odd[i] ?? `${(i % 12) + 1}:${pad(i % 60)} ${i % 2 ? "p" : "a"}.m.`),
  });
  expect(t.changes).toEqual([
    "4 start: 12/02/2011 6:55 a.m. -> 6:55 a.m.",
    "6 start: Thu 20:00 -> 8:00 p.m.",
    "7 start: 8:19aDec 1 -> 8:19 a.m.",
    "9 start: 9:05 p.m. (Estimated) -> 9:05 p.m.",
  ]);
});

test("a project plan: odd dates and durations follow their column, doubtful ones stay", async () => {
  const t = await wrangled({
    due: series(40, (i) =>
      i === 4
        ? "3 Mar 2024"
        : i === 5
          ? "2024/03/09"
          : i === 6
            ? "04/05/2024"
            : `2024-03-${pad((i % 28) + 1)}`,
    ),
    effort: series(40, (i) =>
      i === 2
        ? "1 hr. 45 min."
        : i === 3
          ? "2 hours"
          : i === 4
            ? "1:30"
            : i === 5
              ? "90 mins."
              : `${30 + i} min`,
    ),
  });
  expect(t.changes).toEqual([
    "3 effort: 1 hr. 45 min. -> 105 min",
    "4 effort: 2 hours -> 120 min",
    "5 due: 3 Mar 2024 -> 2024-03-03",
    "6 due: 2024/03/09 -> 2024-03-09",
    "6 effort: 90 mins. -> 90 min",
  ]);
});

test("a token that spilled into the neighbour goes home, natural endings stay", async () => {
  const t = await wrangled({
    city: series(40, (i) =>
      i % 10 === 3
        ? "Portland OR"
        : i % 10 === 4
          ? "Salem"
          : (["Portland", "Salem", "Kansas City"][i % 3] ?? null),
    ),
    state: series(40, (i) =>
      i % 10 === 3 || i % 10 === 4 ? null : (["OR", "OR", "KS"][i % 3] ?? null),
    ),
  });
  expect(t.column("city")[3]).toBe("Portland");
  expect(t.column("state")[3]).toBe("OR");
  expect(t.changes.filter((c) => c.startsWith("5 "))).toEqual([]);
});

test("duplicate rows are listed, and removed only when asked for", async () => {
  const table = { a: ["x", "x", "y"], b: ["1", "1", "2"] };
  const listed = await wrangled(table);
  expect(listed.candidates[0]?.suggestions.map(({ operation }) => operation)).toContain(
    "remove_duplicates",
  );
  expect(listed.column("a")).toEqual(["x", "x", "y"]);
  const removed = await wrangled(table, { duplicates: "remove" });
  expect(removed.column("a")).toEqual(["x", "y"]);
});

test("restyling happens only when asked for", async () => {
  const table = {
    "Due Date": series(30, (i) => `${pad((i % 28) + 1)}/03/2024`),
    Colour: series(30, (i) => (i === 4 ? "RED" : (["Red", "Blue"][i % 2] ?? null))),
  };
  expect((await wrangled(table)).changes.filter((c) => c.includes("Date"))).toEqual([]);
  const styled = await wrangled(table, { restyle: { dates: true, headers: true, case: true } });
  expect(styled.column("due_date")[0]).toBe("2024-03-01");
  expect(styled.column("colour")[4]).toBe("Red");
});

test("options keep numerals and null spellings as found", async () => {
  const table = {
    n: series(30, (i) => (i === 3 ? "n/a" : `1,${100 + i},000`)),
    m: series(30, () => null),
  };
  const kept = await wrangled(table, { numerals: "keep", nullTokens: "keep" });
  expect(kept.changes).toEqual([]);
  const changed = await wrangled(table);
  expect(changed.column("n").slice(2, 5)).toEqual(["1102000", null, "1104000"]);
});

test("two cells that changed places go back", async () => {
  const t = await wrangled({
    product: series(60, (i) => (i === 7 ? "kg" : (["Flour", "Sugar", "Salt"][i % 3] ?? null))),
    unit: series(60, (i) => (i === 7 ? "Sugar" : (["kg", "lb"][i % 2] ?? null))),
    from: series(60, (i) => (i === 9 ? "LAX" : "JFK")),
    to: series(60, (i) => (i === 9 ? "JFK" : "LAX")),
  });
  expect(t.changes).toEqual(["8 product: kg -> Sugar", "8 unit: Sugar -> kg"]);
});

test("a list of values is settled by the column that names one of them", async () => {
  const t = await wrangled({
    year: series(100, (i) =>
      i % 25 === 3 ? `${year(i) - 1} ${year(i)} ${year(i) + 1}` : String(year(i)),
    ),
    released: series(100, (i) => `${(i % 28) + 1} March ${year(i)}`),
  });
  expect(t.column("year")[3]).toBe("1983");
  expect(t.changes).toHaveLength(4);
});

test("stray characters are repaired by the engine as they are predicted", async () => {
  const odd: Record<number, string> = {
    1: "CafÃ© StÃ¼ck",
    2: "Ann\u00A0Lee\u200B",
    3: String.raw`O\'Neil`,
    4: "\tTom\u0007 ",
    5: "Señor Ärger",
    6: "Zoë \u{1F468}\u200D\u{1F469}",
    7: "Bob-~",
    8: "Eve-~",
    9: "Ann-~",
  };
  const t = await wrangled({
    name: series(80, (i) => odd[i] ?? ["Bob", "Eve", "Ann"][i % 3] ?? null),
  });
  expect(t.column("name").slice(1, 10)).toEqual([
    "Café Stück",
    "Ann Lee",
    "O'Neil",
    "Tom",
    odd[5],
    odd[6],
    "Bob",
    "Eve",
    "Ann",
  ]);
});

test("decimal commas among points become points", async () => {
  const t = await wrangled({
    price: series(40, (i) => (i % 12 === 5 ? `${i},5` : `${i}.${(i % 9) + 1}`)),
  });
  expect(t.changes).toEqual([
    "6 price: 5,5 -> 5.5",
    "18 price: 17,5 -> 17.5",
    "30 price: 29,5 -> 29.5",
  ]);
});

test("a text with spaces both at its end and doubled inside comes to the frequent spelling", async () => {
  const t = await wrangled({
    shop: series(
      60,
      (i) => ({ 3: " Old  Mill", 7: "Old  Mill" })[i] ?? ["Old Mill", "New Gate"][i % 2] ?? null,
    ),
  });
  expect(t.column("shop")[3]).toBe("Old Mill");
  expect(t.column("shop")[7]).toBe("Old Mill");
});
