/** Where the page's figures come from: one stream of live views, and lists that are asked for now and then. */
import { useEffect, useState } from "preact/hooks";
import type { DeadLetterView, ExampleView, LiveView, ModelsView } from "../serve/views.ts";

/** `lost` since when the stream is down: what is shown then is old. */
export interface Source {
  readonly live: LiveView | null;
  readonly lostSince: number | null;
}

const listEveryMs = 3_000;

export function useLive(): Source {
  const [source, setSource] = useState<Source>({ live: null, lostSince: null });
  useEffect(() => {
    const stream = new EventSource("api/live");
    stream.addEventListener("live", (event) => {
      const live: LiveView = JSON.parse(event.data);
      setSource({ live, lostSince: null });
    });
    stream.addEventListener("error", () =>
      setSource((before) => ({ ...before, lostSince: before.lostSince ?? Date.now() })),
    );
    return () => stream.close();
  }, []);
  return source;
}

/** Null until the first answer; the last good answer stays when asking fails. */
export function useList<T>(path: string, pick: (body: Lists) => readonly T[]): readonly T[] | null {
  const [list, setList] = useState<readonly T[] | null>(null);
  // `pick` is a constant of the caller's file; only the path decides what is asked for.
  useEffect(() => {
    let wanted = true;
    async function ask(): Promise<void> {
      if (document.hidden) return;
      const response = await fetch(path).catch(() => null);
      if (response === null || !response.ok) return;
      const body: Lists = await response.json();
      if (wanted) setList(pick(body));
    }
    void ask();
    const timer = setInterval(() => void ask(), listEveryMs);
    return () => {
      wanted = false;
      clearInterval(timer);
    };
  }, [path]);
  return list;
}

export interface Lists {
  readonly examples?: readonly ExampleView[];
  readonly models?: readonly ModelsView[];
  readonly deadLetters?: readonly DeadLetterView[];
}

/** What became of a command, in words. */
export async function sendCommand(body: object): Promise<string> {
  const response = await fetch("api/commands", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  }).catch(() => null);
  if (response === null) return "The server does not answer.";
  if (response.status === 202) return "Sent.";
  const { message }: { readonly message: string } = await response.json();
  return message;
}
