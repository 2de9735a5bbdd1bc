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

/** Creates a transport without opening anything. */
export function createTransport(options: TransportOptions, loadUnixDatagrams = loadUnixDgram): Transport {
  return new QueueingTransport(options, senderFor(options, loadUnixDatagrams));
}

/** The only place that maps names of protocols to implementations. */
function senderFor({ destination }: TransportOptions, loadUnixDatagrams: typeof loadUnixDgram): CreateSender {
  switch (destination.protocol) {
    case 'udp':
      return (queue, ledger, options) =>
        new DatagramSender(
          queue,
          ledger,
          options,
          (onRefused) => new UdpChannel(destination, ledger, options, onRefused),
        );
    case 'unixgram':
      return (queue, ledger, options) =>
        new DatagramSender(
          queue,
          ledger,
          options,
          () => new UnixDatagramChannel(destination, ledger, options, loadUnixDatagrams),
        );
    case 'tcp':
    case 'tls':
      return (queue, ledger, options) =>
        new StreamSender(queue, ledger, options, new HostTarget(destination, ledger, options));
    case 'unix':
      return (queue, ledger, options) =>
        new StreamSender(queue, ledger, options, new PathTarget(destination.path));
    case 'stream':
      return (queue, ledger, options) =>
        new SinkSender(queue, ledger, options, new WritableSink(destination.stream));
    case 'lines':
      return (queue, ledger, options) =>
        new SinkSender(queue, ledger, options, new FunctionSink(destination.sink));
  }
}
