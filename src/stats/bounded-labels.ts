/** Label values that come from input (environments, predictors) are bounded: beyond the bound they share the value `other`. */
export function createBoundedLabels(max: number): (value: string) => string {
  const known = new Set<string>();
  return (value) => {
    if (known.has(value)) return value;
    if (known.size >= max) return "other";
    known.add(value);
    return value;
  };
}
