// HTTP as a client: plain requests, where status and headers matter, and supabase-js.
import assert from 'node:assert/strict'
import './quiet.mjs'
import { createClient } from '@supabase/supabase-js'
import { connection, signToken } from '../../../examples/postgrest.mjs'

export const url = process.env.POSTGREST_URL
export const secret = process.env.JWT_SECRET

// reloadSchema tells PostgREST that there are new functions; by signal, because NOTIFY does not pass every pool.
export const reloadSchema = () => process.kill(Number(process.env.POSTGREST_PID), 'SIGUSR1')

export const seconds = (n) => Math.floor(Date.now() / 1000) + n
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

// token signs claims; the usual ones are filled in.
export const token = (claims) => signToken(secret, { role: 'authenticated', aud: 'authenticated', exp: seconds(3600), ...claims })

// request sends one request as a person (or nobody) and returns { status, headers, body, text }.
export async function request (person, method, path, { body, headers = {} } = {}) {
  const response = await fetch(url + path, {
    method,
    signal: AbortSignal.timeout(30000), // no request of ours may wait longer, whatever holds the lock
    headers: {
      ...(person ? { Authorization: `Bearer ${person.token}` } : {}),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers
    },
    body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
  })
  const text = await response.text()
  let parsed = text
  try { parsed = text === '' ? null : JSON.parse(text) } catch { /* not JSON; text tells */ }
  return { status: response.status, headers: response.headers, body: parsed, text }
}

export const rpc = (person, name, args = {}, headers = {}) => request(person, 'POST', `/rpc/${name}`, { body: args, headers })

// ok is rpc that must succeed; it returns the answer.
export async function ok (person, name, args, headers) {
  const answer = await rpc(person, name, args, headers)
  assert.ok(answer.status === 200, `${name} answered ${answer.status} ${answer.text}`)
  return answer.body
}

// supabase returns supabase-js speaking as a person (nobody: as anon).
export function supabase (person, baseFetch) {
  const options = connection(person?.token, baseFetch)
  if (!person) delete options.accessToken
  // Without a token supabase-js sends its key as the token, as Supabase's anon key is one.
  return createClient(url, token({ role: 'anon' }), { ...options, auth: { persistSession: false, autoRefreshToken: false } })
}

// What no error may show: places in the code, constraints, tables, SQLSTATEs of the server's own.
const leaks = /PL\/pgSQL|holdfast_private|SQL function|violates|constraint|Key \(|row-level security|\.c:\d|at character/

// isError checks an answer against the contract: status, code, word, details (their keys, or a function of them),
// and a Retry-After header exactly where retry_after_seconds is a number. It returns the details.
export function isError (answer, status, word, keys) {
  assert.equal(`${answer.status} ${answer.body?.message}`, `${status} ${word}`, answer.text)
  assert.equal(answer.body.code, `PT${status}`, answer.text)
  assert.ok(answer.body.hint, `no hint: ${answer.text}`)
  assert.doesNotMatch(answer.text, leaks)
  const details = answer.body.details === null ? {} : JSON.parse(answer.body.details)
  if (keys) assert.deepEqual(Object.keys(details).sort(), [...keys].sort(), answer.text)
  const retryAfter = answer.headers.get('retry-after')
  if (typeof details.retry_after_seconds === 'number') {
    assert.equal(retryAfter, String(details.retry_after_seconds))
    assert.ok(details.retry_after_seconds >= 0)
  } else if (status !== 503) { // to which PostgREST adds a Retry-After of its own
    assert.equal(retryAfter, null, 'Retry-After without retry_after_seconds')
  }
  return details
}

export const isConflict = (answer) => isError(answer, 409, 'slot_conflict', ['conflicts', 'retry_after_seconds', 'alternatives'])
export const isInvalid = (answer, field) => {
  const details = isError(answer, 400, 'invalid_input', ['field', 'reason'])
  if (field) assert.equal(details.field, field, answer.text)
  return details
}
