/** Two-sided 95 %. */
const z = 1.959963984540054;

/**
 * Wilson's score interval (1927) of a share: between which rates one would say the true one lies, after so many
 * successes in so many tries. Unlike the normal approximation it is right for few tries and near 0 and 1.
 */
export function wilsonInterval(
  successes: number,
  tries: number,
): { readonly low: number; readonly high: number } {
  if (tries === 0) return { low: 0, high: 1 };
  const rate = successes / tries;
  const z2 = z * z;
  const centre = rate + z2 / (2 * tries);
  const spread = z * Math.sqrt((rate * (1 - rate)) / tries + z2 / (4 * tries * tries));
  const scale = 1 + z2 / tries;
  return {
    low: successes === 0 ? 0 : Math.max(0, (centre - spread) / scale),
    high: successes === tries ? 1 : Math.min(1, (centre + spread) / scale),
  };
}
