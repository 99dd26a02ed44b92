/** Whether a number before a name says how many: of what an episode asks for again, it is another one often. */

export interface AmountCounts {
  /** The actions of an episode. */
  add(actions: readonly string[]): void;
  decided(): boolean;
}

const numbered = /(?<=\s)(\d+) (\S+)/g;
const againMin = 20;
const share = 0.3;

export function createAmountCounts(): AmountCounts {
  let [again, others] = [0, 0];
  return {
    add(actions) {
      const last = new Map<string, string>();
      for (const action of actions)
        for (const [, number = "", name = ""] of action.matchAll(numbered)) {
          const before = last.get(name);
          if (before !== undefined) again += 1;
          if (before !== undefined && before !== number) others += 1;
          last.set(name, number);
        }
    },
    decided: () => again >= againMin && others >= share * again,
  };
}
