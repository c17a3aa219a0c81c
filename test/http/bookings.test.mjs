// From hold to booking, and every state after: confirm, accept, decline, cancel, move, complete, no-show.
import assert from 'node:assert/strict'
import test from 'node:test'
import { isConflict, isError, ok, request, rpc, sleep, supabase } from './lib/api.mjs'
import { makeClinic } from './lib/clinic.mjs'
import { rows, value } from './lib/db.mjs'
import { plusMinutes, same, slot, slots } from './lib/times.mjs'

const clinic = makeClinic({
  name: 'Bookings',
  specialists: [
    { name: 'Ada', time_zone: 'Europe/Berlin' },
    { name: 'Careful', time_zone: 'UTC', auto_accept: false },
    { name: 'Kenji', time_zone: 'Asia/Tokyo' }
  ],
  company: 'Employer',
  clients: ['Mia', 'Noah']
})
const [ada, careful, kenji] = clinic.specialists
const [mia, noah] = clinic.clients
const free = slots()
const wish = (client, when, specialist = ada) => ({ specialist_id: specialist.specialist_id, client_id: client.client_id, ...when })
const hold = (client, when, specialist) => ok(client, 'request_hold', wish(client, when, specialist))
const booked = async (client = mia, specialist = ada, when = free()) =>
  (await ok(client, 'confirm_booking', { hold_key: (await hold(client, when, specialist)).hold_key })).booking
const status = (booking) => value(`SELECT status FROM public.bookings WHERE id = :'id'`, { id: booking.id })
const history = (booking) => rows(
  `SELECT old_status, new_status FROM public.booking_status_history WHERE booking_id = :'id' ORDER BY created_at, id`, { id: booking.id })
  .map(({ old_status: from, new_status: to }) => `${from ?? ''}>${to}`)
const refusedTransition = (answer, from, to) =>
  assert.deepEqual(isError(answer, 409, 'invalid_transition', ['from', 'to']), { from, to })
test('a confirmed hold is a booking, read back through the table', async () => {
  const when = free()
  const held = await hold(mia, when)
  const { booking, bookings } = await ok(mia, 'confirm_booking', { hold_key: held.hold_key, session: { notes: 'first visit', topic: 'sleep' } })
  assert.equal(bookings.length, 1)
  assert.deepEqual(bookings[0], booking)
  assert.equal(booking.id, held.hold_key)
  assert.equal(booking.status, 'confirmed')
  assert.equal(booking.specialist_id, ada.specialist_id)
  assert.equal(booking.client_id, mia.client_id)
  assert.ok(same(booking.start_time, when.start_time) && same(booking.end_time, when.end_time))
  const { data, error } = await supabase(mia).from('bookings').select('id,status,notes,metadata').eq('id', booking.id).single()
  assert.equal(error, null)
  assert.deepEqual(data, { id: booking.id, status: 'confirmed', notes: 'first visit', metadata: { topic: 'sleep' } })
})

test('a series is confirmed whole, each occurrence with its own session', async () => {
  const when = free()
  const series = [0, 1, 2].map((week) => slot(plusMinutes(when.start_time, week * 7 * 24 * 60)))
  const held = await ok(mia, 'request_hold', { ...wish(mia, when), occurrences: series })
  const answer = await ok(mia, 'confirm_booking', {
    hold_key: held.hold_key,
    session: { notes: 'all' },
    occurrences: [{ hold_key: held.holds[1].hold_key, session: { notes: 'second' } }]
  })
  assert.deepEqual(answer.bookings.map((one) => one.id), held.holds.map((one) => one.hold_key))
  assert.deepEqual(answer.bookings.map((one) => one.notes), ['all', 'second', 'all'])
  assert.equal(answer.booking.id, held.hold_key)
})

test('confirming twice does not book twice', async () => {
  const held = await hold(mia, free())
  await ok(mia, 'confirm_booking', { hold_key: held.hold_key })
  const again = await rpc(mia, 'confirm_booking', { hold_key: held.hold_key })
  refusedTransition(again, 'confirmed', 'confirmed')
})

