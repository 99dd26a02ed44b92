/** All commands, in the order in which help lists them. */
import { acknowledgeCommand, alarmsCommand, rebaselineCommand } from "./alarms.ts";
import { configCommand } from "./config.ts";
import { deadLettersCommand } from "./dead-letters.ts";
import { doctorCommand } from "./doctor.ts";
import { evaluateCommand } from "./evaluate/evaluate.ts";
import { explainCommand } from "./explain.ts";
import type { Command } from "./host.ts";
import { pinCommand } from "./pin.ts";
import { replayCommand } from "./replay.ts";
import { resetCommand } from "./reset.ts";
import { runCommand } from "./run.ts";
import { schemaCommand } from "./schema.ts";
import { suggestCompareCommand } from "./suggest-compare.ts";
import { tensorflowCommand } from "./tensorflow.ts";
import { topicsCommand } from "./topics.ts";
import { topologyCommand } from "./topology.ts";
import { trainCommand } from "./train/train.ts";

export const commands: readonly Command[] = [
  runCommand,
  replayCommand,
  evaluateCommand,
  trainCommand,
  explainCommand,
  suggestCompareCommand,
  pinCommand,
  alarmsCommand,
  acknowledgeCommand,
  rebaselineCommand,
  schemaCommand,
  topologyCommand,
  topicsCommand,
  deadLettersCommand,
  doctorCommand,
  tensorflowCommand,
  configCommand,
  resetCommand,
];
