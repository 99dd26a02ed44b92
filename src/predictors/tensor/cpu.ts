/** Plain JavaScript: always there, correct, and hundreds of times slower than native code. The operator suite compares against it. */
import { makeCurrent } from "./current.ts";
import { ownTree } from "./tensorflow.ts";
import type { Opened } from "./tensors.ts";

export async function openCpu(): Promise<Opened> {
  const tf = ownTree.tf();
  await makeCurrent(tf, "cpu");
  return { tf, name: "cpu", device: "plain JavaScript", limits: ["everything is very slow"], failure: () => null };
}
