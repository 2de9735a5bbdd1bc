import { DatagramSender } from './datagram/datagram-sender.js';
import { loadUnixDgram } from './datagram/load-unix-dgram.js';
import { UdpChannel } from './datagram/udp-channel.js';
import { UnixDatagramChannel } from './datagram/unix-datagram-channel.js';
import type { TransportOptions } from './options.js';
import { type CreateSender, QueueingTransport } from './queueing-transport.js';
import { FunctionSink } from './sink/function-sink.js';
import { SinkSender } from './sink/sink-sender.js';
import { WritableSink } from './sink/writable-sink.js';
import { StreamSender } from './stream/stream-sender.js';
import { HostTarget, PathTarget } from './stream/stream-target.js';
import type { Transport } from './transport.js';

/** The one place that knows what is carried how. Opens nothing. */
export function createTransport(options: TransportOptions, loadUnixDatagrams = loadUnixDgram): Transport {
  const { destination } = options;
  const transport = (create: CreateSender): Transport => new QueueingTransport(options, create);
  switch (destination.protocol) {
    case 'udp':
      return transport(
        (queue, ledger, opts) =>
          new DatagramSender(
            queue,
            ledger,
            opts,
            (onRefused) => new UdpChannel(destination, ledger, opts, onRefused),
          ),
      );
    case 'unixgram':
      return transport(
        (queue, ledger, opts) =>
          new DatagramSender(
            queue,
            ledger,
            opts,
            () => new UnixDatagramChannel(destination, ledger, opts, loadUnixDatagrams),
          ),
      );
    case 'tcp':
    case 'tls':
      return transport(
        (queue, ledger, opts) =>
          new StreamSender(queue, ledger, opts, new HostTarget(destination, ledger, opts)),
      );
    case 'unix':
      return transport(
        (queue, ledger, opts) => new StreamSender(queue, ledger, opts, new PathTarget(destination.path)),
      );
    case 'stream':
      return transport(
        (queue, ledger, opts) => new SinkSender(queue, ledger, opts, new WritableSink(destination.stream)),
      );
    case 'lines':
      return transport(
        (queue, ledger, opts) => new SinkSender(queue, ledger, opts, new FunctionSink(destination.sink)),
      );
  }
}
