// What other clients send, and where we send something else on purpose.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mapPeerCase, type PeerCase } from '../support/peer-lines.js';

const cases: readonly PeerCase[] = JSON.parse(
  readFileSync(new URL('../fixtures/peer-lines.json', import.meta.url), 'utf8'),
);
const title = ({ source, line }: PeerCase): string => `${source}: ${line ?? 'nothing'}`;
const same = cases.filter(({ ours }) => ours === undefined).map((peer) => [title(peer), peer] as const);
const different = cases
  .filter(({ ours }) => ours !== undefined)
  .map((peer) => [`${title(peer)}, because ${peer.because?.join('; and ')}`, peer] as const);

describe('we send what another client sends:', () => {
  it.each(same)('%s', (_title, peer) => {
    expect(mapPeerCase(peer)).toEqual(peer.line === null ? [] : [peer.line]);
  });
});

describe('we do not send what another client sends:', () => {
  it.each(different)('%s', (_title, peer) => {
    expect(mapPeerCase(peer)).toEqual(peer.ours);
    expect([peer.line]).not.toEqual(peer.ours);
    expect(peer.because?.length).toBeGreaterThan(0);
  });
});
