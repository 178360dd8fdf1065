import { z } from "zod";

const MAX = 65_535;

/** A port of TCP; also as a text, which is what an environment variable gives. */
export const Port = z.union([
  z.int().min(1).max(MAX),
  z
    .string()
    .regex(/^[1-9]\d{0,4}$/, `expected a port from 1 to ${MAX}`)
    .transform(Number)
    .pipe(z.int().max(MAX)),
]);
