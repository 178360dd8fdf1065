import { expect, test } from "vitest";
import type { Dataset } from "../../../../src/core/index.ts";
import type { Profile } from "../../../../src/stages/profiling/index.ts";
import { validateCandidate, ValidationOptions } from "../../../../src/stages/validation/index.ts";
import { candidateOf } from "../../../helpers/stage-records.ts";

test("a candidate that was made for another dataset is refused before anything is asked", async () => {
  const request = {
    candidate: candidateOf("balanced", { fingerprint: "another" }),
    dataset: { name: "orders", fingerprint: "f" } as unknown as Dataset,
    source: "t",
    profile: {} as unknown as Profile,
    options: ValidationOptions.parse({}),
    folder: "nowhere",
    ask: () => Promise.reject(new Error("asked")),
  };
  await expect(validateCandidate(request)).rejects.toThrow(
    expect.objectContaining({
      code: "ARTIFACT_INVALID",
      details: { candidate: "balanced" },
    }),
  );
});
