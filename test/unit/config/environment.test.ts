import { describe, expect, it } from "vitest";
import { environmentSubstitute } from "../../../src/config/environment.ts";

const environment = environmentSubstitute({ HOME_DIR: "/home/x", EMPTY: "", ODD: "${run.id}" });
const replace = (text: string) => environment(text, ["accounts", 0, "inputs"]);
const inTask = (text: string) => environment(text, ["workflows", "w", "tasks", "t", "cwd"]);

describe("environmentSubstitute", () => {
  it("puts values in, several in one text", () => {
    expect(replace("${HOME_DIR}/a-${EMPTY}b")).toEqual({ value: "/home/x/a-b", flaws: [] });
  });

  it("leaves an escaped reference and other dollars alone", () => {
    expect(replace("$${HOME_DIR} costs $5$").value).toBe("${HOME_DIR} costs $5$");
  });

  it("does not look into values that it put in", () => {
    const nested = environmentSubstitute({ A: "${B}", B: "no" });
    expect(nested("${A}", ["output"]).value).toBe("${B}");
  });

  it("names an unset variable and one that is near", () => {
    const { flaws } = replace("${HOME_DIRR}");
    expect(flaws).toEqual(['environment variable HOME_DIRR is not set. Did you mean "HOME_DIR"?']);
  });

  it.each(["${}", "${A B}", "${1A}", "${OPEN"])("refuses %s as no reference", (text) => {
    expect(replace(text).flaws[0]).toMatch(/^expected \$\{NAME\}/);
  });

  it.each(["${run.id}", "${tasks.a.files}", '${vars["x y"]}'])(
    "says where %s belongs when it stands elsewhere",
    (text) => {
      expect(replace(text).flaws).toEqual([
        expect.stringMatching(/known only to options of tasks below workflows$/),
      ]);
    },
  );
});

describe("environmentSubstitute below workflows", () => {
  it("leaves what only a run knows as it is, and literals until then", () => {
    const text = "${tasks.a.files} ${run.id} ${account.id} ${vars.x} $${HOME_DIR} ${HOME_DIR}";
    expect(inTask(text)).toEqual({
      value: "${tasks.a.files} ${run.id} ${account.id} ${vars.x} $${HOME_DIR} /home/x",
      flaws: [],
    });
  });

  it("takes what comes from the environment as it is, never as a reference", () => {
    expect(inTask("${ODD}").value).toBe("$${run.id}");
    expect(replace("${ODD}").value).toBe("${run.id}");
  });

  it("refuses what is neither", () => {
    expect(inTask("${task.a.files}").flaws).toEqual([
      expect.stringMatching(/^expected \$\{NAME\} or a reference such as/),
    ]);
    expect(inTask("${HOME_DIRR}").flaws[0]).toContain('Did you mean "HOME_DIR"?');
  });
});
