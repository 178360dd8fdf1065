/**
 * Wilson's score interval for a share (E. B. Wilson, JASA 22, 1927): sound for small samples and
 * for shares near 0 and 1, where the usual normal interval is not.
 *
 * @module
 */

/** Standard normal quantile of a two-sided 95 % interval. */
const Z = 1.959963984540054;

/** Upper 95 % bound of the share that `hits` of `trials` is an estimate of; 1 of nothing. */
export function wilsonUpper(hits: number, trials: number): number {
  return hits >= trials ? 1 : bound(hits, trials, 1);
}

/** Lower 95 % bound of the share that `hits` of `trials` is an estimate of; 0 of nothing. */
export function wilsonLower(hits: number, trials: number): number {
  return hits <= 0 ? 0 : bound(hits, trials, -1);
}

function bound(hits: number, trials: number, side: 1 | -1): number {
  const share = hits / trials;
  const z2 = Z * Z;
  const centre = share + z2 / (2 * trials);
  const spread = Z * Math.sqrt((share * (1 - share)) / trials + z2 / (4 * trials * trials));
  return Math.min(1, Math.max(0, (centre + side * spread) / (1 + z2 / trials)));
}
