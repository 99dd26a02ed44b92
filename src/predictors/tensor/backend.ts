/** The backends of TensorFlow.js, best first, and what is said of each that was looked at. */

/** `tensorflow-gpu` is said only where TensorFlow really computes on a GPU; its GPU build on a machine without one is `tensorflow`. */
export const backendNames = ["tensorflow-gpu", "tensorflow", "webgpu", "wasm", "cpu"] as const;
export type BackendName = (typeof backendNames)[number];

/** Training takes gradients of everything; webgpu is not used for it, wasm only where nothing better is there. */
export type Purpose = "training" | "inference";

/** One backend that was looked at, in the order of preference. */
export interface Attempt {
  readonly backend: BackendName;
  readonly taken: boolean;
  /** Why it was taken or not, for people. */
  readonly why: string;
  /** The command or the thing that would get it; empty where nothing can be done or nothing need be. */
  readonly how: string;
}

/** A backend that cannot be had. */
export class BackendMissing extends Error {
  override readonly name = "BackendMissing";
  readonly how: string;

  constructor(why: string, how: string) {
    super(why);
    this.how = how;
  }
}

export function isBackendName(name: string): name is BackendName {
  return (backendNames as readonly string[]).includes(name);
}
