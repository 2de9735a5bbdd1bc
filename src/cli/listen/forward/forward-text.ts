// What is said about forwarding, in words.

import { explainCause } from '../../../exporter/telemetry/delivery-causes.js';
import { counted } from '../../../runtime/counted.js';
import { type Endpoint, formatEndpoint } from '../../../transport/endpoint/endpoint.js';
import type { ForwardState } from './forwarder.js';

export interface ForwardStatus extends ForwardState {
  readonly endpoint: Endpoint;
  /** What is passed on: `datagram`, `line` or `frame`. */
  readonly noun: string;
}

/** Whether it works, as a sentence without its full stop. */
export function forwardText({ endpoint, health }: ForwardStatus): string {
  const where = formatEndpoint(endpoint);
  if (health.name === 'working') return `Forwarding to ${where}`;
  const what = explainCause(health.cause, endpoint.protocol)?.problem ?? 'the connection failed';
  return `Forwarding to ${where} fails: ${what} (${health.cause})`;
}

/** The same for a log, with what has been lost once it works again. */
export function forwardChangeText(status: ForwardStatus): string {
  if (status.health.name === 'failing') return forwardText(status);
  const have = status.lost === 1 ? 'has' : 'have';
  return `${forwardText(status)} works again; ${counted(status.lost, status.noun)} ${have} not been passed on so far`;
}

export function forwardCounts({ passedOn, lost, noun }: ForwardStatus): string[] {
  const passed = `${counted(passedOn, noun)} passed on`;
  return lost === 0 ? [passed] : [passed, `${lost.toLocaleString('en-US')} not passed on`];
}
