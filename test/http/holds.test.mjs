// request_hold, extend_hold, cancel_hold: who gets a slot, who is refused and what they are told.
import assert from 'node:assert/strict'
import test from 'node:test'
import { isConflict, isError, ok, rpc, sleep } from './lib/api.mjs'
import { makeClinic } from './lib/clinic.mjs'
import { plusMinutes, same, slot, slots } from './lib/times.mjs'

const clinic = makeClinic({
  name: 'Holds',
  specialists: [
    { name: 'Ada', time_zone: 'Europe/Berlin' },
    { name: 'Kenji', time_zone: 'Asia/Tokyo' },
    { name: 'Buffered', time_zone: 'UTC', buffer_before: 10, buffer_after: 15 },
    { name: 'Group', time_zone: 'UTC', capacity: 3 }
  ],
  clients: ['Mia', 'Noah', 'Olga', 'Paul', 'Rita']
})
const [ada, kenji, buffered, group] = clinic.specialists
const [mia, noah, olga, paul, rita] = clinic.clients
const free = slots()
const wish = (client, when, specialist = ada) => ({ specialist_id: specialist.specialist_id, client_id: client.client_id, ...when })
const hold = (client, when, specialist) => ok(client, 'request_hold', wish(client, when, specialist))
const refused = async (client, when, specialist) => isConflict(await rpc(client, 'request_hold', wish(client, when, specialist)))

test('a hold has a key, lapses in 300 seconds and shows the time that was asked for', async () => {
  const when = free()
  const before = Date.now()
  const answer = await hold(mia, when)
  assert.deepEqual(Object.keys(answer).sort(), ['expires_at', 'hold_key', 'holds'])
  assert.equal(answer.holds.length, 1)
  const [only] = answer.holds
  assert.deepEqual(Object.keys(only).sort(), ['end_time', 'expires_at', 'hold_key', 'start_time'])
  assert.equal(only.hold_key, answer.hold_key)
  assert.match(answer.hold_key, /^[0-9a-f]{8}-[0-9a-f]{4}-7/)
  assert.ok(same(only.start_time, when.start_time) && same(only.end_time, when.end_time))
  assert.match(only.start_time, /(Z|\+00:00)$/)
  const life = (new Date(answer.expires_at) - before) / 1000
  assert.ok(life > 295 && life < 310, `lives ${life} s`)
})

test('answers are in UTC whatever time zone the client prefers', async () => {
  const when = free()
  const answer = await ok(mia, 'request_hold', wish(mia, when), { Prefer: 'timezone=America/Los_Angeles' })
  assert.match(answer.holds[0].start_time, /(Z|\+00:00)$/)
  assert.ok(same(answer.holds[0].start_time, when.start_time))
})

test('a client cannot ask for its hold to be rolled back, and believe it was made', async () => {
  const when = free()
  await ok(mia, 'request_hold', wish(mia, when), { Prefer: 'tx=rollback' })
  await refused(noah, when)
})

test('a taken slot is refused with what clashes, when to come back and what is free', async () => {
  const when = free()
  await hold(mia, when)
  const shifted = slot(plusMinutes(when.start_time, 20))
  const details = await refused(noah, shifted)
  assert.equal(details.conflicts.length, 1)
  assert.deepEqual(Object.keys(details.conflicts[0]).sort(), ['end_time', 'index', 'start_time'])
  assert.equal(details.conflicts[0].index, 0)
  assert.ok(details.retry_after_seconds > 290 && details.retry_after_seconds <= 300, `${details.retry_after_seconds} s`)
  assert.ok(details.alternatives.length >= 1)
  for (const { start_time: start, end_time: end, ...rest } of details.alternatives) {
    assert.deepEqual(rest, {})
    assert.equal(new Date(end) - new Date(start), 50 * 60000)
    assert.ok(start >= when.end_time.slice(0, 19) || new Date(end) <= new Date(when.start_time), `${start} overlaps`)
  }
  await hold(noah, details.alternatives[0])
})