test('without auto-accept a booking waits, is accepted once, and only by the specialist or an admin', async () => {
  const booking = await booked(mia, careful)
  assert.equal(booking.status, 'pending')
  isError(await rpc(mia, 'accept_booking', { booking_id: booking.id }), 403, 'forbidden')
  isError(await rpc(ada, 'accept_booking', { booking_id: booking.id }), 404, 'booking_not_found')
  const accepted = await ok(careful, 'accept_booking', { booking_id: booking.id })
  assert.equal(accepted.booking.status, 'confirmed')
  refusedTransition(await rpc(careful, 'accept_booking', { booking_id: booking.id }), 'confirmed', 'confirmed')
  assert.deepEqual(history(booking), ['>pending', 'pending>confirmed'])
})

test('a declined booking frees the slot', async () => {
  const when = free()
  const booking = await booked(mia, careful, when)
  isError(await rpc(mia, 'decline_booking', { booking_id: booking.id, reason: 'no' }), 403, 'forbidden')
  await ok(careful, 'decline_booking', { booking_id: booking.id, reason: 'away' })
  assert.equal(status(booking), 'cancelled')
  assert.deepEqual(history(booking), ['>pending', 'pending>cancelled'])
  await hold(noah, when, careful)
})

test('a specialist may withdraw after accepting', async () => {
  const when = free()
  const booking = await booked(mia, careful, when)
  await ok(careful, 'accept_booking', { booking_id: booking.id })
  await ok(careful, 'decline_booking', { booking_id: booking.id, reason: 'ill' })
  assert.equal(status(booking), 'cancelled')
  await hold(noah, when, careful)
})

test('cancelling frees the slot and keeps the reason; cancelling again is refused', async () => {
  const when = free()
  const booking = await booked(mia, ada, when)
  await ok(mia, 'cancel_booking', { booking_id: booking.id, reason: 'plans changed' })
  const [row] = rows(`SELECT status, cancellation_reason, cancellation_requested_by FROM public.bookings WHERE id = :'id'`, { id: booking.id })
  assert.deepEqual(row, { status: 'cancelled', cancellation_reason: 'plans changed', cancellation_requested_by: 'client' })
  refusedTransition(await rpc(mia, 'cancel_booking', { booking_id: booking.id, reason: 'again' }), 'cancelled', 'cancelled')
  await hold(noah, when)
})

test('another client cannot cancel or move it', async () => {
  const booking = await booked()
  isError(await rpc(noah, 'cancel_booking', { booking_id: booking.id, reason: 'mine' }), 404, 'booking_not_found')
  isError(await rpc(noah, 'reschedule_booking', { booking_id: booking.id, ...free() }), 404, 'booking_not_found')
  assert.equal(status(booking), 'confirmed')
})

test('moving a booking frees the old time, keeps the id and counts', async () => {
  const [from, to] = [free(), free()]
  const booking = await booked(mia, ada, from)
  const moved = await ok(mia, 'reschedule_booking', { booking_id: booking.id, ...to })
  const [row] = rows(`SELECT id, start_time, reschedule_count FROM public.bookings WHERE id = :'id'`, { id: moved.booking.id })
  assert.ok(same(row.start_time, to.start_time))
  assert.equal(row.id, booking.id)
  assert.equal(row.reschedule_count, 1)
  await hold(noah, from)
  isConflict(await rpc(noah, 'request_hold', wish(noah, to)))
})

test('a booking may move onto a time that overlaps its own', async () => {
  const when = free()
  const booking = await booked(mia, ada, when)
  const later = slot(plusMinutes(when.start_time, 20))
  await ok(mia, 'reschedule_booking', { booking_id: booking.id, ...later })
  await hold(noah, slot(plusMinutes(when.start_time, -30)))
})

test('a move onto a taken time is refused and nothing changes', async () => {
  const [mine, taken] = [free(), free()]
  const booking = await booked(mia, ada, mine)
  await booked(noah, ada, taken)
  isConflict(await rpc(mia, 'reschedule_booking', { booking_id: booking.id, ...taken }))
  const [row] = rows(`SELECT start_time, reschedule_count FROM public.bookings WHERE id = :'id'`, { id: booking.id })
  assert.ok(same(row.start_time, mine.start_time))
  assert.equal(row.reschedule_count, 0)
})

test('request_hold with session_id moves that booking when it is confirmed', async () => {
  const when = free()
  const booking = await booked(mia, ada, when)
  const later = slot(plusMinutes(when.start_time, 20))
  const held = await ok(mia, 'request_hold', { ...wish(mia, later), session_id: booking.id })
  isConflict(await rpc(noah, 'request_hold', wish(noah, when)))
  const moved = (await ok(mia, 'confirm_booking', { hold_key: held.hold_key })).booking
  assert.ok(same(moved.start_time, later.start_time))
  assert.equal(value(`SELECT count(*)::int AS n FROM public.bookings WHERE client_id = :'client' AND status <> 'cancelled' AND start_time < :'end' AND end_time > :'start'`,
    { client: mia.client_id, start: when.start_time, end: later.end_time }), 1)
})

