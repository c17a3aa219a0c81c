// Bad input gets its word, names the field, and writes nothing.
import assert from 'node:assert/strict'
import test, { after, describe } from 'node:test'
import { isError, isInvalid, ok, request, rpc, token } from './lib/api.mjs'
import { makeClinic } from './lib/clinic.mjs'
import { value } from './lib/db.mjs'
import { slots } from './lib/times.mjs'

const clinic = makeClinic({ name: 'Bad input', specialists: [{ name: 'Ada', time_zone: 'Europe/Berlin' }], clients: ['Mia'] })
const [ada] = clinic.specialists
const [mia] = clinic.clients
const free = slots()
const when = free()
const unknown = '00000000-0000-4000-8000-00000000dead'
const good = { specialist_id: ada.specialist_id, client_id: mia.client_id, ...when }
const hold = (change) => rpc(mia, 'request_hold', { ...good, ...change })
const written = () => value(`
  SELECT (SELECT count(*) FROM holdfast_private.calendar WHERE organization_id = :'id')
       + (SELECT count(*) FROM public.bookings WHERE organization_id = :'id')
       + (SELECT count(*) FROM holdfast_private.idempotency WHERE organization_id = :'id') AS n`, { id: clinic.id })

describe('request_hold', () => {
  after(() => assert.equal(written(), 0, 'something was written'))
  const hour = 3600000
  const at = (ms) => new Date(ms).toISOString()
  const start = new Date(when.start_time).getTime()
  const many = (n) => Array.from({ length: n }, (_, i) => ({ start_time: at(start + i * hour), end_time: at(start + i * hour + hour / 2) }))
  for (const [what, change, field] of [
    ['end before start', { start_time: when.end_time, end_time: when.start_time }, 'end_time'],
    ['end at start', { end_time: when.start_time }, 'end_time'],
    ['start -infinity', { start_time: '-infinity' }, 'start_time'],
    ['end infinity', { end_time: 'infinity' }, 'end_time'],
    ['start infinity', { start_time: 'infinity' }, 'start_time'],
    ['a start in the past', { start_time: at(Date.now() - hour), end_time: at(Date.now() + hour) }, 'start_time'],
    ['all of it in the past', { start_time: at(Date.now() - 2 * hour), end_time: at(Date.now() - hour) }, 'start_time'],
    ['a session of 100 days', { end_time: at(start + 100 * 24 * hour) }, 'end_time'],
    ['a year far off', { start_time: '9999-01-01T00:00:00Z', end_time: '9999-01-01T01:00:00Z' }, 'start_time'],
    ['no specialist', { specialist_id: null }, 'specialist_id'],
    ['no client', { client_id: null }, 'client_id'],
    ['no start', { start_time: null }, 'start_time'],
    ['no end', { end_time: null }, 'end_time'],
    ['hold_seconds 0', { hold_seconds: 0 }, 'hold_seconds'],
    ['hold_seconds negative', { hold_seconds: -5 }, 'hold_seconds'],
    ['hold_seconds of a year', { hold_seconds: 31536000 }, 'hold_seconds'],
    ['a zone that does not exist', { time_zone: 'Mars/Olympus' }, 'time_zone'],
    ['a zone with an offset', { time_zone: 'UTC+25:99' }, 'time_zone'],
    ['an offset the zone does not have', { time_zone: 'Europe/Berlin', start_time_offset_minutes: 300 }, 'start_time_offset_minutes'],
    ['an end offset the zone does not have', { time_zone: 'Europe/Berlin', end_time_offset_minutes: -1 }, 'end_time_offset_minutes'],
    ['occurrences that are an object', { occurrences: {} }, 'occurrences'],
    ['occurrences that are text', { occurrences: 'all' }, 'occurrences'],
    ['an occurrence that is a number', { occurrences: [1] }],
    ['an occurrence that is null', { occurrences: [null] }],
    ['an occurrence without an end', { occurrences: [{ start_time: when.start_time }] }, 'occurrences[0].end_time'],
    ['an occurrence without a start', { occurrences: [{ end_time: when.end_time }] }, 'occurrences[0].start_time'],
    ['an occurrence with a time that is none', { occurrences: [{ start_time: 'soon', end_time: when.end_time }] }],
    ['an occurrence with a number for a time', { occurrences: [{ start_time: 1, end_time: 2 }] }],
    ['an occurrence to infinity', { occurrences: [{ start_time: when.start_time, end_time: 'infinity' }] }],
    ['an occurrence with a wrong offset', {
      time_zone: 'Europe/Berlin', occurrences: [{ ...when, start_time_offset_minutes: 'x' }]
    }],
    ['occurrences that overlap each other', { occurrences: [{ ...when }, { start_time: at(start + 60000), end_time: at(start + hour) }] }],
    ['10,000 occurrences', { occurrences: many(10000) }, 'occurrences']
  ]) {
    test(what, async () => { isInvalid(await hold(change), field) })
  }

  for (const [what, change, word] of [
    ['a specialist that does not exist', { specialist_id: unknown }, 'specialist_not_found'],
    ['a session type that does not exist', { session_type_id: unknown }, 'session_type_not_found'],
    ['a booking to move that does not exist', { session_id: unknown }, 'booking_not_found']
  ]) {
    test(what, async () => { isError(await hold(change), 404, word) })
  }

  test('a client that does not exist', async () => {
    isError(await rpc(clinic.admin, 'request_hold', { ...good, client_id: unknown }), 404, 'client_not_found')
  })

  for (const [what, change] of [
    ['a malformed UUID', { specialist_id: 'nobody' }],
    ['a time that is none', { start_time: 'tomorrow-ish' }],
    ['a number too large', { hold_seconds: 1e12 }]
  ]) {
    test(`${what} is PostgREST's own 400`, async () => {
      const answer = await hold(change)
      assert.equal(answer.status, 400, answer.text)
    })
  }

  test('an argument that does not exist is PostgREST\'s own 404', async () => {
    assert.equal((await hold({ specialist: 'x' })).status, 404)
  })

  test('a body that is not JSON is a 400', async () => {
    assert.equal((await rpc(mia, 'request_hold', '{"specialist_id":')).status, 400)
  })

  test('a body of 1 MB is refused or ignored, not a fault', async () => {
    const { status } = await hold({ time_zone: 'x'.repeat(1 << 20) })
    assert.equal(status, 400)
  })
})

