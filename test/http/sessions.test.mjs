// The bodies that existing edge-function clients send (therapist_id, session, occurrences) and the camelCase they expect.
import assert from 'node:assert/strict'
import test from 'node:test'
import { randomUUID } from 'node:crypto'
import { isConflict, isError, isInvalid, ok, rpc, supabase } from './lib/api.mjs'
import { makeClinic } from './lib/clinic.mjs'
import { plusMinutes, same, slot, slots } from './lib/times.mjs'

const clinic = makeClinic({ name: 'Sessions', specialists: [{ name: 'Ada', time_zone: 'UTC' }], clients: ['Mia', 'Noah'] })
const [ada] = clinic.specialists
const [mia, noah] = clinic.clients
const free = slots()

// holdBody is what requestSessionHold of such a client sends, null and undefined fields included.
const holdBody = (client, occurrences, extra = {}) => ({
  therapist_id: ada.specialist_id,
  client_id: client.client_id,
  ...occurrences[0],
  session_id: null,
  hold_seconds: 300,
  start_time_offset_minutes: 0,
  end_time_offset_minutes: 0,
  time_zone: 'UTC',
  occurrences: occurrences.map((one) => ({ ...one, start_time_offset_minutes: 0, end_time_offset_minutes: 0 })),
  ...extra
})
// confirmBody is what confirmSessionBooking sends.
const confirmBody = (hold, session = {}) => ({
  hold_key: hold.holdKey,
  session: { therapist_id: ada.specialist_id, status: 'scheduled', start_time: hold.startTime, end_time: hold.endTime, ...session },
  start_time_offset_minutes: 0,
  end_time_offset_minutes: 0,
  time_zone: 'UTC',
  occurrences: hold.holds.map((one) => ({
    hold_key: one.holdKey,
    session: { start_time: one.startTime, end_time: one.endTime, ...session },
    start_time_offset_minutes: 0,
    end_time_offset_minutes: 0,
    time_zone: 'UTC'
  }))
})

test('hold, confirm: one session, with the header Idempotency-Key for both', async () => {
  const when = free()
  const key = { 'Idempotency-Key': randomUUID() }
  const hold = await ok(mia, 'sessions_hold', holdBody(mia, [when]), key)
  assert.equal(hold.holds.length, 1)
  assert.equal(hold.holdKey, hold.holds[0].holdKey)
  assert.ok(same(hold.holds[0].startTime, when.start_time) && same(hold.holds[0].endTime, when.end_time))
  assert.ok(hold.expiresAt)
  assert.deepEqual(await ok(mia, 'sessions_hold', holdBody(mia, [when]), key), hold)
  const confirmed = await ok(mia, 'sessions_confirm', confirmBody(hold, { notes: 'first' }), key)
  assert.deepEqual(await ok(mia, 'sessions_confirm', confirmBody(hold, { notes: 'first' }), key), confirmed)
  assert.equal(confirmed.session.id, hold.holdKey)
  assert.equal(confirmed.session.therapist_id, ada.specialist_id)
  assert.deepEqual(confirmed.sessions, [confirmed.session])
  const { data } = await supabase(mia).from('bookings').select('id,notes').eq('id', hold.holdKey)
  assert.deepEqual(data, [{ id: hold.holdKey, notes: 'first' }])
})

test('supabase-js sends the same body', async () => {
  const { data, error } = await supabase(mia).rpc('sessions_hold', holdBody(mia, [free()]))
  assert.equal(error, null)
  const { data: cancelled } = await supabase(mia).rpc('sessions_cancel', { hold_key: data.holdKey })
  assert.equal(cancelled.released, 1)
})

test('a series is held, confirmed and cancelled by its primary key', async () => {
  const when = free()
  const series = [0, 1, 2].map((week) => slot(plusMinutes(when.start_time, week * 7 * 24 * 60)))
  const hold = await ok(mia, 'sessions_hold', holdBody(mia, series))
  assert.equal(hold.holds.length, 3)
  assert.equal((await ok(mia, 'sessions_cancel', { hold_key: hold.holdKey })).released, 3)
  const again = await ok(noah, 'sessions_hold', holdBody(noah, series))
  await ok(noah, 'sessions_confirm', confirmBody(again))
  const { data } = await supabase(noah).from('bookings').select('id').in('id', again.holds.map((one) => one.holdKey))
  assert.equal(data.length, 3)
})

test('a refusal is the same as that of request_hold', async () => {
  const when = free()
  await ok(mia, 'sessions_hold', holdBody(mia, [when]))
  const details = isConflict(await rpc(noah, 'sessions_hold', holdBody(noah, [when])))
  assert.ok(details.retry_after_seconds > 0)
})

test('a stranger cannot confirm or cancel', async () => {
  const hold = await ok(mia, 'sessions_hold', holdBody(mia, [free()]))
  isError(await rpc(noah, 'sessions_confirm', confirmBody(hold)), 404, 'hold_not_found')
  isError(await rpc(noah, 'sessions_cancel', { hold_key: hold.holdKey }), 404, 'hold_not_found')
  await ok(mia, 'sessions_confirm', confirmBody(hold))
})

for (const [what, body] of [
  ['an array', []], ['a string', '"text"'], ['a number', '7'], ['null', 'null'], ['an empty object', {}]
]) {
  for (const name of ['sessions_hold', 'sessions_confirm', 'sessions_cancel']) {
    test(`${name} refuses ${what}`, async () => { isInvalid(await rpc(mia, name, body)) })
  }
}

const [lone] = [free()]
for (const [field, bad] of [
  ['therapist_id', 'nobody'], ['therapist_id', 7], ['client_id', {}], ['start_time', 'tomorrow'], ['start_time', 1700000000],
  ['end_time', 'infinity'], ['session_id', 'x'], ['hold_seconds', 'soon'], ['hold_seconds', 1.5], ['start_time_offset_minutes', 'x'],
  ['time_zone', 'Mars/Olympus'], ['time_zone', 5], ['occurrences', {}], ['occurrences', [7]]
]) {
  test(`sessions_hold refuses ${field}: ${JSON.stringify(bad)}`, async () => {
    isInvalid(await rpc(mia, 'sessions_hold', { ...holdBody(mia, [lone]), [field]: bad }))
  })
}
