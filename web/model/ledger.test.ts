import {describe, expect, it} from 'vitest';

import {checkReceipt, fromBase64, isConsistent, leafHash, nodeHash, NotProved, openCheckpoint, parseReceipt, rootOf, same} from './ledger';

// A receipt of a shop that was made for this test and is gone since.
const kKey = 'rapport/main+bb8b7b56+AXKuYJlSFfs/nfHFm63mizjqCMglGGMFKGysp6LXfw+t';
const kReceipt = String.raw`{"format":"rapport-receipt/1","seq":8,"index":3,"leaf":"CAAAAAAAAAA6JeQEogEAAAEBBgEm1OGKIy1ldmVudHMtanNvbmw6MjNjOWJhNTk2MGZhOTM0MTkyYzhhNDNmNTc5YjJjZTkBgwEfAZsxpU4aveG+BwAAAJcc+auYgxN99conTtgIgRnAUAt1AlIyAwJQMXbAPj0BmzGlThq94b4IAAAA8V0bz6WYEQYLekrAVz27MMkVPxyblO6eHuqcOgrxgnryn+IF0BEX1QxfCZn0AEGO","proof":["yAQquGQSdBNmJHG7Fu6kPPnG9zjx5+BatYr+E+FZ9VE=","2xfhqy7oqOyBPzJqxnrFk8dya/r0mHUP68SQjxVVJbM=","E92JP6Omm8msNT9hrrs7pzpZ7vq9vhCGLLk3uNusvxU=","2lDy5IjkSGiFxnIr70BihxcFJPCNGgDfdBfa1L+OfTQ="],"checkpoint":"rapport/main\n11\n+6WcbeqEmjOIbSXRunYDIjpGpZ/CFOvWACPVroUPjnA=\n\n— rapport/main u4t7Vg5qqhi0h4ZHMPTizgh4WXJIUoF6TnLvAo3RVkIS2kIL7nd5Iwe6W44lvNARWpNu16894fcWRO8/h34gkvjACgs=\n","key":"rapport/main+bb8b7b56+AXKuYJlSFfs/nfHFm63mizjqCMglGGMFKGysp6LXfw+t"}`;

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const leaves = Array.from({length: 40}, (_, n) => leafHash(bytes(String(n))));

/** RFC 6962's own words, over all leaves. */
function half(n: number): number {
  return n <= 2 ? 1 : 2 ** Math.floor(Math.log2(n - 1));
}
function treeOf(all: Uint8Array[]): Uint8Array {
  const only = all[0];
  if (all.length === 1 && only) return only;
  const k = half(all.length);
  return nodeHash(treeOf(all.slice(0, k)), treeOf(all.slice(k)));
}
function pathOf(m: number, all: Uint8Array[]): Uint8Array[] {
  if (all.length === 1) return [];
  const k = half(all.length);
  return m < k ? [...pathOf(m, all.slice(0, k)), treeOf(all.slice(k))] : [...pathOf(m - k, all.slice(k)), treeOf(all.slice(0, k))];
}
function proofOf(m: number, all: Uint8Array[], whole = true): Uint8Array[] {
  if (m === all.length) return whole ? [] : [treeOf(all)];
  const k = half(all.length);
  return m <= k ? [...proofOf(m, all.slice(0, k), whole), treeOf(all.slice(k))] : [...proofOf(m - k, all.slice(k), false), treeOf(all.slice(0, k))];
}

describe('the second verifier of the ledger', () => {
  it('knows the first roots of the reference tree', () => {
    const hex = (all: Uint8Array): string => Buffer.from(all).toString('hex');
    const first = leafHash(new Uint8Array(0));
    expect(hex(first)).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
    expect(hex(nodeHash(first, leafHash(Uint8Array.of(0))))).toBe('fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125');
  });

  it('finds every path and proof of small trees to hold, and no other', () => {
    for (let n = 1; n <= leaves.length; ++n) {
      const some = leaves.slice(0, n), root = treeOf(some);
      for (let m = 0; m < n; ++m) {
        const path = pathOf(m, some), leaf = some[m] as Uint8Array;
        expect(same(rootOf(leaf, m, n, path) ?? new Uint8Array(0), root)).toBe(true);
        if (n > 1) expect(same(rootOf(leaf, (m + 1) % n, n, path) ?? new Uint8Array(0), root)).toBe(false);
        expect(rootOf(leaf, m, n, [...path, leaf])).not.toEqual(root);
        const older = {origin: 'x', size: m + 1, root: treeOf(leaves.slice(0, m + 1))}, newer = {origin: 'x', size: n, root};
        expect(isConsistent(older, newer, proofOf(m + 1, some))).toBe(true);
        expect(isConsistent({...older, root: leafHash(older.root)}, newer, proofOf(m + 1, some))).toBe(false);
      }
    }
  });

  it('takes a receipt that the engine wrote, and rejects every changed byte of it', () => {
    expect(checkReceipt(parseReceipt(kReceipt), kKey).size).toBe(11);
    expect(() => checkReceipt(parseReceipt(kReceipt), kKey.replace('main', 'mine'))).toThrow(NotProved);
    for (let at = 0; at < kReceipt.length; ++at) {
      for (const bits of [1, 32]) {
        const changed = kReceipt.slice(0, at) + String.fromCharCode(kReceipt.charCodeAt(at) ^ bits) + kReceipt.slice(at + 1);
        expect(() => checkReceipt(parseReceipt(changed), kKey), `byte ${at}`).toThrow(NotProved);
      }
    }
  }, 120_000);

  it('says what does not hold', () => {
    const receipt = parseReceipt(kReceipt);
    const failing = (change: object): unknown => {
      try {
        checkReceipt({...receipt, ...change});
      } catch (error) {
        return (error as NotProved).check;
      }
      return undefined;
    };
    expect(failing({})).toBeUndefined();
    expect(failing({seq: receipt.seq + 1})).toBe('leaf');
    expect(failing({index: receipt.index + 1})).toBe('proof');
    expect(failing({index: 11})).toBe('proof');
    expect(failing({proof: receipt.proof.slice(1)})).toBe('proof');
    expect(failing({checkpoint: receipt.checkpoint.replace('\n11\n', '\n12\n')})).toBe('signature');
    expect(failing({key: receipt.key.replace('rapport/main', 'rapport/other')})).toBe('key');
    expect(() => openCheckpoint('', kKey)).toThrow(NotProved);
    expect(() => fromBase64('AAA')).toThrow(NotProved);
  });
});

