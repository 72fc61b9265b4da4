import {verify} from '@noble/ed25519';
import * as ed25519 from '@noble/ed25519';
import {sha256} from '@noble/hashes/sha2';
import {sha512} from '@noble/hashes/sha2';

// A second reading of the ledger, written from its specification (docs/formats/ledger.md, RFC 6962, c2sp.org/signed-note) and from
// nothing else of the engine: what it finds to hold, two programs found.

ed25519.etc.sha512Sync = (...parts) => sha512(ed25519.etc.concatBytes(...parts));

export interface Receipt {
  format: string;
  seq: number;
  index: number;
  leaf: string;
  proof: string[];
  checkpoint: string;
  key: string;
}

export interface Tree {
  origin: string;
  size: number;
  root: Uint8Array;
}

/** What does not hold: `check` is a word for a reader's language. */
export class NotProved extends Error {
  constructor(readonly check: 'format' | 'key' | 'signature' | 'leaf' | 'proof') {
    super(check);
  }
}

const kFormat = 'rapport-receipt/1';
const kEd25519 = 1;
const kLeafHead = 16;
const encoder = new TextEncoder();

function join(...parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** Standard base64 with padding, in its one spelling. */
export function fromBase64(text: string): Uint8Array {
  let letters: string;
  try {
    letters = atob(text);
  } catch {
    throw new NotProved('format');
  }
  if (btoa(letters) !== text) throw new NotProved('format');
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}

export const leafHash = (leaf: Uint8Array): Uint8Array => sha256(join(Uint8Array.of(0), leaf));
export const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256(join(Uint8Array.of(1), left, right));

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** The tree that the note signs. Throws NotProved. */
export function openCheckpoint(note: string, key: string): Tree {
  const [name, hash, encoded, ...more] = key.split('+');
  // Base64 may hold a plus itself.
  const material = fromBase64([encoded, ...more].join('+'));
  if (!name || material.length !== 33 || material[0] !== kEd25519) throw new NotProved('key');
  const keyHash = sha256(join(encoder.encode(`${name}\n`), material)).slice(0, 4);
  if (hex(keyHash) !== hash) throw new NotProved('key');
  const [origin, size, root, empty, signed, last, ...rest] = note.split('\n');
  if (origin !== name || empty !== '' || last !== '' || rest.length > 0 || !/^(0|[1-9]\d{0,15})$/.test(size ?? '')) throw new NotProved('format');
  const dash = `\u2014 ${name} `;
  if (!signed?.startsWith(dash)) throw new NotProved('format');
  const signature = fromBase64(signed.slice(dash.length));
  const text = encoder.encode(`${origin}\n${size}\n${root}\n`);
  if (signature.length !== 68 || !same(signature.slice(0, 4), keyHash)) throw new NotProved('signature');
  let holds = false;
  try {
    holds = verify(signature.slice(4), text, material.slice(1));
  } catch {
    holds = false;
  }
  if (!holds) throw new NotProved('signature');
  const bytes = fromBase64(root ?? '');
  if (bytes.length !== 32) throw new NotProved('format');
  return {origin, size: Number(size), root: bytes};
}

const half = (n: number): number => {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
};

/** The root to which the path leads from the leaf: RFC 6962, 2.1.1, read backwards. Undefined for a path of another length. */
export function rootOf(leaf: Uint8Array, index: number, size: number, path: readonly Uint8Array[]): Uint8Array | undefined {
  if (size === 1) return path.length === 0 ? leaf : undefined;
  const last = path[path.length - 1];
  if (!last) return undefined;
  const left = half(size), rest = path.slice(0, -1);
  const inner = index < left ? rootOf(leaf, index, left, rest) : rootOf(leaf, index - left, size - left, rest);
  if (!inner) return undefined;
  return index < left ? nodeHash(inner, last) : nodeHash(last, inner);
}

/** Roots of the older and the newer tree that the proof leads to: RFC 6962, 2.1.2, read backwards. */
function rootsOf(from: number, to: number, proof: readonly Uint8Array[], older: Uint8Array, whole: boolean): [Uint8Array, Uint8Array] | undefined {
  if (from === to) {
    if (whole) return proof.length === 0 ? [older, older] : undefined;
    const only = proof[0];
    return only && proof.length === 1 ? [only, only] : undefined;
  }
  const last = proof[proof.length - 1];
  if (!last) return undefined;
  const left = half(to), rest = proof.slice(0, -1);
  if (from <= left) {
    const inner = rootsOf(from, left, rest, older, whole);
    return inner && [inner[0], nodeHash(inner[1], last)];
  }
  const inner = rootsOf(from - left, to - left, rest, older, false);
  return inner && [nodeHash(last, inner[0]), nodeHash(last, inner[1])];
}

export function isConsistent(older: Tree, newer: Tree, proof: readonly Uint8Array[]): boolean {
  if (older.size < 1 || older.size > newer.size) return false;
  const roots = rootsOf(older.size, newer.size, proof, older.root, true);
  return !!roots && same(roots[0], older.root) && same(roots[1], newer.root);
}

/** The text of a receipt as it was downloaded. Throws NotProved for another format, and for any other spelling of the same. */
export function parseReceipt(text: string): Receipt {
  let read: Receipt;
  try {
    read = JSON.parse(text) as Receipt;
  } catch {
    throw new NotProved('format');
  }
  const whole = (value: unknown, least: number): boolean => Number.isSafeInteger(value) && Number(value) >= least;
  if (!read || read.format !== kFormat || !whole(read.seq, 1) || !whole(read.index, 0) || !Array.isArray(read.proof)) throw new NotProved('format');
  const texts = [read.leaf, read.checkpoint, read.key, ...read.proof];
  if (texts.some((one) => typeof one !== 'string') || read.proof.length > 64) throw new NotProved('format');
  const {format, seq, index, leaf, proof, checkpoint, key} = read;
  const told = {format, seq, index, leaf, proof, checkpoint, key};
  if (JSON.stringify(told) !== text.replace(/[\r\n]+$/, '')) throw new NotProved('format');
  return told;
}

/** The signed tree in which the record stands; `key` is the ledger's as its reader knows it. Throws NotProved. */
export function checkReceipt(receipt: Receipt, key: string = receipt.key): Tree {
  if (receipt.key !== key) throw new NotProved('key');
  const tree = openCheckpoint(receipt.checkpoint, key);
  const leaf = fromBase64(receipt.leaf);
  if (leaf.length <= kLeafHead) throw new NotProved('leaf');
  const seq = new DataView(leaf.buffer, leaf.byteOffset).getBigUint64(0, true);
  if (seq !== BigInt(receipt.seq)) throw new NotProved('leaf');
  const path = receipt.proof.map(fromBase64);
  if (path.some((hash) => hash.length !== 32) || receipt.index >= tree.size) throw new NotProved('proof');
  const root = rootOf(leafHash(leaf), receipt.index, tree.size, path);
  if (!root || !same(root, tree.root)) throw new NotProved('proof');
  return tree;
}

/** When the shop's server took the record, as the leaf says. */
export function receivedAt(receipt: Receipt): Date {
  const leaf = fromBase64(receipt.leaf);
  return new Date(Number(new DataView(leaf.buffer, leaf.byteOffset).getBigInt64(8, true)));
}
