/** The generators that come with the tool; importing this registers them. */
import type { GeneratorDefinition } from "../generator.ts";
import { alternatives } from "./alternatives/index.ts";
import { characters } from "./characters/index.ts";
import { clusters } from "./clusters/index.ts";
import { constants } from "./constants/index.ts";
import { dependencyVote } from "./dependencies/index.ts";
import { duplicates } from "./duplicates.ts";
import { formats } from "./formats/index.ts";
import { nulls } from "./nulls/index.ts";
import { restyle } from "./restyle.ts";
import { spills } from "./spills/index.ts";
import { swaps } from "./swaps/index.ts";

/** Each of them, in no particular order. */
export const builtInGenerators: readonly GeneratorDefinition[] = [
  alternatives,
  characters,
  clusters,
  constants,
  dependencyVote,
  duplicates,
  formats,
  nulls,
  restyle,
  spills,
  swaps,
];
