import { describe, expect, it } from "vitest";
import { reaching } from "../../../../src/tasks/excel/template/template-sheet.ts";
import { TemplateStyles } from "../../../../src/tasks/excel/template/template-styles.ts";
import { cellPlace, columnLetters } from "../../../../src/tasks/excel/workbook/index.ts";

it.each([
  [0, "A"],
  [25, "Z"],
  [26, "AA"],
  [701, "ZZ"],
  [702, "AAA"],
  [16_383, "XFD"],
])("column %d is %s, and back", (index, letters) => {
  expect(columnLetters(index)).toBe(letters);
  expect(cellPlace(`$${letters}$1048576`)).toEqual({ column: index, row: 1_048_575 });
});

it.each(["", "A", "5", "A0", "XFE1", "A1048577", "a1", "A1:B2", "total"])(
  "%j is no cell",
  (name) => {
    expect(cellPlace(name)).toBeUndefined();
  },
);

it.each([
  ["A4:D5", "A4:D10"],
  ["$A$4:$D$4", "$A$4:$D$10"],
  ["A4", "A4:A10"],
  ["A3:D5", "A3:D5"],
  ["A:D", "A:D"],
])("the range %s, its titles in row 4, reaches %s", (range, reached) => {
  expect(reaching(range, { column: 0, row: 4 }, 9)).toBe(reached);
});

const xml = (formats: string, cells: string) =>
  `<styleSheet xmlns="x">${formats}<fonts/><cellXfs count="9">${cells}</cellXfs></styleSheet>`;

describe("the styles of a template", () => {
  it("are added to, once each, and stand where they were", () => {
    const styles = new TemplateStyles(
      xml(
        '<numFmts count="1"><numFmt numFmtId="170" formatCode="0.0"/></numFmts>',
        '<xf numFmtId="0" fontId="0"/><xf numFmtId="170" fontId="3"><alignment wrapText="1"/></xf>',
      ),
    );
    expect([styles.isGeneral(0), styles.isGeneral(1)]).toEqual([true, false]);
    expect(styles.like(1, { format: "0.000" })).toBe(2);
    expect(styles.like(1, { format: "0.000" })).toBe(2);
    expect(styles.like(1, { format: "0.000", quoted: true })).toBe(3);
    expect(styles.like(0, {})).toBe(0);
    expect(styles.like(0, { format: "@" })).toBe(4);
    expect(styles.xml()).toBe(
      xml(
        '<numFmts><numFmt numFmtId="170" formatCode="0.0"/><numFmt numFmtId="171" formatCode="0.000"/></numFmts>',
        [
          '<xf numFmtId="0" fontId="0"/>',
          '<xf numFmtId="170" fontId="3"><alignment wrapText="1"/></xf>',
          '<xf applyNumberFormat="1" numFmtId="171" fontId="3"><alignment wrapText="1"/></xf>',
          '<xf quotePrefix="1" applyNumberFormat="1" numFmtId="171" fontId="3"><alignment wrapText="1"/></xf>',
          '<xf applyNumberFormat="1" numFmtId="49" fontId="0"/>',
        ].join(""),
      ).replace('count="9"', 'count="5"'),
    );
  });

  it("get a list of formats where there was none", () => {
    const styles = new TemplateStyles(xml("", '<xf numFmtId="0"/>'));
    styles.like(0, { format: '0 "€"' });
    expect(styles.xml()).toContain(
      '<styleSheet xmlns="x"><numFmts><numFmt numFmtId="164" formatCode="0 &quot;€&quot;"/></numFmts>',
    );
  });
});
