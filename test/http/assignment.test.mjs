// request_hold_any over HTTP: fair under concurrency, never somebody who is busy, and once for each Idempotency-Key.
import assert from 'node:assert/strict'
import test from 'node:test'
import { isConflict, isError, isInvalid, ok, rpc } from './lib/api.mjs'
import { makeClinic } from './lib/clinic.mjs'
import { plusMinutes, slots } from './lib/times.mjs'

const names = (n, of) => Array.from({ length: n }, (_, i) => `${of} ${i + 1}`)
const clinic = makeClinic({
  name: 'Assignment', specialists: names(4, 'Host').map((name) => ({ name, time_zone: 'UTC' })), clients: names(32, 'Guest')
})
const free = slots()
const ask = (client, start, more = {}) => rpc(client, 'request_hold_any', {
  client_id: client.client_id, start_time: start, end_time: plusMinutes(start, 50), ...more
})
const count = (ids) => clinic.specialists.map(({ specialist_id: id }) => ids.filter((one) => one === id).length)

test('32 clients at once, two to each time: within one of even, and no conflict', async () => {
  const { start_time: start } = free()
  const answers = await Promise.all(clinic.clients.map((client, n) => ask(client, plusMinutes(start, 24 * 60 * (n % 16)))))
  for (const { status, text } of answers) assert.equal(status, 200, text)
  // Whose turn it is may have the other session of that time, and then has the next turn: but for that it would be 8 each.
  const counts = count(answers.map(({ body }) => body.specialist_id))
  assert.ok(counts.every((n) => Math.abs(n - 8) <= 1), counts.join())
})

test('32 clients for one time: every specialist once, the rest is offered the next times of any', async () => {
  const { start_time: start } = free()
  const answers = await Promise.all(clinic.clients.map((client) => ask(client, start)))
  const held = answers.filter(({ status }) => status === 200)
  assert.deepEqual(count(held.map(({ body }) => body.specialist_id)), [1, 1, 1, 1])
  for (const refused of answers.filter(({ status }) => status !== 200)) {
    const { alternatives, retry_after_seconds: seconds } = isConflict(refused)
    assert.equal(alternatives.length, 3)
    assert.ok(alternatives.every((one) => one.specialist_id && new Date(one.start_time) > new Date(start)))
    assert.ok(seconds > 0)
  }
})

test('the preferred one, once for each key; nobody for somebody else', async () => {
  const { start_time: start } = free()
  const [mia, noah] = clinic.clients
  const wish = { preferred_specialist_id: clinic.specialists[2].specialist_id, idempotency_key: `any ${start}`, strategy: 'least_loaded' }
  const [first, second] = [await ask(mia, start, wish), await ask(mia, start, wish)]
  assert.equal(first.body.specialist_id, wish.preferred_specialist_id)
  assert.deepEqual(second.body, first.body)
  const { booking } = await ok(mia, 'confirm_booking', { hold_key: first.body.hold_key })
  assert.equal(booking.specialist_id, wish.preferred_specialist_id)
  isError(await ask(noah, start, { client_id: mia.client_id }), 403, 'forbidden')
  isInvalid(await ask(mia, start, { strategy: 'random' }), 'strategy')
})
