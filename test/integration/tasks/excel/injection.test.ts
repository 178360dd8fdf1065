import { ValueType } from "@cj-tech-master/excelts";
import { expect, it } from "vitest";
import { withFolder } from "../../../helpers/engine.ts";
import { partOf, put, ranExcel, sheetAt } from "../../../helpers/excel.ts";

const PAYLOADS = [
  "=1+1",
  "=cmd|' /C calc'!A0",
  "=cmd|'/C notepad'!'A1'",
  "=MSEXCEL|'\\..\\..\\..\\Windows\\System32\\cmd.exe /c calc.exe'!''",
  '=HYPERLINK("http://127.0.0.1/?leak="&A1,"click")',
  '=WEBSERVICE("http://127.0.0.1/"&A1)',
  '=IMPORTXML(CONCAT("http://127.0.0.1/",A1),"//a")',
  '=IMPORTDATA("http://127.0.0.1/")',
  '=IMAGE("http://127.0.0.1/x.png")',
  '=DDE("cmd";"/C calc";"x")',
  '=SUM(1,1)*cmd|" /C calc"!A0',
  "=2+5+cmd|' /C calc'!A0",
  "=A1:A9",
  "={1,2,3}",
  "=R1C1",
  '=IF(1=1,"a","b")',
  "=@SUM(A1)",
  "==1",
  "=",
  "+1+1",
  "+cmd|' /C calc'!A0",
  "+SUM(A1:A9)",
  "+",
  "-1+1",
  "-2+3+cmd|' /C calc'!A0",
  "-SUM(A1)",
  "-",
  "@SUM(1+1)*cmd|' /C calc'!A0",
  "@A1",
  "@",
  "\t=1+1",
  "\t+1",
  "\r=1+1",
  "\r\n=1+1",
  "\n=1+1",
  "＝1+1",
  "＋1+1",
  "－1+1",
  "＠SUM(1)",
  '"=1+1"',
  "'=1+1",
  " =1+1",
  ";=1+1",
  ",=1+1",
  "\u00A0=1+1",
  "\uFEFF=1+1",
  "%0A-3+3+cmd|' /C calc'!D2",
  "<f>1+1</f>",
  '</t></is></c><c r="Z9"><f>1+1</f></c>',
  "]]><f>1+1</f>",
  "&#61;1+1",
  "_x003D_1+1",
];

it("knows at least fifty of them", () => {
  expect(new Set(PAYLOADS).size).toBeGreaterThanOrEqual(50);
});

it("none becomes anything but the text that it was", async () => {
  const folder = await withFolder();
  const rows = PAYLOADS.map((text, i) => ({ [PAYLOADS[0]!]: text, n: `x${i}` }));
  await put(folder, "payloads.json", JSON.stringify(rows));
  const { file } = await ranExcel(folder, { to: "t.xlsx", files: "payloads.json" });

  const xml = await partOf(file, "xl/worksheets/sheet1.xml");
  expect(xml).not.toMatch(/<f[\s>]/);
  expect(xml.match(/<c /g)).toHaveLength(2 + 2 * PAYLOADS.length);
  expect(xml.match(/ t="inlineStr"/g)).toHaveLength(2 + 2 * PAYLOADS.length);

  const sheet = await sheetAt(file);
  expect(sheet.getCell("A1").value).toBe("=1+1");
  for (const [index, text] of PAYLOADS.entries()) {
    const cell = sheet.getCell(index + 2, 1);
    expect([text, cell.type]).toEqual([text, ValueType.String]);
  }
  // That library leaves codes such as _x000D_ as they stand where text is not shared.
  const plain = [...PAYLOADS.entries()].filter(([, text]) => !/\r|_x/.test(text));
  expect(plain.map(([index]) => sheet.getCell(index + 2, 1).value)).toEqual(
    plain.map(([, text]) => text),
  );
});

it("what would be one when typed anew is marked to stay text, unless that is not wanted", async () => {
  const folder = await withFolder();
  await put(folder, "t.csv", "=head,b\n=1+1,plain\n-x,@x\n-5,+4\n");
  const marked = async (options: object) => {
    const { file } = await ranExcel(folder, { to: "t.xlsx", files: "t.csv", ...options });
    const styles = await partOf(file, "xl/styles.xml");
    const cells = await partOf(file, "xl/worksheets/sheet1.xml");
    const [, list = ""] = /<cellXfs[^>]*>(.*?)<\/cellXfs>/.exec(styles) ?? [];
    const quoted = (list.match(/<xf [^>]*>/g) ?? []).map((style) =>
      style.includes('quotePrefix="1"'),
    );
    return [...cells.matchAll(/<c r="(\w+)" s="(\d+)"/g)].flatMap(([, at, style]) =>
      quoted[Number(style)] ? [at] : [],
    );
  };
  expect(await marked({})).toEqual(["A1", "A2", "A3", "B3", "A4", "B4"]);
  expect(await marked({ escapeFormulas: false })).toEqual([]);
});
