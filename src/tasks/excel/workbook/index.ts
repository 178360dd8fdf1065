/** Workbooks: XLSX files written row by row, and the rules that programs have for them. */
export { cellPlace, columnLetters, MAX_COLUMNS, MAX_ROWS } from "./cell-name.ts";
export {
  attributeText,
  cellText,
  cutToCell,
  keepsSpace,
  looksLikeFormula,
  MAX_CELL_CHARACTERS,
} from "./cell-text.ts";
export { isNamedFormat, type Look, NAMED_FORMATS, type ValueKind } from "./named-formats.ts";
export { flawOfFormat, kindOfFormat } from "./number-format.ts";
export {
  flawOfSheetName,
  foldedName,
  freeName,
  numberedName,
  sheetNameFrom,
} from "./sheet-names.ts";
export {
  type Cell,
  cellXml,
  type ColumnStyles,
  PIECE_CHARACTERS,
  type SheetColumn,
  type SheetPlan,
} from "./sheet-xml.ts";
export { builtInFormats } from "./styles.ts";
export { writeWorkbook } from "./write-workbook.ts";
export { ZipFile } from "./zip-file.ts";
