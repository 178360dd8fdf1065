import { defineTaskKind, type PrepareRequest, type TaskKind } from "../kind.ts";
import { PrepareOptions, prepareRequest, readsAccountInputs } from "../prepare/index.ts";

interface StageKind {
  readonly upTo: PrepareRequest["upTo"];
  readonly description: string;
  readonly files: string;
  readonly reports?: string;
}

const STAGES: Readonly<Record<string, StageKind>> = {
  profile: {
    upTo: "profiling",
    description: "Loads the tables and finds out what is known of them.",
    files: "A profile.json of each dataset, as absolute paths.",
  },
  generate: {
    upTo: "transformation",
    description: "Proposes candidates: recipes that may clean the tables.",
    files: "The candidates of all datasets, as absolute paths.",
  },
  validate: {
    upTo: "validation",
    description: "Judges which candidates keep what must be kept.",
    files: "A verdicts.json of each dataset, as absolute paths.",
  },
  score: {
    upTo: "scoring",
    description: "Scores the tables that the candidates yield.",
    files: "A scores.json of each dataset, as absolute paths.",
  },
  rank: {
    upTo: "ranking",
    description: "Puts the candidates in order.",
    files: "A ranking.json of each dataset, as absolute paths.",
  },
  apply: {
    upTo: "apply",
    description: "Applies the best candidate of each table.",
    files: "Cleaned tables, as absolute paths.",
    reports: "Report pages, as absolute paths.",
  },
};

/**
 * The stages of `prepare` as kinds of their own. Each does what its stage needs: stages that an
 * earlier task of the same run did are not done again.
 */
export const stages: readonly TaskKind[] = Object.entries(STAGES).map(([name, stage]) =>
  defineTaskKind({
    name,
    description: stage.description,
    options: PrepareOptions,
    results: {
      files: stage.files,
      datasets: "Summary of each dataset, by its name.",
      ...(stage.reports === undefined ? {} : { reports: stage.reports }),
    },
    usesInputs: readsAccountInputs,
    heavy: true,
    run: (context) => context.ports.prepare(prepareRequest(stage.upTo, context)),
  }),
);
