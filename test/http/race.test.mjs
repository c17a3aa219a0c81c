// Many at once: one gets the slot, the others a proper refusal, and nobody a fault.
import assert from 'node:assert/strict'
import test from 'node:test'
import { randomUUID } from 'node:crypto'
import { isConflict, ok, rpc } from './lib/api.mjs'
import { makeClinic } from './lib/clinic.mjs'
import { value } from './lib/db.mjs'
import { plusMinutes, slot, slots } from './lib/times.mjs'

const clinic = makeClinic({
  name: 'Race',
  specialists: [{ name: 'Ada', time_zone: 'UTC' }, { name: 'Kenji', time_zone: 'UTC' }],
  clients: Array.from({ length: 20 }, (_, i) => `Client ${i}`)
})
const free = slots()
const wish = (client, when, specialist = clinic.specialists[0]) => ({
  specialist_id: specialist.specialist_id, client_id: client.client_id, ...when
})
const tally = (answers) => answers.reduce((counts, { status }) => ({ ...counts, [status]: (counts[status] ?? 0) + 1 }), {})

test('of 20 clients on one slot one gets it and 19 get a 409', async () => {
  for (let round = 0; round < 5; round++) {
    const when = free()
    const answers = await Promise.all(clinic.clients.map((client) => rpc(client, 'request_hold', wish(client, when))))
    assert.deepEqual(tally(answers), { 200: 1, 409: 19 })
    answers.filter(({ status }) => status === 409).forEach(isConflict)
  }
})

test('overlapping slots at random: what was granted does not overlap', async () => {
  const { start_time: start } = free(600)
  const asked = clinic.clients.flatMap((client) => [0, 1, 2].map(() => ({
    client, when: slot(plusMinutes(start, Math.floor(Math.random() * 60) * 10), 30)
  })))
  const answers = await Promise.all(asked.map(({ client, when }) => rpc(client, 'request_hold', wish(client, when))))
  const counts = tally(answers)
  assert.deepEqual(Object.keys(counts).filter((status) => !['200', '409'].includes(status)), [])
  answers.filter(({ status }) => status === 409).forEach(isConflict)
  const granted = answers.filter(({ status }) => status === 200).map(({ body }) => body.holds[0])
    .sort((a, b) => new Date(a.start_time) - new Date(b.start_time))
  assert.ok(granted.length > 0)
  granted.slice(1).forEach((one, i) => assert.ok(new Date(one.start_time) >= new Date(granted[i].end_time)))
})

test('series in opposite order do not block each other for ever', async () => {
  const { start_time: start } = free(240)
  const series = [0, 1, 2, 3].map((i) => slot(plusMinutes(start, i * 60)))
  const answers = await Promise.all(clinic.clients.map((client, i) => {
    const mine = i % 2 ? series : [...series].reverse()
    return rpc(client, 'request_hold', { ...wish(client, mine[0]), occurrences: mine })
  }))
  assert.deepEqual(tally(answers), { 200: 1, 409: 19 })
})

test('one client asking for two specialists at once gets one', async () => {
  const [client] = clinic.clients
  const when = free()
  const answers = await Promise.all(Array.from({ length: 10 }, (_, i) =>
    rpc(client, 'request_hold', wish(client, when, clinic.specialists[i % 2]))))
  assert.deepEqual(tally(answers), { 200: 1, 409: 9 })
})

test('20 times the same Idempotency-Key at once makes one hold', async () => {
  const [client] = clinic.clients
  const when = free()
  const key = randomUUID()
  const answers = await Promise.all(Array.from({ length: 20 }, () =>
    rpc(client, 'request_hold', wish(client, when), { 'Idempotency-Key': key })))
  const done = answers.filter(({ status }) => status === 200)
  assert.ok(done.length >= 1)
  assert.equal(new Set(done.map(({ body }) => body.hold_key)).size, 1)
  for (const { status, body } of answers) assert.ok(status === 200 || body.message === 'request_in_progress', JSON.stringify(body))
  const again = await ok(client, 'request_hold', wish(client, when), { 'Idempotency-Key': key })
  assert.equal(again.hold_key, done[0].body.hold_key)
})

test('confirming one hold 10 times at once makes one booking', async () => {
  const [client] = clinic.clients
  const { hold_key: key } = await ok(client, 'request_hold', wish(client, free()))
  const answers = await Promise.all(Array.from({ length: 10 }, () => rpc(client, 'confirm_booking', { hold_key: key })))
  assert.equal(answers.filter(({ status }) => status === 200).length, 1)
  for (const { status } of answers) assert.ok(status < 500)
})

test('the constraint and the calendar agree', () => {
  assert.equal(value(`SELECT count(*)::int AS n FROM holdfast.verify_calendar('holdfast_private.calendar')`), 0)
})
