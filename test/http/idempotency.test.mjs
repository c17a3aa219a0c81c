// The same request twice does its work once.
import assert from 'node:assert/strict'
import test from 'node:test'
import { randomUUID } from 'node:crypto'
import { isConflict, isError, ok, rpc, sleep } from './lib/api.mjs'
import { makeClinic } from './lib/clinic.mjs'
import { session, value } from './lib/db.mjs'
import { slots } from './lib/times.mjs'

const clinic = makeClinic({
  name: 'Idempotency',
  specialists: [{ name: 'Ada', time_zone: 'UTC' }],
  clients: ['Mia', 'Noah']
})
const other = makeClinic({ name: 'Idempotency too', specialists: [{ name: 'Beth', time_zone: 'UTC' }], clients: ['Quinn'] })
const [ada] = clinic.specialists
const [mia, noah] = clinic.clients
const free = slots()
const wish = (client, when, specialist = ada) => ({ specialist_id: specialist.specialist_id, client_id: client.client_id, ...when })
const header = (key) => ({ 'Idempotency-Key': key })

test('the header makes a repeated hold the same hold', async () => {
  const body = wish(mia, free())
  const key = randomUUID()
  const first = await ok(mia, 'request_hold', body, header(key))
  assert.deepEqual(await ok(mia, 'request_hold', body, header(key)), first)
})

test('the argument does too, and is the same key as the header', async () => {
  const body = wish(mia, free())
  const key = randomUUID()
  const first = await ok(mia, 'request_hold', { ...body, idempotency_key: key })
  assert.deepEqual(await ok(mia, 'request_hold', { ...body, idempotency_key: key }), first)
  assert.deepEqual(await ok(mia, 'request_hold', body, header(key)), first)
})

test('where both are sent the argument counts', async () => {
  const body = wish(mia, free())
  const key = randomUUID()
  const first = await ok(mia, 'request_hold', { ...body, idempotency_key: key }, header(randomUUID()))
  assert.deepEqual(await ok(mia, 'request_hold', { ...body, idempotency_key: key }, header(randomUUID())), first)
})

test('another body under the same key is a mismatch', async () => {
  const key = randomUUID()
  await ok(mia, 'request_hold', wish(mia, free()), header(key))
  isError(await rpc(mia, 'request_hold', wish(mia, free()), header(key)), 422, 'idempotency_mismatch', [])
})

test('an instant written differently is the same request', async () => {
  const when = free()
  const key = randomUUID()
  const first = await ok(mia, 'request_hold', wish(mia, when), header(key))
  const elsewhere = (text) => new Date(new Date(text).getTime() + 3600000).toISOString().replace('Z', '+01:00')
  const again = { start_time: elsewhere(when.start_time), end_time: elsewhere(when.end_time) }
  assert.deepEqual(await ok(mia, 'request_hold', wish(mia, again), header(key)), first)
})

test('a key belongs to who sent it', async () => {
  const key = randomUUID()
  await ok(mia, 'request_hold', wish(mia, free()), header(key))
  await ok(noah, 'request_hold', wish(noah, free()), header(key))
  const [beth] = other.specialists
  const [quinn] = other.clients
  await ok(quinn, 'request_hold', wish(quinn, free(), beth), header(key))
})

test('hold and confirm may share a key', async () => {
  const key = randomUUID()
  const held = await ok(mia, 'request_hold', wish(mia, free()), header(key))
  const booked = await ok(mia, 'confirm_booking', { hold_key: held.hold_key }, header(key))
  assert.deepEqual(await ok(mia, 'confirm_booking', { hold_key: held.hold_key }, header(key)), booked)
  assert.equal(value(`SELECT count(*)::int AS n FROM public.bookings WHERE id = '${booked.booking.id}'`), 1)
})

test('a refused request is tried anew, not replayed', async () => {
  const when = free()
  const held = await ok(noah, 'request_hold', wish(noah, when))
  const key = randomUUID()
  isConflict(await rpc(mia, 'request_hold', wish(mia, when), header(key)))
  await ok(noah, 'cancel_hold', { hold_key: held.hold_key })
  await ok(mia, 'request_hold', wish(mia, when), header(key))
})

test('repeating a hold that has lapsed says so', async () => {
  const body = { ...wish(mia, free()), hold_seconds: 1 }
  const key = randomUUID()
  await ok(mia, 'request_hold', body, header(key))
  await sleep(1050)
  isError(await rpc(mia, 'request_hold', body, header(key)), 410, 'hold_expired', ['expired_at'])
})

test('a request that is still running answers 409 request_in_progress', async () => {
  const body = wish(mia, free())
  const key = randomUUID()
  const claims = JSON.stringify({ role: 'authenticated', sub: mia.user_id, organization_id: clinic.id })
  const headers = JSON.stringify({ authorization: `Bearer ${mia.token}` })
  const slow = session()
  try {
    await slow.say('BEGIN')
    await slow.say(`SELECT set_config('request.jwt.claims', '${claims}', true), set_config('request.headers', '${headers}', true)`)
    await slow.say('SET LOCAL ROLE authenticated')
    await slow.say(`SELECT public.request_hold('${body.specialist_id}', '${body.client_id}', '${body.start_time}', '${body.end_time}', idempotency_key => '${key}')`)
    const details = isError(await rpc(mia, 'request_hold', body, header(key)), 409, 'request_in_progress', ['retry_after_seconds'])
    assert.ok(details.retry_after_seconds > 0)
    await slow.say('COMMIT')
  } finally {
    await slow.end()
  }
  await ok(mia, 'request_hold', body, header(key))
})

test('a key that is empty or too long is invalid', async () => {
  const body = wish(mia, free())
  for (const key of ['', 'x'.repeat(256)]) {
    isError(await rpc(mia, 'request_hold', { ...body, idempotency_key: key }), 400, 'invalid_input', ['field', 'reason'])
  }
})
