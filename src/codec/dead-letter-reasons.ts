/** The closed list of reasons for dead letters (kept records) and counted drops (harmless records), with what to do about each. */
export const deadLetterReasons = {
  undecodable: "The bytes are neither Avro of a known schema nor JSON. Check the producer's serializer.",
  "no-registry":
    "The record is in Confluent framing, and no schema registry is configured. Start with `--registry URL`.",
  "unknown-schema": "The schema registry has no schema with the record's id. Let the producer use the same registry.",
  "foreign-schema":
    "The record's schema cannot be read as an interaction; the message says why. Compare it with `schemas/interaction.avsc`.",
  invalid: "The event does not have the form of its type. The message names the key.",
  "too-large": "The event or a value in it is beyond a limit. Raise the limit or send patches.",
  clock: "The event's time is more than 5 minutes ahead of the log's. Set the producer's clock.",
  conflict: "Another body came before under the same identity. Give every event its own step or id.",
  "reset-running": "A second reset for an episode that is still running. Give every run its own episode id.",
  "unknown-episode": "The episode was never opened: no event of it named its environment in time.",
  "environment-mismatch": "The event names another environment than its episode's.",
  "patch-failed": "The patch does not apply to the episode's state. Send a full state to mend the episode.",
  "no-base-state": "A patch came while the episode's state is unknown. Send a full state first.",
  "state-too-large": "The patched state is beyond the limit.",
  schema:
    "The state has a place that the strict environment does not list. Mend the producer, or list it in track.environments.",
  "observation-without-action": "No action of this step came within the reorder window.",
  "beyond-window": "The step is too far ahead of the episode, or its reorder buffer is full.",
  "unknown-model":
    "The command names an environment or predictor of which no version is kept. `driftline pin --list` shows what is.",
  "unknown-version":
    "The command names a version that is not kept, or not one alone. `driftline pin --list` shows what is.",
  "unknown-alarm": "The command names an alarm that is not open. `driftline alarms` lists those that are.",
  "unknown-baseline": "The command names a reference that has no baseline. `driftline alarms --baselines` lists them.",
  defect: "Driftline's own logic threw. Please report it with this record.",
} as const;
export type DeadLetterReason = keyof typeof deadLetterReasons;

const dropReasons = {
  duplicate: "A redelivery of an event already taken: harmless.",
  "after-end": "The episode has ended; the event is later than its end.",
  "stale-step": "The episode is already past this step.",
  "action-without-observation": "The action's observation never came.",
  "prediction-late": "The prediction came after its deadline.",
  "prediction-unscored": "The step it predicts is not fit to be scored, or never came.",
} as const;
export type DropReason = keyof typeof dropReasons;
