/** The name that shares the most letters in order, where one is near: at most `awayMax` letters have to be changed. */
export function nearest(name: string, names: readonly string[], awayMax = 4): string {
  const distance = (a: string, b: string) => {
    let row = Array.from({ length: b.length + 1 }, (_, at) => at);
    for (let i = 1; i <= a.length; i++) {
      const next = [i];
      for (let j = 1; j <= b.length; j++) {
        next.push(
          Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + Number(a[i - 1] !== b[j - 1])),
        );
      }
      row = next;
    }
    return row[b.length] ?? 0;
  };
  const [best] = names.map((one) => ({ one, away: distance(name.slice(0, 80), one) })).sort((a, b) => a.away - b.away);
  return best !== undefined && best.away <= awayMax ? `; did you mean ${best.one}?` : "";
}
