// What a listener did not receive, in words.

import { counted } from '../runtime/counted.js';
import { NO_DESCRIPTORS } from '../runtime/file-descriptors.js';
import type { ListenerCounts } from './listener.js';

type Loss = readonly [keyof ListenerCounts, noun: string, what: string];

const LOSSES: readonly Loss[] = [
  ['cutLines', 'line', 'cut off by the end of a connection'],
  ['oversizedLines', 'line', 'too long to read'],
  ['discardedLines', 'line', 'discarded, too many unfinished'],
  ['refusedConnections', 'connection', 'refused, too many open'],
  ['failedConnections', 'connection', `closed, ${NO_DESCRIPTORS}`],
  ['droppedDatagrams', 'datagram', 'dropped, too many at once'],
];

/** One text for each kind of loss that happened. */
export function lossTexts(counts: ListenerCounts): string[] {
  return LOSSES.filter(([key]) => counts[key] > 0).map(
    ([key, noun, what]) => `${counted(counts[key], noun)} ${what}`,
  );
}
