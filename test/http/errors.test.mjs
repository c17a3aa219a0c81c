// Every error word as a client sees it: status, code, message, details, hint, Retry-After.
import assert from 'node:assert/strict'
import test from 'node:test'
import { isError, request, supabase, token } from './lib/api.mjs'
import { rows } from './lib/db.mjs'

const anyone = { token: token({ sub: '00000000-0000-4000-8000-000000000001' }) }
const raise = (body) => request(anyone, 'POST', '/rpc/raise', { body, headers: { 'Content-Profile': 'http_probe' } })

const answer = (body) => request(anyone, 'POST', '/rpc/answer', { body: { mark: 'none', ...body }, headers: { 'Content-Profile': 'http_probe' } })

const contract = rows('SELECT * FROM holdfast.error_contract()')
const sample = (keys) => keys === '' ? null : Object.fromEntries(keys.split(', ').map((key) => [key, key === 'retry_after_seconds' ? 7 : 'x']))

test('the contract has the words of the design, each with its status', () => {
  const design = {
    not_authenticated: 401, forbidden: 403, invalid_input: 400, slot_conflict: 409, hold_expired: 410,
    outside_availability: 422, idempotency_mismatch: 422, request_in_progress: 409, invalid_transition: 409,
    quota_exhausted: 409, rate_limited: 429, locked: 423, token_invalid: 400, token_expired: 410, token_used: 410,
    guards_unavailable: 503
  }
  for (const [word, status] of Object.entries(design)) {
    assert.equal(contract.find((line) => line.word === word)?.status, status, word)
  }
})

for (const { word: listed, status, sqlstate, details: keys, hint } of contract) {
  const word = listed.replace('*', 'probe')
  test(`${word} is HTTP ${status}`, async () => {
    const answer = await raise({ word, details: sample(keys) })
    isError(answer, status, word, keys === '' ? [] : keys.split(', '))
    assert.equal(answer.body.code, sqlstate)
    assert.equal(answer.body.hint, hint)
    assert.match(answer.headers.get('content-type'), /^application\/json/)
    if (status !== 503) assert.equal(answer.headers.get('retry-after'), keys.includes('retry_after_seconds') ? '7' : null)
  })
}

test('a Retry-After of null sends no header', async () => {
  const answer = await raise({ word: 'slot_conflict', details: { conflicts: [], retry_after_seconds: null, alternatives: [] } })
  isError(answer, 409, 'slot_conflict', ['conflicts', 'retry_after_seconds', 'alternatives'])
})

test('text that needs escaping arrives as it was', async () => {
  const details = { field: 'quote " backslash \\ newline \n tab \t ümlaut 時', reason: '{"nested": true}', retry_after_seconds: 1 }
  const hint = 'say "please" \\ \n'
  for (const withHeader of [true, false]) {
    const sent = withHeader ? details : { field: details.field, reason: details.reason }
    const answer = await raise({ word: 'invalid_input', details: sent, hint })
    assert.deepEqual(isError(answer, 400, 'invalid_input'), sent)
    assert.equal(answer.body.hint, hint)
  }
})

test('a word that is not in the contract is not sent as if it were', async () => {
  const { body } = await raise({ word: 'no_such_word' })
  assert.equal(body.code, '22023')
})

test('supabase-js shows the word, the code and the details', async () => {
  const { data, error, status } = await supabase(anyone).schema('http_probe')
    .rpc('raise', { word: 'slot_conflict', details: { conflicts: [{ index: 0 }], retry_after_seconds: 30, alternatives: [] } })
  assert.equal(data, null)
  assert.equal(status, 409)
  assert.equal(error.message, 'slot_conflict')
  assert.equal(error.code, 'PT409')
  assert.equal(JSON.parse(error.details).retry_after_seconds, 30)
})

for (const { word: listed, details: keys } of contract) {
  const word = listed.replace('*', 'probe')
  test(`${word} as an answer looks as if it had been raised`, async () => {
    const raised = await raise({ word, details: sample(keys) })
    const answered = await answer({ word, details: sample(keys) })
    assert.deepEqual(answered.body, raised.body)
    assert.equal(answered.status, raised.status)
    assert.equal(answered.headers.get('retry-after'), raised.headers.get('retry-after'))
    assert.match(answered.headers.get('content-type'), /^application\/json/)
  })
}

test('an answer is an error to the client, and what was written about the attempt stays', async () => {
  const { data, error, status } = await supabase(anyone).schema('http_probe')
    .rpc('answer', { mark: 'wrong code', word: 'locked', retry_after_seconds: 61 })
  assert.equal(data, null)
  assert.equal(status, 423)
  assert.equal(error.message, 'locked')
  assert.deepEqual(JSON.parse(error.details), { retry_after_seconds: 61 })
  assert.deepEqual(rows("SELECT count(*) FROM http_probe.attempts WHERE mark = 'wrong code'"), [{ count: 1 }])
})

test('an answer of the request before is forgotten', async () => {
  await answer({ word: 'rate_limited', retry_after_seconds: 5 })
  for (let i = 0; i < 12; i++) { // all connections of the pool
    const after = await request(anyone, 'GET', '/attempts?limit=1', { headers: { 'Accept-Profile': 'http_probe' } })
    assert.equal(after.status, 200)
    assert.equal(after.headers.get('retry-after'), null)
  }
})
