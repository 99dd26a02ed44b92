/**
 * A stream task's hold on its input, which can be taken from it while it hangs somewhere: whatever it still tries then is `Fenced`, so that nothing
 * it does later is committed. A commit that is on its way cannot be called back: who comes next waits until it has settled, and only then asks
 * what is committed.
 */
import { Fenced, type TaskInput } from "../log/port.ts";

export interface Hold {
  readonly input: TaskInput;
  isReleased(): boolean;
  release(): void;
  /** Resolves when no commit is on its way. */
  settled(): Promise<void>;
}

export function holdOf(given: TaskInput): Hold {
  const { group, partition } = given;
  let released = false;
  let onItsWay: Promise<unknown> = Promise.resolve();

  function mine(): void {
    if (released) throw new Fenced(`partition ${partition} of ${group} was taken from this stream task`);
  }

  async function held<T>(act: () => Promise<T>): Promise<T> {
    mine();
    const result = await act();
    mine();
    return result;
  }

  return {
    input: {
      group,
      partition,
      committed: () => held(() => given.committed()),
      range: (topic) => held(() => given.range(topic)),
      read: (from, limits, waitMs) => held(() => given.read(from, limits, waitMs)),
      async commit(commit) {
        mine();
        const committing = given.commit(commit);
        onItsWay = committing.catch(() => {});
        await committing;
      },
    },
    isReleased: () => released,
    release() {
      released = true;
    },
    settled: async () => void (await onItsWay),
  };
}
