import type { TransportOptions } from './options.js';
import { QueueingTransport } from './queueing-transport.js';
import { StreamCarrier } from './stream.js';
import type { Transport } from './transport.js';
import { UdpCarrier } from './udp.js';

/** The one place that knows which protocol is carried how. Opens nothing. */
export function createTransport(options: TransportOptions): Transport {
  switch (options.endpoint.protocol) {
    case 'udp':
      return new QueueingTransport(options, (...parts) => new UdpCarrier(...parts));
    case 'tcp':
      return new QueueingTransport(options, (...parts) => new StreamCarrier(...parts));
  }
}
