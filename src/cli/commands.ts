/** All commands, in the order in which help lists them. Each is loaded when it is asked for: the whole program takes a second to load. */
import type { Command } from "./host.ts";

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  load(): Promise<Command>;
}

export const commands: readonly CommandEntry[] = [
  {
    name: "run",
    summary: "run everything on this machine: log, stages, HTTP and page; or a part of it on Kafka",
    load: async () => (await import("./run.ts")).runCommand,
  },
  {
    name: "replay",
    summary: "play recorded events (jsonl, also gzip; - is standard input)",
    load: async () => (await import("./replay.ts")).replayCommand,
  },
  {
    name: "evaluate",
    summary: "score predictors on recorded episodes",
    load: async () => (await import("./evaluate/evaluate.ts")).evaluateCommand,
  },
  {
    name: "train",
    summary: "train a neural predictor from recorded episodes",
    load: async () => (await import("./train/train.ts")).trainCommand,
  },
  {
    name: "explain",
    summary: "say why each predictor predicted what it did for a step",
    load: async () => (await import("./explain.ts")).explainCommand,
  },
  {
    name: "rules",
    summary: "say in words what a predictor has learnt of an environment",
    load: async () => (await import("./rules.ts")).rulesCommand,
  },
  {
    name: "suggest-compare",
    summary: "suggest comparison rules: paths that never repeat, timestamps, unordered arrays",
    load: async () => (await import("./suggest-compare.ts")).suggestCompareCommand,
  },
  {
    name: "pin",
    summary: "pin a version of a learnt predictor as its reference, unpin it, or list versions",
    load: async () => (await import("./pin.ts")).pinCommand,
  },
  {
    name: "alarms",
    summary: "list open alarms with their causes, or the baselines against which they are raised",
    load: async () => (await import("./alarms.ts")).alarmsCommand,
  },
  {
    name: "acknowledge",
    summary: "say that an alarm is known",
    load: async () => (await import("./alarms.ts")).acknowledgeCommand,
  },
  {
    name: "rebaseline",
    summary: "accept how things are: begin another baseline for a reference",
    load: async () => (await import("./alarms.ts")).rebaselineCommand,
  },
  {
    name: "schema",
    summary: "list the places of an environment's states and actions, and what is new",
    load: async () => (await import("./schema.ts")).schemaCommand,
  },
  {
    name: "topology",
    summary: "print the dataflow: sub-topologies, topics, keys, retention",
    load: async () => (await import("./topology.ts")).topologyCommand,
  },
  {
    name: "topics",
    summary: "count or read the records of the topics; on Kafka make them, or show and mend what differs",
    load: async () => (await import("./topics.ts")).topicsCommand,
  },
  {
    name: "dead-letters",
    summary: "list dead letters by reason, or show one whole",
    load: async () => (await import("./dead-letters.ts")).deadLettersCommand,
  },
  {
    name: "doctor",
    summary: "say what is wrong with your Kafka or the data folder, and what mends it; say what computes tensors here",
    load: async () => (await import("./doctor.ts")).doctorCommand,
  },
  {
    name: "tensorflow",
    summary: "build TensorFlow for this machine's CPU or GPU; check what computes tensors here",
    load: async () => (await import("./tensorflow.ts")).tensorflowCommand,
  },
  {
    name: "config",
    summary: "list every option with flag, variable and default, or show what is in force",
    load: async () => (await import("./config.ts")).configCommand,
  },
  {
    name: "reset",
    summary: "start a consumer group anew, when an error says so",
    load: async () => (await import("./reset.ts")).resetCommand,
  },
];
