// SHA-256 is Node's; BLAKE2b with a key and 32 bytes of output (RFC 7693) is not in every build of it, so here it is.
import { createHash } from 'node:crypto'

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest()

const MASK = (1n << 64n) - 1n
const IV = [
  0x6a09e667f3bcc908n, 0xbb67ae8584caa73bn, 0x3c6ef372fe94f82bn, 0xa54ff53a5f1d36f1n,
  0x510e527fade682d1n, 0x9b05688c2b3e6c1fn, 0x1f83d9abfb41bd6bn, 0x5be0cd19137e2179n,
]
const SIGMA = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
  [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
  [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
  [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
  [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
  [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
  [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
  [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
  [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
]
const LANES = [[0, 4, 8, 12], [1, 5, 9, 13], [2, 6, 10, 14], [3, 7, 11, 15], [0, 5, 10, 15], [1, 6, 11, 12], [2, 7, 8, 13], [3, 4, 9, 14]]

const rotate = (value, by) => ((value >> by) | (value << (64n - by))) & MASK

const compress = (state, block, total, last) => {
  const words = Array.from({ length: 16 }, (_, i) => block.readBigUInt64LE(8 * i))
  const v = [...state, ...IV]
  v[12] ^= total
  if (last) v[14] ^= MASK
  for (let round = 0; round < 12; round++) {
    const order = SIGMA[round % 10]
    LANES.forEach(([a, b, c, d], lane) => {
      v[a] = (v[a] + v[b] + words[order[2 * lane]]) & MASK
      v[d] = rotate(v[d] ^ v[a], 32n)
      v[c] = (v[c] + v[d]) & MASK
      v[b] = rotate(v[b] ^ v[c], 24n)
      v[a] = (v[a] + v[b] + words[order[2 * lane + 1]]) & MASK
      v[d] = rotate(v[d] ^ v[a], 16n)
      v[c] = (v[c] + v[d]) & MASK
      v[b] = rotate(v[b] ^ v[c], 63n)
    })
  }
  for (let i = 0; i < 8; i++) state[i] ^= v[i] ^ v[i + 8]
}

/** BLAKE2b-256 of bytes, keyed. */
export const blake2b256 = (bytes, key) => {
  const state = [...IV]
  state[0] ^= 0x01010000n ^ (BigInt(key.length) << 8n) ^ 32n
  const input = Buffer.concat([key.length > 0 ? Buffer.concat([key, Buffer.alloc(128 - key.length)]) : Buffer.alloc(0), bytes])
  let at = 0
  for (; input.length - at > 128; at += 128) compress(state, input.subarray(at, at + 128), BigInt(at + 128), false)
  compress(state, Buffer.concat([input.subarray(at), Buffer.alloc(128 - (input.length - at))]), BigInt(input.length), true)
  const out = Buffer.alloc(64)
  state.forEach((word, i) => out.writeBigUInt64LE(word, 8 * i))
  return out.subarray(0, 32)
}
