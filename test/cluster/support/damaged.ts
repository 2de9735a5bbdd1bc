/** A copy whose value at this place, counted over all values, is replaced. */
export function damaged(value: unknown, place: number, damage: unknown): unknown {
  const places: (() => void)[] = [];
  const copy = { root: structuredClone(value) };
  const visit = (holder: Record<string, unknown>): void => {
    for (const key of Object.keys(holder)) {
      places.push(() => {
        holder[key] = damage;
      });
      const child = holder[key];
      if (typeof child === 'object' && child !== null) visit(child as Record<string, unknown>);
    }
  };
  visit(copy);
  places[place % places.length]!();
  return copy.root;
}
