/**
 * Which of many findings hold: Benjamini–Hochberg, J. R. Statist. Soc. B 57 (1995) 289. At most a share `q` of those kept is expected to be
 * chance. Returns the indices kept, the smallest p first.
 */
export function benjaminiHochberg(ps: readonly number[], q = 0.05): readonly number[] {
  const order = ps.map((p, at) => ({ p, at })).sort((a, b) => a.p - b.p || a.at - b.at);
  let kept = 0;
  for (const [rank, { p }] of order.entries()) if (p <= ((rank + 1) * q) / ps.length) kept = rank + 1;
  return order.slice(0, kept).map(({ at }) => at);
}
