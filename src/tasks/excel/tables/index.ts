/** Tables on their way into a workbook: read, their columns looked at, their values made cells. */
export type { ColumnChoice } from "./chosen-columns.ts";
export {
  type CellCounts,
  type LoadedTable,
  loadTable,
  refuseDamaged,
  type TableOrder,
} from "./load-table.ts";
export { tableName, withoutTwins } from "./twins.ts";
