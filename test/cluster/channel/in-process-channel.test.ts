import { expect, it } from 'vitest';
import { openInProcessChannel } from '../../../src/cluster/channel/in-process-channel.js';
import { loggedReceiver, openLogged } from '../support/channel-log.js';

it('a channel within the process carries messages both ways, never at once', async () => {
  const { receiver, log } = loggedReceiver();
  const worker = openLogged(openInProcessChannel(receiver));
  worker.channel.send({ n: 1 }, () => log.add('written'));
  expect([...worker.log.entries, ...log.entries]).toEqual([]);
  expect([await worker.log.take(2), await log.take(2)]).toEqual([
    ['open', { echo: { n: 1 } }],
    [{ n: 1 }, 'written'],
  ]);
});

it('a channel within the process that is closed leaves the receiver, and no event follows', async () => {
  const { receiver, log } = loggedReceiver();
  const worker = openLogged(openInProcessChannel(receiver));
  worker.channel.send({ n: 1 }, () => {});
  worker.channel.close();
  expect([await log.take(2), worker.log.entries]).toEqual([[{ n: 1 }, 'left'], []]);
});

it('an answer on its way to a closed channel within the process is dropped', async () => {
  const { receiver, log } = loggedReceiver();
  const worker = openLogged(openInProcessChannel(receiver));
  worker.channel.send({ n: 1 }, () => worker.channel.close());
  expect([await log.take(2), worker.log.entries]).toEqual([[{ n: 1 }, 'left'], ['open']]);
});
