/** Kind `excel`: tables to a workbook, and the sheets of workbooks to tables. */
export { excel } from "./excel.ts";
