#!/usr/bin/env node
// Checks a proof that a row is in a sealed audit log. It needs no database and trusts nobody who has one: only this file,
// the proof, and a head of the chain that was kept elsewhere. docs/audit_format.md has every byte.
//
//   node verify.mjs proof.json head.json    0: proved; 1: not; 2: wrong use
//   node verify.mjs proof.json              0: the proof is sound in itself, up to the head that it prints
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { sha256, digestOf } from './hashes.mjs'
import { jsonText, strictJson } from './json.mjs'

const ZEROS = Buffer.alloc(32)

class Invalid extends Error {}
const demand = (condition, reason) => {
  if (!condition) throw new Invalid(reason)
}

// --- values as bytes -------------------------------------------------------------------------------------------------

const hex = (text, length = 32) => {
  demand(typeof text === 'string' && text.length === 2 * length && /^[0-9a-f]*$/.test(text), 'a hash is not hexadecimal')
  return Buffer.from(text, 'hex')
}
const uuid = (text) => {
  demand(typeof text === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text), 'an id is not a UUID')
  return Buffer.from(text.replaceAll('-', ''), 'hex')
}
const uint64 = (value) => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt.asUintN(64, value))
  return bytes
}
const number = (text) => {
  demand(typeof text === 'string' && /^(0|-?[1-9][0-9]{0,19})$/.test(text), 'a number is not a string of digits')
  return BigInt(text)
}
const count = (value) => {
  demand(Number.isSafeInteger(value) && value >= 0, 'a number is not a whole number')
  return value
}
// Microseconds since 1970.
const time = (text) => {
  const parts = typeof text === 'string' && text.match(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?\+00:00$/)
  demand(parts, 'a time is not in the form 2026-11-20T12:00:00.000000+00:00')
  const seconds = new Date(`${parts[1]}Z`)
  demand(!Number.isNaN(seconds.getTime()) && seconds.toISOString().startsWith(parts[1]), 'a time does not exist')
  return BigInt(seconds.getTime()) * 1000n + BigInt((parts[2] ?? '').padEnd(6, '0'))
}
const keys = (object, names, what) => {
  demand(object !== null && typeof object === 'object' && !Array.isArray(object), `${what} is not an object`)
  for (const name of names) demand(Object.hasOwn(object, name), `${what} has no member ${name}`)
  for (const name of Object.keys(object)) demand(names.includes(name), `${what} has an unknown member`)
}

// --- the leaf of a row -----------------------------------------------------------------------------------------------

const text = (value) => {
  demand(typeof value === 'string', 'a column is not a string')
  return Buffer.from(value, 'utf8')
}
// The columns of a leaf, in their order.
const COLUMNS = {
  organization_id: uuid, id: uuid, occurred_at: (value) => uint64(time(value)), user_id: uuid, actor_id: uuid, role: text,
  category: text, action: text, entity_type: text, entity_id: text, subject_id: uuid, status: text, error_message: text,
  ip_address: text, user_agent: text, request_id: text, transaction_id: (value) => uint64(number(value)),
  cluster: (value) => uint64(number(value)), digest: hex,
}
const VALUES = ['old_values', 'new_values', 'details']

const field = (bytes) => {
  if (bytes === null) return Buffer.from([0])
  const head = Buffer.alloc(5, 1)
  head.writeUInt32BE(bytes.length, 1)
  return Buffer.concat([head, bytes])
}
const leafOf = (row) => {
  const fields = Object.entries(COLUMNS).map(([name, bytes]) => field(row[name] === null ? null : bytes(row[name])))
  return sha256(Buffer.concat([Buffer.from([0x00, 0x01]), ...fields]))
}

// What the digest of a row is of.
const contentOf = (row) => Buffer.concat([Buffer.from([1]), ...VALUES.map((name) => {
  if (row[name] === null) return Buffer.from('-')
  demand(typeof row[name] === 'string', `${name} is not a JSON text in a string`)
  return jsonText(row[name])
})])

// --- trees and heads -------------------------------------------------------------------------------------------------

const node = (left, right) => sha256(Buffer.concat([Buffer.from([0x01]), left, right]))

// RFC 9162, 2.1.3.2.
const followPath = (leaf, place) => {
  let index = BigInt(count(place.index))
  let last = BigInt(count(place.count)) - 1n
  let hash = leaf
  demand(index <= last, 'a path starts beyond its tree')
  demand(Array.isArray(place.path), 'a path is not a list')
  for (const step of place.path) {
    demand(last > 0n, 'a path is too long')
    if (index & 1n || index === last) {
      hash = node(hex(step), hash)
      while (!(index & 1n) && index > 0n) {
        index >>= 1n
        last >>= 1n
      }
    } else {
      hash = node(hash, hex(step))
    }
    index >>= 1n
    last >>= 1n
  }
  demand(last === 0n, 'a path is too short')
  return hash
}

