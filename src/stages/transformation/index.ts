/** Transformation: a profile in, candidate recipes out. */
export { AS_IS, Candidate } from "./candidate.ts";
export {
  combine,
  type CombineRequest,
  normalisation,
  type Proposals,
  selectedGenerators,
} from "./combine.ts";
export {
  defineGenerator,
  type GeneratorContext,
  type GeneratorDefinition,
  Proposal,
  type Wave,
} from "./generator.ts";
export { builtInGenerators } from "./generators/index.ts";
export { TransformationOptions } from "./options.ts";
