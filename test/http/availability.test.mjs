// What can be booked: slots that are offered, times that are refused and why, and the RPCs that say when somebody works.
import assert from 'node:assert/strict'
import test, { describe } from 'node:test'
import { isConflict, isError, isInvalid, ok, request, rpc } from './lib/api.mjs'
import { makeClinic } from './lib/clinic.mjs'
import { same, slot, wallClock, workingDay } from './lib/times.mjs'

const zone = 'America/New_York'
const clinic = makeClinic({
  name: 'Availability',
  time_zone: zone,
  specialists: [{ name: 'Ada', time_zone: zone }, { name: 'Beth', time_zone: zone }],
  clients: ['Mia', 'Noah']
})
const other = makeClinic({ name: 'Availability too', specialists: [{ name: 'Carl', time_zone: 'UTC' }], clients: ['Quinn'] })
const { admin } = clinic
const [ada, beth] = clinic.specialists
const [mia, noah] = clinic.clients
const day = workingDay(zone, 3)
const date = (n) => new Date(new Date(`${day}T00:00:00Z`).getTime() + n * 86400000).toISOString().slice(0, 10)
const at = (time, minutes = 60, on = day) => slot(wallClock(zone, on, time), minutes)
const of = (specialist) => ({ specialist_id: specialist.specialist_id })
const daily = (start, end) => [0, 1, 2, 3, 4, 5, 6].map((n) => ({ day_of_week: n, start_time: start, end_time: end }))
const hold = (who, specialist, when) => rpc(who, 'request_hold', { ...of(specialist), client_id: who.client_id ?? mia.client_id, ...when })
const reasons = (answer) => {
  const { reasons } = isError(answer, 422, 'outside_availability', ['reasons'])
  return reasons.map(({ reason }) => reason)
}
const offered = async (who, specialist, on = day, more = {}) => (await ok(who, 'available_slots', {
  ...of(specialist), from_date: on, to_date: on, time_zone: zone, duration_minutes: 60, ...more
})).slots

describe('working hours', () => {
  test('what is offered is what can be held, and the rest is refused', async () => {
    const { hours, affected_bookings: affected } = await ok(ada, 'set_working_hours', { ...of(ada), hours: daily('09:00', '12:00') })
    assert.equal(hours.length, 7)
    assert.equal(hours[0].working_hours_timezone, zone)
    assert.deepEqual(affected, [])
    const slots = await offered(mia, ada)
    assert.deepEqual(slots.map(({ local_time: time }) => time), ['09:00', '10:00', '11:00'])
    const [first] = slots
    assert.deepEqual(Object.keys(first).sort(), ['end_time', 'local_date', 'local_time', 'specialist_id', 'start_time'])
    assert.ok(same(first.start_time, at('09:00').start_time))
    for (const [index, { start_time: start, end_time: end }] of slots.entries()) {
      if (index > 0) assert.equal((await hold(mia, ada, { start_time: start, end_time: end })).status, 200)
    }
    assert.deepEqual((await offered(noah, ada)).map(({ local_time: time }) => time), ['09:00'])
  })

  test('a client is told not_working, the specialist and admins why', async () => {
    const answer = await hold(mia, ada, at('13:00'))
    assert.deepEqual(reasons(answer), ['not_working'])
    assert.equal(answer.headers.get('retry-after'), null)
    const [told] = JSON.parse(answer.body.details).reasons
    assert.deepEqual(Object.keys(told).sort(), ['end_time', 'index', 'reason', 'start_time'])
    assert.ok(same(told.start_time, at('13:00').start_time))
    for (const who of [ada, admin]) assert.deepEqual(reasons(await hold(who, ada, at('13:00'))), ['outside_working_hours'])
    for (const who of [mia, ada]) {
      const explained = await ok(who, 'explain_slot', { ...of(ada), ...at('13:00') })
      assert.equal(explained.available, false)
      assert.deepEqual(explained.reasons.map(({ reason }) => reason), [who === mia ? 'not_working' : 'outside_working_hours'])
    }
  })

  test('alternatives of a conflict are slots that are offered', async () => {
    const { alternatives } = isConflict(await hold(noah, ada, at('10:00')))
    assert.equal(alternatives.length, 3)
    for (const { start_time: start } of alternatives) {
      const local = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(new Date(start))
      assert.match(local, /^(09|10|11):00$/)
    }
  })

  test('pages follow each other', async () => {
    const all = await offered(mia, ada, day, { to_date: date(6), page_size: 1000 })
    const paged = []
    let cursor = null
    do {
      const page = await ok(mia, 'available_slots', {
        ...of(ada), from_date: day, to_date: date(6), time_zone: zone, duration_minutes: 60, page_size: 4, cursor
      })
      paged.push(...page.slots)
      cursor = page.next_cursor
    } while (cursor)
    assert.deepEqual(paged, all)
  })

  test('overlapping and past hours are refused with their place', async () => {
    const hours = [...daily('09:00', '12:00'), { day_of_week: 3, start_time: '11:00', end_time: '13:00' }]
    assert.match(isInvalid(await rpc(ada, 'set_working_hours', { ...of(ada), hours }), 'hours[7]').reason, /^overlaps hours\[3\]$/)
    isInvalid(await rpc(ada, 'set_working_hours', { ...of(ada), hours: [], effective_from: '2020-01-01' }), 'effective_from')
    isInvalid(await rpc(ada, 'set_working_hours', { ...of(ada), hours: 'x' }), 'hours')
  })

  test('nobody sets those of others; in other organizations they do not exist', async () => {
    for (const who of [mia, beth, other.admin]) {
      isError(await rpc(who, 'set_working_hours', { ...of(ada), hours: [] }), 404, 'specialist_not_found')
      isError(await rpc(who, 'set_breaks', { ...of(ada), breaks: [] }), 404, 'specialist_not_found')
      isError(await rpc(who, 'plan_leave', { ...of(ada), starts_at: at('09:00').start_time, ends_at: at('10:00').start_time }),
        404, 'specialist_not_found')
    }
    isError(await rpc(other.admin, 'available_slots', of(ada)), 404, 'specialist_not_found')
  })
})