describe('keys of holds and bookings', () => {
  const calls = [
    ['confirm_booking', 'hold_key', 'hold_not_found', {}],
    ['cancel_hold', 'hold_key', 'hold_not_found', {}],
    ['extend_hold', 'hold_key', 'hold_not_found', { hold_seconds: 60 }],
    ['cancel_booking', 'booking_id', 'booking_not_found', { reason: 'x' }],
    ['reschedule_booking', 'booking_id', 'booking_not_found', free()],
    ['accept_booking', 'booking_id', 'booking_not_found', {}],
    ['decline_booking', 'booking_id', 'booking_not_found', { reason: 'x' }],
    ['complete_booking', 'booking_id', 'booking_not_found', {}],
    ['mark_no_show', 'booking_id', 'booking_not_found', { party: 'client' }]
  ]
  for (const [name, key, word, rest] of calls) {
    test(`${name}: unknown, null and malformed`, async () => {
      isError(await rpc(clinic.admin, name, { [key]: unknown, ...rest }), 404, word)
      isInvalid(await rpc(clinic.admin, name, { [key]: null, ...rest }), key)
      assert.equal((await rpc(clinic.admin, name, { [key]: 'x', ...rest })).status, 400)
    })
  }
})

describe('with a hold or a booking', () => {
  for (const [what, name, change] of [
    ['a session that is an array', 'confirm_booking', { session: [] }],
    ['a session that is text', 'confirm_booking', { session: 'x' }],
    ['notes that are a number', 'confirm_booking', { session: { notes: 7 } }],
    ['occurrences that are an object', 'confirm_booking', { occurrences: {} }],
    ['an occurrence that is a number', 'confirm_booking', { occurrences: [1] }],
    ['an occurrence with a key that is none', 'confirm_booking', { occurrences: [{ hold_key: 'x' }] }],
    ['hold_seconds 0', 'extend_hold', { hold_seconds: 0 }]
  ]) {
    test(`${name} refuses ${what}`, async () => {
      const held = await ok(mia, 'request_hold', { ...good, ...free() })
      isInvalid(await rpc(mia, name, { hold_key: held.hold_key, ...change }))
      assert.deepEqual(await ok(mia, 'cancel_hold', { hold_key: held.hold_key }), { released: 1 })
    })
  }

  test('an occurrence of another hold is refused', async () => {
    const one = await ok(mia, 'request_hold', { ...good, ...free() })
    const two = await ok(mia, 'request_hold', { ...good, ...free() })
    isInvalid(await rpc(mia, 'confirm_booking', {
      hold_key: one.hold_key, occurrences: [{ hold_key: two.hold_key, session: {} }]
    }), 'occurrences[0].hold_key')
  })

  test('reschedule_booking and mark_no_show check what they are given', async () => {
    const { hold_key: key } = await ok(mia, 'request_hold', { ...good, ...free() })
    const { booking } = await ok(mia, 'confirm_booking', { hold_key: key })
    const { start_time: start, end_time: end } = free()
    isInvalid(await rpc(mia, 'reschedule_booking', { booking_id: booking.id, start_time: end, end_time: start }), 'end_time')
    isInvalid(await rpc(mia, 'reschedule_booking', { booking_id: booking.id, start_time: start, end_time: 'infinity' }), 'end_time')
    isInvalid(await rpc(ada, 'mark_no_show', { booking_id: booking.id, party: 'nobody' }), 'party')
    isInvalid(await rpc(ada, 'mark_no_show', { booking_id: booking.id, party: null }), 'party')
    isInvalid(await rpc(mia, 'cancel_booking', { booking_id: booking.id, reason: 'x'.repeat(100000) }), 'reason')
  })
})

