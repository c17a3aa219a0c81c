// Rate limits and locks as a client meets them: 429 and 423, with Retry-After, whatever becomes of the transaction.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import test from 'node:test'
import { isError, request, supabase, token } from './lib/api.mjs'
import { exec, rows } from './lib/db.mjs'

const user = randomUUID()
const anyone = { token: token({ sub: user }) }
const probe = (name, body) => request(anyone, 'POST', `/rpc/${name}`, { body, headers: { 'Content-Profile': 'http_probe' } })
const waits = (answer, status, word, most) => {
  const { retry_after_seconds: seconds } = isError(answer, status, word, ['retry_after_seconds'])
  assert.ok(seconds > 0 && seconds <= most, `${seconds} s`)
}

test('too many calls: 429, and when to come again', async () => {
  const caller = randomUUID()
  for (let i = 0; i < 2; i++) assert.equal((await probe('limited', { caller })).status, 200)
  waits(await probe('limited', { caller }), 429, 'rate_limited', 30)
  assert.equal((await probe('limited', { caller: randomUUID() })).status, 200, 'somebody else')
})

test('GET counts too, although its transaction is read-only', async () => {
  const caller = randomUUID()
  const get = () => request(anyone, 'GET', `/rpc/limited?caller=${caller}`, { headers: { 'Accept-Profile': 'http_probe' } })
  for (let i = 0; i < 2; i++) assert.equal((await get()).status, 200)
  waits(await get(), 429, 'rate_limited', 30)
})

test('twenty calls at once get what there is', async () => {
  const caller = randomUUID()
  const answers = await Promise.all(Array.from({ length: 20 }, () => probe('limited', { caller })))
  assert.equal(answers.filter((answer) => answer.status === 200).length, 2)
})

for (const answering of [false, true]) {
  test(`the third wrong code locks, told by ${answering ? 'an answer' : 'an error'}: 423, also for the right code`, async () => {
    const account = randomUUID()
    for (let i = 0; i < 3; i++) isError(await probe('enter', { account, code: 'wrong', answering }), 400, 'token_invalid', [])
    waits(await probe('enter', { account, code: 'right', answering }), 423, 'locked', 600)
    assert.deepEqual((await probe('enter', { account: randomUUID(), code: 'right' })).body, { entered: true })
    exec("SELECT holdfast.clear_failures('probe', :'account')", { account })
    assert.deepEqual((await probe('enter', { account, code: 'right', answering })).body, { entered: true })
  })
}

test('supabase-js shows both', async () => {
  const account = randomUUID()
  const client = supabase(anyone).schema('http_probe')
  for (let i = 0; i < 3; i++) await client.rpc('enter', { account, code: 'wrong' })
  const { error, status } = await client.rpc('enter', { account, code: 'wrong' })
  assert.equal(`${status} ${error.code} ${error.message}`, '423 PT423 locked')
  assert.ok(JSON.parse(error.details).retry_after_seconds <= 600)
})

test('what was refused by an error is known afterwards, without what was sent', async () => {
  rows('SELECT * FROM holdfast.take_failures(100000)')
  const account = `planted-${randomUUID()}`
  isError(await probe('enter', { account, code: 'planted-code' }), 400, 'token_invalid', [])
  isError(await probe('enter', { account, code: 'planted-code', answering: true }), 400, 'token_invalid', [])
  await request(anyone, 'GET', `/rpc/enter?account=${account}&code=planted-code`, { headers: { 'Accept-Profile': 'http_probe' } })
  const failures = rows('SELECT word, user_id, actor_id, role, path FROM holdfast.take_failures()')
  const failure = { word: 'token_invalid', user_id: user, actor_id: user, role: 'authenticated', path: '/rpc/enter' }
  assert.deepEqual(failures, [failure, failure])
})