test('a break and a closed day are taken out, and say which bookings they hit', async () => {
  const { breaks, affected_bookings: hit } = await ok(admin, 'set_breaks', { ...of(ada), breaks: [{ start_time: '10:15', end_time: '10:30' }] })
  assert.equal(breaks.length, 1)
  assert.deepEqual(hit.map(({ reason }) => reason), ['on_break'])
  assert.deepEqual(reasons(await hold(ada, ada, at('10:00', 60, date(1)))), ['on_break'])
  await ok(ada, 'set_breaks', { ...of(ada), breaks: [] })
  const { exception } = await ok(ada, 'add_availability_exception', { ...of(ada), exception_date: date(2), is_available: false, reason: 'dentist' })
  assert.deepEqual(reasons(await hold(ada, ada, at('10:00', 60, date(2)))), ['closed_day'])
  assert.deepEqual(await offered(mia, ada, date(2)), [])
  assert.deepEqual((await request(mia, 'GET', '/specialist_availability_exceptions')).body, [])
  await ok(ada, 'remove_availability_exception', { exception_id: exception.id })
  isError(await rpc(ada, 'remove_availability_exception', { exception_id: exception.id }), 404, 'exception_not_found')
  assert.equal((await offered(mia, ada, date(2))).length, 3)
})

test('rules: notice, grid and limits refuse with their own words', async () => {
  await ok(ada, 'set_booking_rules', { ...of(ada), minimum_notice: '400 hours', require_slot_grid: true, slot_step: '30 minutes' })
  assert.deepEqual(reasons(await hold(mia, ada, at('09:10'))).sort(), ['minimum_notice', 'off_grid'])
  await ok(ada, 'set_booking_rules', { ...of(ada), specialist_daily_limit: 2 })
  assert.deepEqual(reasons(await hold(noah, ada, at('09:00'))), ['specialist_daily_limit'])
  assert.deepEqual(await offered(noah, ada), [])
  isError(await rpc(ada, 'set_booking_rules', { ...of(ada), leave_needs_approval: false }), 403, 'forbidden')
  isInvalid(await rpc(ada, 'set_booking_rules', { ...of(ada), slot_step: '1 second' }), 'slot_step')
  isError(await rpc(ada, 'set_booking_rules', {}), 403, 'forbidden')
  const { rules } = await ok(ada, 'set_booking_rules', of(ada))
  assert.equal(rules.specialist_daily_limit, null)
})

