/** A kind of rule of one's own: `use: check_digit` in `validation.constraints`. */
import { defineConstraint, identifier } from "data-wrangler";
import { isArticleNumber } from "./check-digit.js";

defineConstraint({
  name: "check_digit",
  expects: ({ columns }) => `${columns.join(", ")} is an article number with a right check digit`,
  violations: ({ columns, table }) => {
    const wrong = columns.map((column) => {
      const cell = identifier(column);
      return `(${cell} IS NOT NULL AND NOT ${isArticleNumber(cell)})`;
    });
    return `SELECT count(*) AS violations FROM ${table} WHERE ${wrong.join(" OR ")}`;
  },
});