describe('claims', () => {
  const as = (claims) => ({ token: token(claims) })
  const ask = (person) => rpc(person, 'request_hold', { ...good, ...free() })

  for (const [what, claims, status] of [
    ['a subject that is no UUID', { sub: 'mia', organization_id: clinic.id }, 401],
    ['an organization that is no UUID', { sub: mia.user_id, organization_id: 'aurora' }, 401],
    ['an organization that is a number', { sub: mia.user_id, organization_id: 7 }, 401],
    ['the nil organization', { sub: mia.user_id, organization_id: '00000000-0000-0000-0000-000000000000' }, 401],
    ['no subject', { organization_id: clinic.id }, 401]
  ]) {
    test(`${what} is ${status} not_authenticated`, async () => { isError(await ask(as(claims)), status, 'not_authenticated') })
  }

  for (const [what, claims] of [
    ['no organization', { sub: mia.user_id }],
    ['an organization in user_metadata', { sub: mia.user_id, user_metadata: { organization_id: clinic.id } }],
    ['an organization they are not in', { sub: mia.user_id, organization_id: unknown }]
  ]) {
    test(`${what} is 403 forbidden`, async () => { isError(await ask(as(claims)), 403, 'forbidden') })
  }

  for (const [what, claims] of [
    ['app_metadata.organization_id', { app_metadata: { organization_id: clinic.id } }],
    ['app_metadata.org_id', { app_metadata: { org_id: clinic.id } }],
    ['org_id', { org_id: clinic.id }]
  ]) {
    test(`the organization may come as ${what}`, async () => {
      assert.equal((await ask(as({ sub: mia.user_id, ...claims }))).status, 200)
    })
  }

  test('a token signed with another secret, or expired, is PostgREST\'s own 401', async () => {
    const [head, body] = mia.token.split('.')
    assert.equal((await request({ token: `${head}.${body}.${'A'.repeat(43)}` }, 'GET', '/bookings')).status, 401)
    assert.equal((await request(as({ sub: mia.user_id, organization_id: clinic.id, exp: 1 }), 'GET', '/bookings')).status, 401)
  })
})
