// Asking again until the answer is there, with a deadline and a message that says what was missing.
import { setTimeout as wait } from 'node:timers/promises';

const POLL_MILLIS = 25;
export const DEADLINE_MILLIS = 20_000;

/** Resolves with the first answer that is not undefined. */
export async function poll<Answer>(
  what: string | (() => string),
  probe: () => Promise<Answer | undefined> | Answer | undefined,
  { deadlineMillis = DEADLINE_MILLIS, everyMillis = POLL_MILLIS } = {},
): Promise<Answer> {
  const deadline = performance.now() + deadlineMillis;
  for (;;) {
    const answer = await probe();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) {
      throw new Error(`waited ${deadlineMillis} ms for ${typeof what === 'string' ? what : what()}`);
    }
    await wait(everyMillis);
  }
}
