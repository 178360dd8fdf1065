/** Kind `archive`: files into folders by date. */
export { archive } from "./archive.ts";