test('busy times of another calendar are taken, and a booking that was there is told', async () => {
  const booked = (await hold(noah, ada, at('09:00', 60, date(4)))).body
  await ok(noah, 'confirm_booking', { hold_key: booked.hold_key })
  const answer = await ok(ada, 'import_busy_times', {
    ...of(ada),
    source: 'google',
    from_time: at('00:00', 60, date(4)).start_time,
    to_time: at('00:00', 60, date(6)).start_time,
    busy: [{ external_id: 'a', ...at('09:00', 120, date(4)) }, at('09:00', 180, date(5))]
  })
  assert.equal(answer.imported, 2)
  assert.deepEqual(answer.conflicts.map(({ external_id: id, booking_ids: ids }) => [id, ids]), [['a', [booked.hold_key]]])
  assert.deepEqual((await offered(mia, ada, date(4))).map(({ local_time: time }) => time), ['11:00'])
  assert.deepEqual(await offered(mia, ada, date(5)), [])
  assert.deepEqual(reasons(await hold(ada, ada, at('10:00', 60, date(5)))), ['external_busy'])
})

describe('leave', () => {
  const leave = (n) => ({ starts_at: at('00:00', 60, date(n)).start_time, ends_at: at('00:00', 60, date(n + 1)).start_time })

  test('is planned, refused while bookings are undecided, and reassigns them to who is free', async () => {
    const { hold_key: key } = (await hold(mia, ada, at('09:00', 60, date(8)))).body
    await ok(mia, 'confirm_booking', { hold_key: key })
    const plan = await ok(ada, 'plan_leave', { ...of(ada), ...leave(8) })
    assert.equal(plan.needs_approval, false)
    assert.deepEqual(plan.affected_bookings.map(({ booking_id: id, substitutes }) => [id, substitutes]), [[key, [beth.specialist_id]]])
    const refused = await rpc(ada, 'request_leave', { ...of(ada), ...leave(8) })
    assert.deepEqual(isError(refused, 409, 'slot_conflict', ['affected_bookings', 'alternatives', 'conflicts', 'retry_after_seconds']).affected_bookings.map(({ booking_id: id }) => id), [key])
    const taken = await ok(ada, 'request_leave', { ...of(ada), ...leave(8), decisions: [{ booking_id: key, decision: 'reassign' }] })
    assert.equal(taken.leave.status, 'approved')
    assert.deepEqual(taken.reassigned, [{ booking_id: key, specialist_id: beth.specialist_id }])
    assert.deepEqual(reasons(await hold(ada, ada, at('09:00', 60, date(8)))), ['on_leave'])
    assert.deepEqual(await offered(mia, ada, date(8)), [])
    const { leave: back } = await ok(ada, 'cancel_leave', { leave_id: taken.leave.id })
    assert.equal(back.status, 'cancelled')
    isError(await rpc(ada, 'cancel_leave', { leave_id: taken.leave.id }), 409, 'invalid_transition', ['from', 'to'])
    assert.equal((await offered(noah, ada, date(8))).length, 3)
  })

  test('waits for an admin where the rules say so; cancelled bookings say why', async () => {
    await ok(admin, 'set_booking_rules', { leave_needs_approval: true })
    const { hold_key: key } = (await hold(noah, ada, at('10:00', 60, date(9)))).body
    await ok(noah, 'confirm_booking', { hold_key: key })
    const asked = await ok(ada, 'request_leave', { ...of(ada), ...leave(9), kind: 'sick' })
    assert.equal(asked.leave.status, 'requested')
    const id = { leave_id: asked.leave.id }
    isError(await rpc(ada, 'approve_leave', id), 403, 'forbidden')
    isError(await rpc(ada, 'reject_leave', id), 403, 'forbidden')
    isError(await rpc(other.admin, 'approve_leave', id), 404, 'leave_not_found')
    const approved = await ok(admin, 'approve_leave', { ...id, decision: 'cancel' })
    assert.deepEqual(approved.cancelled, [key])
    const { booking } = await ok(noah, 'get_booking', { booking_id: key })
    assert.deepEqual([booking.status, booking.cancellation_requested_by, booking.automatic_cancellation_reason], ['cancelled', 'system', 'specialist_leave'])
    isError(await rpc(admin, 'reject_leave', id), 409, 'invalid_transition', ['from', 'to'])
    await ok(admin, 'set_booking_rules', {})
  })
})
