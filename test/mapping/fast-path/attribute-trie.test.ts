import { describe, expect, it } from 'vitest';
import { dialects } from '../../../src/mapping/dialects/index.js';
import {
  AttributeTrie,
  MAX_ATTRIBUTES,
  type TrieNode,
} from '../../../src/mapping/fast-path/attribute-trie.js';
import { ByteArena } from '../../../src/mapping/fast-path/byte-arena.js';
import { TagInternTable } from '../../../src/mapping/fast-path/tag-intern-table.js';
import type { Tag } from '../../../src/mapping/tags/tags.js';

function trieOf(...constantTags: readonly Tag[]): AttributeTrie {
  return new AttributeTrie(constantTags, new TagInternTable(dialects.dogstatsd, new ByteArena()));
}

/** The node of a sequence of keys; undefined when there is none. */
function nodeOf(trie: AttributeTrie, ...keys: readonly string[]): TrieNode | undefined {
  let node: TrieNode | undefined = trie.root;
  for (const key of keys) node = node && trie.insert(node, key);
  return node;
}

function orderOf(node: TrieNode | undefined): number[] | undefined {
  return node?.order && [...node.order];
}

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `k${100 + index}`);

describe('a node of the trie of attributes', () => {
  it('knows the order of the tags by their keys, among those of the scope', () => {
    const plain = trieOf();
    const scoped = trieOf(['b', '1'], ['d', '2']);
    expect([
      orderOf(plain.root),
      orderOf(nodeOf(plain, 'b', 'c', 'a')),
      orderOf(scoped.root),
      orderOf(nodeOf(scoped, 'c', 'a', 'e')),
      orderOf(nodeOf(scoped, 'c', 'b')),
    ]).toEqual([
      [],
      [2, 0, 1],
      [MAX_ATTRIBUTES, MAX_ATTRIBUTES + 1],
      [1, MAX_ATTRIBUTES, 0, MAX_ATTRIBUTES + 1, 2],
      [MAX_ATTRIBUTES, 0, MAX_ATTRIBUTES + 1],
    ]);
  });

  it('has no order for keys that are one tag, with or without others', () => {
    const trie = trieOf();
    const nodes = [nodeOf(trie, 'a b', 'a|b'), nodeOf(trie, 'x', 'a b', 'a|b')];
    expect(nodes.map((node) => [node?.depth, orderOf(node)])).toEqual([
      [2, undefined],
      [3, undefined],
    ]);
  });

  it('is not made for a key that the table of tags has no room for', () => {
    const table = new TagInternTable(dialects.dogstatsd, new ByteArena());
    const trie = new AttributeTrie([], table);
    for (let key = 0; key < 256; key++) table.keyOf(`key ${key}`);
    expect([trie.insert(trie.root, 'one more'), trie.root.firstChild]).toEqual([undefined, undefined]);
    expect(trie.insert(trie.root, 'key 7')?.interned).toBe(table.keyOf('key 7'));
  });

  it('has its parent, its depth and the children before it', () => {
    const trie = trieOf();
    const [first, second] = [nodeOf(trie, 'a')!, nodeOf(trie, 'b')!];
    const child = trie.insert(second, 'c')!;
    expect([trie.root.depth, first.depth, child.depth]).toEqual([0, 1, 2]);
    expect([trie.root.firstChild, second.nextSibling, first.nextSibling, second.firstChild]).toEqual([
      second,
      first,
      undefined,
      child,
    ]);
    expect([child.parent, child.key, child.interned?.text]).toEqual([second, 'c', 'c']);
  });

  it('is at most sixteen keys deep', () => {
    expect([nodeOf(trieOf(), ...names(16))?.depth, nodeOf(trieOf(), ...names(17))]).toEqual([16, undefined]);
  });

  it('has at most sixteen children', () => {
    const trie = trieOf();
    expect(names(18).map((key) => trie.insert(trie.root, key) !== undefined)).toEqual([
      ...new Array<boolean>(16).fill(true),
      false,
      false,
    ]);
  });

  it('is one of 128', () => {
    const trie = trieOf();
    const parents = names(12).map((key) => trie.insert(trie.root, key)!);
    const made = parents.flatMap((parent) => names(12).map((key) => trie.insert(parent, key) !== undefined));
    expect(made).toEqual(made.map((_, index) => index < 128 - 12));
  });

  it('has a place for one more key, unless it has the key already', () => {
    const trie = trieOf(['g', '1']);
    const node = nodeOf(trie, 'x', 'c')!;
    const root = trieOf();
    expect(['a', 'c', 'le', 'g', 'x', 'z'].map((key) => trie.placeOf(key, node))).toEqual([
      0,
      undefined,
      2,
      undefined,
      undefined,
      3,
    ]);
    expect(root.placeOf('le', root.root)).toBe(0);
  });
});

describe('a trie of attributes is ambiguous', () => {
  it.each<[string, readonly Tag[], readonly string[], unknown[], boolean]>([
    ['no, without attributes', [['a', '1']], [], [], false],
    ['no, with values of one type', [['a', '1']], ['b'], ['x', 'y', 'z'], false],
    ['when the scope has a tag of that key', [['a', '1']], ['a'], ['x'], true],
    ['when a value is no tag', [], ['a'], ['x', null], true],
    ['when two values are one to the server', [], ['a'], ['x|y', 'x_y'], true],
    ['when two keys are one to the server', [], ['a|b', 'a b'], [], true],
  ])('%s', (_, constantTags, keys, values, isAmbiguous) => {
    const trie = trieOf(...constantTags);
    for (const key of keys) for (const value of values) nodeOf(trie, key)!.interned!.refOf(value);
    for (const key of keys) nodeOf(trie, key);
    expect(trie.isAmbiguous).toBe(isAmbiguous);
  });
});
