/** Transformation: a profile in, candidate recipes out. */
export { AS_IS, Candidate } from "./candidate.ts";
export {
  defineGenerator,
  type GeneratorContext,
  type GeneratorDefinition,
  Proposal,
  registeredGenerators,
  selectedGenerators,
  type Wave,
} from "./generator.ts";
export { TransformationOptions } from "./options.ts";
