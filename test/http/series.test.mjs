// Series over HTTP: all or nothing, best effort with its refusals, moved and cancelled once however often they are asked for.
import assert from 'node:assert/strict'
import test from 'node:test'
import { isConflict, isError, isInvalid, ok, rpc, supabase } from './lib/api.mjs'
import { makeClinic } from './lib/clinic.mjs'
import { value } from './lib/db.mjs'
import { plusMinutes, slots } from './lib/times.mjs'

const clinic = makeClinic({ name: 'Series', company: 'Employer', specialists: [{ name: 'Ada', time_zone: 'UTC' }], clients: ['Mia', 'Noah'] })
const [ada] = clinic.specialists
const [mia, noah] = clinic.clients
const free = slots()
const local = (instant) => new Date(instant).toISOString().slice(0, 19)
const wish = (client, start, more = {}) => ({
  specialist_id: ada.specialist_id, client_id: client.client_id, rule: 'FREQ=DAILY;INTERVAL=30;COUNT=3', starts_local: local(start), duration_minutes: 50, ...more
})
const thirty = (start, n) => plusMinutes(start, n * 30 * 24 * 60)

test('a series is booked whole, and read by its parties only', async () => {
  const { start_time: start } = free()
  const { recurring_booking: series, occurrences } = await ok(mia, 'book_series', wish(mia, start))
  assert.deepEqual(occurrences.map((one) => one.status), ['confirmed', 'confirmed', 'confirmed'])
  assert.deepEqual(occurrences.map((one) => new Date(one.start_time).toISOString()), [0, 1, 2].map((n) => thirty(start, n).toISOString()))
  for (const [person, seen] of [[mia, 1], [ada, 1], [clinic.admin, 1], [noah, 0], [clinic.hr, 0]]) {
    const { data } = await supabase(person).from('recurring_bookings').select('id').eq('id', series.id)
    assert.equal(data.length, seen, person.name)
  }
})

test('all or nothing: a conflict books nothing', async () => {
  const { start_time: start } = free()
  await ok(noah, 'book_series', wish(noah, thirty(start, 1), { rule: 'FREQ=DAILY;COUNT=1' }))
  const { conflicts } = isConflict(await rpc(mia, 'book_series', wish(mia, start)))
  assert.deepEqual(conflicts.map((one) => one.index), [1])
  assert.equal(value(`SELECT count(*)::int AS n FROM public.bookings WHERE client_id = :'client' AND start_time = :'start'`,
    { client: mia.client_id, start }), 0)
})

test('best effort says of each refusal why, as plain JSON, also where a hold will lapse', async () => {
  const { start_time: start } = free()
  await ok(noah, 'book_series', wish(noah, thirty(start, 1), { rule: 'FREQ=DAILY;COUNT=1' }))
  await ok(noah, 'request_hold', { specialist_id: ada.specialist_id, client_id: noah.client_id, start_time: thirty(start, 2), end_time: plusMinutes(thirty(start, 2), 50) })
  const answer = await rpc(mia, 'book_series', wish(mia, start, { mode: 'best_effort' }))
  assert.equal(answer.status, 200, answer.text)
  assert.equal(answer.headers.get('retry-after'), null)
  assert.doesNotMatch(answer.text, /PGRST|PT409|PL\/pgSQL/)
  const [first, booked, held] = answer.body.occurrences
  assert.equal(first.status, 'confirmed')
  for (const one of [booked, held]) {
    assert.equal(`${one.status} ${one.refusal.error} ${one.booking_id}`, 'refused slot_conflict null')
    assert.deepEqual(Object.keys(one.refusal.details).sort(), ['alternatives', 'conflicts', 'retry_after_seconds'])
    assert.doesNotMatch(JSON.stringify(one.refusal), new RegExp(noah.client_id))
  }
  assert.equal(booked.refusal.details.retry_after_seconds, null)
  assert.ok(held.refusal.details.retry_after_seconds > 0)
})

test('booking, moving and cancelling happen once for each Idempotency-Key', async () => {
  const { start_time: start } = free()
  const key = (n) => ({ 'Idempotency-Key': `series ${start} ${n}` })
  const twice = async (name, args, n) => {
    const answers = [await ok(mia, name, args, key(n)), await ok(mia, name, args, key(n))]
    assert.deepEqual(answers[0], answers[1])
    return answers[0]
  }
  const booked = await twice('book_series', wish(mia, start), 1)
  const id = booked.recurring_booking.id
  const moved = await twice('move_series', {
    recurring_booking_id: id, scope: 'this_and_following', original_start: thirty(start, 1), new_start_local: local(plusMinutes(thirty(start, 1), 60))
  }, 2)
  assert.equal(moved.recurring_booking.continues_id, id)
  assert.deepEqual(moved.occurrences.map((one) => new Date(one.start_time).toISOString()), [1, 2].map((n) => plusMinutes(thirty(start, n), 60).toISOString()))
  const cancel = { recurring_booking_id: moved.recurring_booking.id, reason: 'away' }
  await twice('cancel_series', cancel, 3)
  isError(await rpc(mia, 'cancel_series', { ...cancel, reason: 'other' }, key(3)), 422, 'idempotency_mismatch')
  isError(await rpc(mia, 'cancel_series', cancel), 409, 'invalid_transition', ['from', 'to'])
})

test('a series is nobody else\'s, and a wrong one is refused by field', async () => {
  const { start_time: start } = free()
  const { recurring_booking: series } = await ok(mia, 'book_series', wish(mia, start))
  for (const person of [noah, clinic.hr]) {
    isError(await rpc(person, 'cancel_series', { recurring_booking_id: series.id }), 404, 'recurring_booking_not_found')
  }
  isError(await rpc(noah, 'book_series', wish(mia, start)), 403, 'forbidden')
  isInvalid(await rpc(mia, 'book_series', wish(mia, start, { rule: 'FREQ=SECONDLY' })), 'rule')
  isInvalid(await rpc(mia, 'book_series', wish(mia, start, { mode: 'some' })), 'mode')
  isInvalid(await rpc(mia, 'cancel_series', { recurring_booking_id: series.id, scope: 'some' }), 'scope')
  isInvalid(await rpc(mia, 'move_series', { recurring_booking_id: series.id, scope: 'this', original_start: start, new_start_local: 'infinity' }), 'new_start_local')
})
