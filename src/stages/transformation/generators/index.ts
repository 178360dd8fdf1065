/** The generators that come with the tool; importing this registers them. */
export { characters } from "./characters/index.ts";
export { clusters } from "./clusters/index.ts";
export { constants } from "./constants/index.ts";
export { dependencyVote } from "./dependencies/index.ts";
export { duplicates } from "./duplicates.ts";
export { formats } from "./formats/index.ts";
export { nulls } from "./nulls/index.ts";
export { restyle } from "./restyle.ts";
export { spills } from "./spills/index.ts";