const headOf = (batch) => sha256(Buffer.concat([
  Buffer.from('holdfast audit seal 1'), uuid(batch.log), uint64(BigInt(count(batch.batch))), uint64(number(batch.cluster)),
  uint64(number(batch.sealed_by)), uint64(number(batch.from_transaction)), uint64(number(batch.to_transaction)),
  uint64(BigInt(count(batch.row_count))), uint64(time(batch.sealed_at)), hex(batch.root), hex(batch.history), hex(batch.previous),
]))

const BATCH = ['batch', 'log', 'cluster', 'sealed_by', 'from_transaction', 'to_transaction', 'row_count', 'sealed_at', 'root',
  'history', 'previous', 'head']
const PLACE = ['index', 'count', 'path']

const checkBatch = (batch, what) => {
  keys(batch, BATCH, what)
  demand(batch.batch > 0, `${what} has no number`)
  demand(headOf(batch).equals(hex(batch.head)), `the head of ${what} is not that of what it says`)
  demand((batch.batch === 1) === hex(batch.previous).equals(ZEROS), `${what} has a wrong place in the chain`)
}

// --- the proof -------------------------------------------------------------------------------------------------------

const check = (proof, head) => {
  const toLater = Object.hasOwn(proof ?? {}, 'later')
  keys(proof, ['format', 'row', 'leaf', 'in_batch', 'batch', ...(toLater ? ['in_history', 'later'] : [])], 'the proof')
  demand(proof.format === 'holdfast-audit-proof-1', 'the proof has another format')
  const { row, batch } = proof
  keys(row, [...Object.keys(COLUMNS), 'salt', ...VALUES], 'the row')

  const shown = row.salt !== null
  if (shown) {
    demand(digestOf(hex(row.salt), contentOf(row)).equals(hex(row.digest)), 'the values are not those that the digest commits to')
  } else {
    for (const name of VALUES) demand(row[name] === null, `${name} is shown without the salt, so nothing proves it`)
  }

  const leaf = leafOf(row)
  demand(leaf.equals(hex(proof.leaf)), 'the row is not the one that was sealed')
  checkBatch(batch, 'the batch')
  keys(proof.in_batch, PLACE, 'the place in the batch')
  demand(proof.in_batch.count === batch.row_count, 'the place is not in this batch')
  demand(followPath(leaf, proof.in_batch).equals(hex(batch.root)), 'the path does not lead to the root of the batch')
  demand(row.cluster === batch.cluster, 'the row was written by another cluster')
  demand(number(row.transaction_id) >= number(batch.from_transaction) && number(row.transaction_id) < number(batch.to_transaction),
    'the row does not belong to this batch')

  if (toLater) {
    const { later, in_history: place } = proof
    checkBatch(later, 'the later batch')
    demand(later.log === batch.log, 'the later batch is of another log')
    keys(place, PLACE, 'the place in history')
    demand(later.batch > batch.batch && place.count === later.batch - 1 && place.index === batch.batch - 1,
      'the place in history is not that of the batch')
    demand(followPath(sha256(Buffer.concat([Buffer.from([0x00]), hex(batch.head)])), place).equals(hex(later.history)),
      'the path does not lead to the history of the later batch')
  }

  const last = toLater ? proof.later : batch
  if (head !== undefined) {
    keys(head, ['format', 'log', 'batch', 'head', 'sealed_at'], 'the head')
    demand(head.format === 'holdfast-audit-head-1', 'the head has another format')
    demand(head.log === last.log, 'the head is of another log')
    demand(head.batch === last.batch,
      `the head is that of batch ${head.batch}, the proof leads to batch ${last.batch}: ask for one with head_batch => ${head.batch}`)
    demand(hex(head.head).equals(hex(last.head)), 'the head is another: the log was written anew')
    demand(time(head.sealed_at) === time(last.sealed_at), 'the head was made at another time')
  }
  return { row, batch, last, shown }
}

/** Checks a proof and, when there is one, an exported head; both are the bytes of files. */
export function verify(proof, head) {
  try {
    return { ok: true, ...check(strictJson(proof), head === undefined ? undefined : strictJson(head)) }
  } catch (error) {
    if (!(error instanceof Invalid) && !(error instanceof SyntaxError)) throw error
    return { ok: false, reason: error.message }
  }
}

const main = (files) => {
  if (files.length < 1 || files.length > 2) {
    console.error('usage: node verify.mjs proof.json [head.json]')
    return 2
  }
  const result = verify(...files.map((file) => readFileSync(file)))
  if (!result.ok) {
    console.log(`NOT PROVED: ${result.reason}`)
    return 1
  }
  const { row, batch, last, shown } = result
  console.log(`row ${row.id} of ${row.organization_id}: ${row.action} ${row.entity_type ?? ''} ${row.entity_id ?? ''} at ${row.occurred_at}`)
  console.log(shown ? 'its values are those that were written' : 'its values are not shown (erased, or withheld)')
  console.log(`sealed in batch ${batch.batch} of log ${batch.log}, at ${batch.sealed_at}`)
  console.log(files.length === 2
    ? `PROVED by the head of batch ${last.batch}`
    : `sound in itself; compare the head of batch ${last.batch} with one that was kept elsewhere: ${last.head}`)
  return 0
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main(process.argv.slice(2))