test('complete and no-show: once, not before it began, and of themselves not by the client', async () => {
  const soon = slot(Date.now() + 3000)
  const [done, missed] = [await booked(mia, ada, soon), await booked(noah, kenji, soon)]
  refusedTransition(await rpc(ada, 'complete_booking', { booking_id: done.id }), 'confirmed', 'completed')
  refusedTransition(await rpc(kenji, 'mark_no_show', { booking_id: missed.id, party: 'client' }), 'confirmed', 'no_show')
  await sleep(new Date(soon.start_time) - Date.now() + 20)
  isError(await rpc(mia, 'complete_booking', { booking_id: done.id }), 403, 'forbidden')
  isError(await rpc(noah, 'mark_no_show', { booking_id: missed.id, party: 'client' }), 403, 'forbidden')
  refusedTransition(await rpc(mia, 'cancel_booking', { booking_id: done.id, reason: 'too late' }), 'confirmed', 'cancelled')
  refusedTransition(await rpc(mia, 'reschedule_booking', { booking_id: done.id, ...free() }), 'confirmed', 'rescheduled')
  assert.equal((await ok(ada, 'complete_booking', { booking_id: done.id })).booking.status, 'completed')
  refusedTransition(await rpc(ada, 'complete_booking', { booking_id: done.id }), 'completed', 'completed')
  assert.equal((await ok(kenji, 'mark_no_show', { booking_id: missed.id, party: 'client' })).booking.no_show_party, 'client')
  refusedTransition(await rpc(kenji, 'complete_booking', { booking_id: missed.id }), 'no_show', 'completed')
  assert.deepEqual(history(missed), ['>confirmed', 'confirmed>no_show'])
})

test('get_booking tells the booking, its states and its moves', async () => {
  const booking = await booked()
  await ok(mia, 'reschedule_booking', { booking_id: booking.id, ...free() })
  await ok(ada, 'cancel_booking', { booking_id: booking.id, reason: 'ill' })
  const answer = await ok(mia, 'get_booking', { booking_id: booking.id })
  assert.equal(answer.booking.id, booking.id)
  assert.deepEqual(answer.history.map((one) => one.new_status), ['confirmed', 'cancelled'])
  assert.deepEqual(answer.history.map((one) => one.actor), ['client', 'specialist'])
  assert.equal(answer.moves.length, 1)
  isError(await rpc(noah, 'get_booking', { booking_id: booking.id }), 404, 'booking_not_found')
  isError(await rpc(clinic.hr, 'get_booking', { booking_id: booking.id }), 404, 'booking_not_found')
})

test('company_usage counts for HR, and tells nothing else', async () => {
  const company = value(`SELECT id FROM public.companies WHERE organization_id = :'id'`, { id: clinic.id })
  await booked()
  const span = { from: new Date().toISOString(), to: plusMinutes(Date.now(), 365 * 24 * 60).toISOString() }
  for (const person of [clinic.hr, clinic.admin]) {
    const answer = await ok(person, 'company_usage', { company_id: company, ...span })
    assert.deepEqual(Object.keys(answer).sort(), ['by_status', 'company_id', 'from', 'to', 'total'])
    assert.equal(answer.total, value(`SELECT count(*)::int AS n FROM public.bookings WHERE company_id = :'id' AND start_time > now()`, { id: company }))
    assert.ok(answer.by_status.confirmed > 0)
  }
  for (const person of [mia, ada]) isError(await rpc(person, 'company_usage', { company_id: company }), 404, 'company_not_found')
})

test('no state is reached by writing the table', async () => {
  const booking = await booked()
  for (const person of [mia, ada, clinic.admin]) {
    const answer = await request(person, 'PATCH', `/bookings?id=eq.${booking.id}`, { body: { status: 'completed' }, headers: { Prefer: 'return=representation' } })
    assert.ok(answer.status === 403 || (answer.status === 200 && answer.body.length === 0), answer.text)
    assert.ok((await request(person, 'DELETE', `/bookings?id=eq.${booking.id}`)).status !== 500)
  }
  assert.equal(status(booking), 'confirmed')
})