test('a refusal does not tell whose the time is', async () => {
  const when = free()
  await hold(mia, when)
  const { text } = await rpc(noah, 'request_hold', wish(noah, when))
  for (const secret of [mia.client_id, mia.user_id, mia.name]) assert.ok(!text.includes(secret), text)
})

test('a booking in the way gives no Retry-After', async () => {
  const when = free()
  const { hold_key: key } = await hold(mia, when)
  await ok(mia, 'confirm_booking', { hold_key: key })
  const details = await refused(noah, when)
  assert.equal(details.retry_after_seconds, null)
})

test('one slot may begin when the other ends', async () => {
  const when = free()
  await hold(mia, when)
  await hold(noah, slot(when.end_time))
})

test('a client cannot be in two places', async () => {
  const when = free()
  await hold(mia, when)
  await refused(mia, when, kenji)
  await hold(noah, when, kenji)
})

test('buffers hold when they are written', async () => {
  const when = free()
  await hold(mia, when, buffered)
  await refused(noah, slot(plusMinutes(when.end_time, 20)), buffered)
  await hold(noah, slot(plusMinutes(when.end_time, 25)), buffered)
})

test('three fit where the capacity is three, the fourth does not', async () => {
  const when = free()
  for (const client of [mia, noah, olga]) await hold(client, when, group)
  await refused(paul, when, group)
})

test('the specialist and the admin may hold for a client', async () => {
  await ok(ada, 'request_hold', wish(mia, free()))
  await ok(clinic.admin, 'request_hold', wish(mia, free()))
})

test('nobody else may', async () => {
  isError(await rpc(noah, 'request_hold', wish(mia, free())), 403, 'forbidden')
  isError(await rpc(kenji, 'request_hold', wish(mia, free())), 403, 'forbidden')
})

test('a hold lapses and is taken over at once, with no job running', async () => {
  const when = free()
  const lapsed = await ok(mia, 'request_hold', { ...wish(mia, when), hold_seconds: 2 })
  const details = await refused(noah, when)
  assert.ok([1, 2].includes(details.retry_after_seconds), `${details.retry_after_seconds} s`)
  await sleep(details.retry_after_seconds * 1000)
  const answer = isError(await rpc(mia, 'confirm_booking', { hold_key: lapsed.hold_key }), 410, 'hold_expired', ['expired_at'])
  assert.ok(same(answer.expired_at, lapsed.expires_at))
  const taken = await hold(noah, when)
  isError(await rpc(mia, 'confirm_booking', { hold_key: lapsed.hold_key }), 410, 'hold_expired', ['expired_at'])
  isError(await rpc(mia, 'extend_hold', { hold_key: lapsed.hold_key, hold_seconds: 60 }), 410, 'hold_expired', ['expired_at'])
  assert.deepEqual(await ok(mia, 'cancel_hold', { hold_key: lapsed.hold_key }), { released: 0 })
  await ok(noah, 'confirm_booking', { hold_key: taken.hold_key })
})

test('extend_hold moves the end, and no further than a hold may live', async () => {
  const made = await hold(mia, free())
  const longer = await ok(mia, 'extend_hold', { hold_key: made.hold_key, hold_seconds: 900 })
  const life = (new Date(longer.expires_at) - Date.now()) / 1000
  assert.ok(life > 890 && life <= 905, `lives ${life} s`)
  const capped = await ok(mia, 'extend_hold', { hold_key: made.hold_key, hold_seconds: 3600 })
  assert.ok(new Date(capped.expires_at) - new Date(made.expires_at) <= 3300 * 1000)
})

test('cancel_hold frees the slot, and a second time there is nothing to free', async () => {
  const when = free()
  const { hold_key: key } = await hold(mia, when)
  assert.deepEqual(await ok(mia, 'cancel_hold', { hold_key: key }), { released: 1 })
  await hold(noah, when)
  assert.deepEqual(await ok(mia, 'cancel_hold', { hold_key: key }), { released: 0 })
  isError(await rpc(mia, 'confirm_booking', { hold_key: key }), 404, 'hold_not_found')
})

