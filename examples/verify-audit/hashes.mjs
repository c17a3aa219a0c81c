// Both hashes are Node's.
import { createHash } from 'node:crypto'

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest()

/** What a row's digest is: the first half of the BLAKE2b-512 (RFC 7693) of its salt and its content. */
export const digestOf = (salt, content) => createHash('blake2b512').update(salt).update(content).digest().subarray(0, 32)
