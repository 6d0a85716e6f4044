import { randomBytes } from 'node:crypto';

/** 128 random bits in hex: tells one invocation of a worker from another of the same assignment. */
export function nonce(): string {
  return randomBytes(16).toString('hex');
}
