/** Dependencies: repairs by what the other rows of a group say. */
export { type CodedColumn, type CodedTable, codedTable, EMPTY } from "./coded-table.ts";
export { type Gathering, gatherings, outside } from "./concentration.ts";
export { type Edit, editDistance, editsBetween } from "./edits.ts";
export { dependencyVote } from "./dependency-vote.ts";
export { distributionOf, groupingOf, pairGrouping, strengthOf } from "./groups.ts";
