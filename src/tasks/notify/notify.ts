import type { Json } from "../../core/index.ts";
import type { TaskResults } from "../../orchestration/index.ts";
import { mayHaveHappened } from "../effects.ts";
import { defineTaskKind, type TaskContext } from "../kind.ts";
import { NotifyOptions } from "./notify-options.ts";
import { post, type Receipt } from "./post.ts";

export const notify = defineTaskKind({
  name: "notify",
  description: "Posts a signed message to a web address.",
  options: NotifyOptions,
  files: ["ca"],
  results: {
    status: "HTTP status of the answer; null when nobody knows.",
    answer: "The beginning of the answer.",
    key: "The `Idempotency-Key` that was sent.",
  },
  run: postNotification,
});

async function postNotification(context: TaskContext<NotifyOptions>): Promise<TaskResults> {
  const { options, configFolder, log } = context;
  const { idempotent } = options;
  const body = JSON.stringify(options.body ?? ownBody(context));
  // A receiver that tells repetitions may be asked again: for it nothing is ever uncertain.
  let isOpen = false;
  const receipt = await context.effect<Receipt>({
    name: "post",
    cause: async (key, signal) => {
      isOpen = !idempotent;
      return post({ options, body, key, configFolder, signal }, () => {
        isOpen = false;
      });
    },
    mayHaveHappened: (error) => isOpen && (context.signal.aborted || mayHaveHappened(error)),
    ...(idempotent ? { probe: async () => ({ done: false }) as const } : {}),
  });
  // Settled by a person or by policy: nobody knows what was answered.
  if (!receipt) return { status: null, answer: null, key: null };
  log.info({ status: receipt.status }, "notification was taken");
  return receipt;
}

function ownBody(context: TaskContext<NotifyOptions>): Json {
  const { options, runId, account, workflow, task, scheduledAt } = context;
  return { event: options.event, run: runId, account, workflow, task, scheduledAt };
}
