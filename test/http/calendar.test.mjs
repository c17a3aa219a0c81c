// Calendars over HTTP: days, files, and feeds that calendar programs subscribe to without signing in.
import assert from 'node:assert/strict'
import test from 'node:test'
import { isError, ok, request, rpc, supabase } from './lib/api.mjs'
import { makeClinic } from './lib/clinic.mjs'
import { value } from './lib/db.mjs'
import { slots } from './lib/times.mjs'

const clinic = makeClinic({ name: 'Calendar', specialists: [{ name: 'Ada', time_zone: 'UTC' }], clients: ['Mia', 'Noah'] })
const [ada] = clinic.specialists
const [mia, noah] = clinic.clients
const free = slots()
const when = free()
const held = await ok(mia, 'request_hold', { specialist_id: ada.specialist_id, client_id: mia.client_id, ...when })
const { booking } = await ok(mia, 'confirm_booking', { hold_key: held.hold_key, session: { notes: 'SECRET' } })
const feed = (token, headers = {}) => request(null, 'GET', `/rpc/calendar_feed?token=${token}`, { headers })

test('a day shows its bookings to their parties', async () => {
  for (const [person, seen] of [[mia, 1], [ada, 1], [clinic.admin, 1], [noah, 0]]) {
    const { days } = await ok(person, 'calendar_view', { view: 'day', date: when.start_time.slice(0, 10), time_zone: 'UTC' })
    assert.equal(days.length, 1)
    assert.equal(days[0].bookings.filter((one) => one.booking_id === booking.id).length, seen, person.name)
  }
  const { data } = await supabase(ada).from('specialist_calendar').select('booking_id,status').eq('booking_id', booking.id).single()
  assert.deepEqual(data, { booking_id: booking.id, status: 'confirmed' })
})

test('a booking is a file for its parties', async () => {
  const ics = await ok(mia, 'booking_ics', { booking_id: booking.id })
  assert.match(ics, /^BEGIN:VCALENDAR\r\n/)
  assert.match(ics, /METHOD:REQUEST/)
  assert.doesNotMatch(ics, /SECRET/)
  isError(await rpc(noah, 'booking_ics', { booking_id: booking.id }), 404, 'booking_not_found')
})

test('a feed is read by who has its token, as text/calendar, whatever they accept, and stored nowhere', async () => {
  const { token } = await ok(mia, 'create_calendar_feed', { scope: 'client' })
  for (const accept of ['*/*', 'text/calendar', 'text/calendar, text/plain;q=0.5', 'text/html,application/xhtml+xml,*/*;q=0.8']) {
    const answer = await feed(token, { Accept: accept })
    assert.equal(answer.status, 200, answer.text)
    assert.match(answer.headers.get('content-type'), /^text\/calendar/)
    assert.match(answer.text, /^BEGIN:VCALENDAR\r\n/)
    assert.match(answer.text.replace(/\r\n /g, ''), new RegExp(`UID:${booking.id}@`))
    assert.match(answer.text, /SUMMARY:Session with Ada/)
    assert.doesNotMatch(answer.text, /SECRET/)
  }
  assert.equal(value(`SELECT count(*)::int AS n FROM holdfast_private.calendar_feeds AS f WHERE strpos(f::text, :'secret') > 0`, { secret: token.split('.')[0] }), 0)
})

test('a feed ends when it is revoked; an unknown token learns nothing', async () => {
  const { token, feed_id: id } = await ok(ada, 'create_calendar_feed', { scope: 'specialist' })
  assert.match((await feed(token)).text, /SUMMARY:Session with Mia/)
  isError(await rpc(mia, 'revoke_calendar_feed', { feed_id: id }), 404, 'calendar_feed_not_found')
  await ok(ada, 'revoke_calendar_feed', { feed_id: id })
  const answers = await Promise.all([token, token.replace('.', 'x.'), token.replace(/.$/, (last) => (last === 'A' ? 'E' : 'A')), 'x', ''].map((one) => feed(one)))
  for (const answer of answers) {
    isError(answer, 400, 'token_invalid')
    assert.equal(answer.text, answers[0].text)
  }
})
