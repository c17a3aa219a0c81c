// Argon2id, from RFC 9106 to the hashes in the database. libsodium takes neither a secret nor associated data, and makes one
// lane, so the RFC's own vector cannot be computed by the extension. Instead another implementation is checked against it, and
// the extension against that one, in both directions.
import assert from 'node:assert/strict'
import { randomBytes, randomInt } from 'node:crypto'
import test from 'node:test'
import { argon2id } from '@noble/hashes/argon2'
import { exec, rows } from './lib/db.mjs'

const base64 = (bytes) => Buffer.from(bytes).toString('base64').replace(/=+$/, '')
const fill = (length, byte) => new Uint8Array(length).fill(byte)

// What a password is as bytes: the extension takes letters in their composed form (NFKC), however they were typed.
const bytesOf = (password) => Buffer.from(password.normalize('NFKC'), 'utf8')

// hash makes what the other implementation makes of a password, in the form that both keep.
const hash = (password, salt, m, t, p) =>
  `$argon2id$v=19$m=${m},t=${t},p=${p}$${base64(salt)}$${base64(argon2id(bytesOf(password), salt, { m, t, p, dkLen: 32, version: 0x13 }))}`

const letters = ['a', 'Z', '7', ' ', '\t', '$', '"', '\'', '\\', '%', 'é', 'ß', 'ü', 'İ', 'Ж', '中', '文', 'ع', '\u0301', '１', 'ﬁ', '😀', '👩‍⚕️']
const drawn = (length) => Array.from({ length }, () => letters[randomInt(letters.length)]).join('')
const passwords = ['x', ' ', 'correct horse battery staple', 'cafe\u0301', 'a'.repeat(127), 'a'.repeat(128), 'a'.repeat(129), '0'.repeat(1024),
  ...Array.from({ length: 24 }, () => drawn(randomInt(1, 60)))]

test('the other implementation computes the vector of RFC 9106, section 5.3', () => {
  const tag = argon2id(fill(32, 1), fill(16, 2), { m: 32, t: 3, p: 4, key: fill(8, 3), personalization: fill(12, 4), dkLen: 32, version: 0x13 })
  assert.equal(Buffer.from(tag).toString('hex'), '0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659')
})

test('the database matches what the other implementation makes, of any cost and up to four lanes', () => {
  const made = passwords.map((password) => {
    const p = randomInt(1, 5)
    return { password, hash: hash(password, randomBytes(randomInt(8, 33)), 8 * p + randomInt(0, 400), randomInt(1, 5), p) }
  })
  const answers = rows(`SELECT c.hash, v.matches, w.matches AS wrong
    FROM jsonb_to_recordset(:'cases') AS c (password text, hash text), holdfast.password_verify(c.password, c.hash) AS v,
      holdfast.password_verify(c.password || '!', c.hash) AS w`, { cases: JSON.stringify(made) })
  assert.equal(answers.length, passwords.length)
  for (const answer of answers) assert.deepEqual(answer, { hash: answer.hash, matches: true, wrong: false })
})

test('the other implementation makes what the database makes, with the salt and the cost that it says', () => {
  const make = (some, settings) => JSON.parse(exec(`${settings}
    SELECT json_agg(json_build_object('password', p, 'hash', holdfast.password_hash(p))) FROM jsonb_array_elements_text(:'passwords') AS p`,
  { passwords: JSON.stringify(some) }))
  // At the default cost one takes seconds.
  const made = [...make(passwords.slice(2, 3), ''), ...make(passwords.filter((_, n) => n % 4 === 3), 'SET holdfast.argon2_memory = 19456;')]
  assert.equal(made.length, 9)
  for (const { password, hash: stored } of made) {
    const [, m, t, p, salt] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$[^$]+$/.exec(stored)
    assert.equal(hash(password, Buffer.from(salt, 'base64'), Number(m), Number(t), Number(p)), stored)
  }
})
