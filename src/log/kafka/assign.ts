/**
 * Who gets which partition: as even as possible, and as it was where it can be. Cooperative: a partition that another member still holds is
 * given to nobody until that one has settled it and says so; whoever keeps a partition works on meanwhile. Pure; the group's leader runs it.
 */
export interface GroupMember {
  readonly id: string;
  /** What it holds or is settling, as it says when it joins. */
  readonly held: readonly number[];
  /** Generation in which it came to hold them: of two that claim a partition, the later one has it. */
  readonly generation: number;
}

/** Partitions 0 … `partitions` − 1, by member id. */
export function assign(members: readonly GroupMember[], partitions: number): ReadonlyMap<string, readonly number[]> {
  const sorted = [...members].sort((a, b) => (a.id < b.id ? -1 : 1));
  const holders = holdersOf(sorted, partitions);
  const wanted = balanced(sorted, holders, partitions);
  const given = new Map<string, number[]>(sorted.map(({ id }) => [id, []]));
  for (let partition = 0; partition < partitions; partition++) {
    const holder = holders.get(partition);
    const owner = wanted.get(partition);
    if (owner !== undefined && (holder === undefined || holder === owner)) given.get(owner)?.push(partition);
  }
  return given;
}

function holdersOf(members: readonly GroupMember[], partitions: number): ReadonlyMap<number, string> {
  const holders = new Map<number, string>();
  const since = new Map<number, number>();
  for (const { id, held, generation } of members) {
    for (const partition of held) {
      if (partition < 0 || partition >= partitions || (since.get(partition) ?? -1) > generation) continue;
      since.set(partition, generation);
      holders.set(partition, id);
    }
  }
  return holders;
}

/** Everybody keeps what it has up to its share; what is over goes to whoever has least. */
function balanced(
  members: readonly GroupMember[],
  holders: ReadonlyMap<number, string>,
  partitions: number,
): ReadonlyMap<number, string> {
  const share = Math.floor(partitions / members.length);
  let extra = partitions % members.length;
  const counts = new Map(members.map(({ id }) => [id, 0]));
  const wanted = new Map<number, string>();
  for (const { id } of members) {
    const its = [...holders].filter(([, holder]) => holder === id).map(([partition]) => partition);
    let most = share;
    if (its.length > share && extra > 0) {
      extra -= 1;
      most += 1;
    }
    for (const partition of its.sort((a, b) => a - b).slice(0, most)) {
      wanted.set(partition, id);
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
  }
  for (let partition = 0; partition < partitions; partition++) {
    if (wanted.has(partition)) continue;
    const [least] = [...counts].sort((a, b) => a[1] - b[1]);
    if (least === undefined) break;
    wanted.set(partition, least[0]);
    counts.set(least[0], least[1] + 1);
  }
  return wanted;
}