test('a hold that became a booking is no hold any more', async () => {
  const { hold_key: key } = await hold(mia, free())
  await ok(mia, 'confirm_booking', { hold_key: key })
  for (const [name, body, to] of [['cancel_hold', {}, 'released'], ['extend_hold', { hold_seconds: 60 }, 'extended']]) {
    const details = isError(await rpc(mia, name, { hold_key: key, ...body }), 409, 'invalid_transition', ['from', 'to'])
    assert.deepEqual(details, { from: 'confirmed', to })
  }
})

test('another client can neither see, extend, cancel nor confirm a hold', async () => {
  const { hold_key: key } = await hold(mia, free())
  isError(await rpc(noah, 'extend_hold', { hold_key: key, hold_seconds: 60 }), 404, 'hold_not_found')
  isError(await rpc(noah, 'cancel_hold', { hold_key: key }), 404, 'hold_not_found')
  isError(await rpc(noah, 'confirm_booking', { hold_key: key }), 404, 'hold_not_found')
  await ok(mia, 'confirm_booking', { hold_key: key })
})

test('a series is held whole, its primary named once or twice', async () => {
  for (const withPrimary of [true, false]) {
    const when = free()
    const weekly = [1, 2, 3].map((week) => slot(plusMinutes(when.start_time, week * 7 * 24 * 60)))
    const occurrences = withPrimary ? [when, ...weekly] : weekly
    const answer = await ok(rita, 'request_hold', { ...wish(rita, when), occurrences })
    assert.equal(answer.holds.length, 4)
    assert.equal(answer.hold_key, answer.holds[0].hold_key)
    assert.equal(new Set(answer.holds.map((one) => one.hold_key)).size, 4)
    const times = [when, ...weekly].map((one) => new Date(one.start_time).getTime())
    assert.deepEqual(answer.holds.map((one) => new Date(one.start_time).getTime()), times)
    assert.deepEqual(await ok(rita, 'cancel_hold', { hold_key: answer.holds[2].hold_key }), { released: 4 })
    await ok(rita, 'request_hold', wish(rita, when))
  }
})

test('without an end a session is as long as its type', async () => {
  const { start_time: start } = free()
  const later = plusMinutes(start, 7 * 24 * 60).toISOString()
  const answer = await ok(olga, 'request_hold', {
    ...wish(olga, { start_time: start }), session_type_id: clinic.session_type_id, occurrences: [{ start_time: later }]
  })
  for (const one of answer.holds) assert.equal(new Date(one.end_time) - new Date(one.start_time), 50 * 60000)
  assert.ok(same(answer.holds[1].start_time, later))
})

test('a series with one clash is refused whole, and the clash is named', async () => {
  const when = free()
  const series = [0, 1, 2].map((week) => slot(plusMinutes(when.start_time, week * 7 * 24 * 60)))
  await hold(noah, series[2])
  const details = isConflict(await rpc(olga, 'request_hold', { ...wish(olga, when), occurrences: series }))
  assert.deepEqual(details.conflicts.map((one) => one.index), [2])
  assert.ok(same(details.conflicts[0].start_time, series[2].start_time))
  await hold(paul, series[0])
  await hold(paul, series[1])
})

test('the wall-clock offset of the zone is checked', async () => {
  // 2027-03-28 the clocks of Berlin go forward: +60 before, +120 after.
  const winter = slot('2027-03-26T09:00:00Z')
  const summer = slot('2027-04-02T08:00:00Z')
  const offsets = (minutes) => ({ start_time_offset_minutes: minutes, end_time_offset_minutes: minutes })
  const answer = await ok(mia, 'request_hold', {
    ...wish(mia, winter), ...offsets(60), time_zone: 'Europe/Berlin',
    occurrences: [{ ...winter, ...offsets(60) }, { ...summer, ...offsets(120) }]
  })
  assert.equal(answer.holds.length, 2)
  const wrong = await rpc(noah, 'request_hold', {
    ...wish(noah, slot('2027-04-09T08:00:00Z')), ...offsets(60), time_zone: 'Europe/Berlin'
  })
  isError(wrong, 400, 'invalid_input', ['field', 'reason'])
})
