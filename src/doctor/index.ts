/** Doctor: whether all is there that runs need. */
export { doctor, type DoctorOrder } from "./doctor.ts";
