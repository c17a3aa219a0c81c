// examples/book.mjs, as people will run it: over connections that drop, on slots that others take.
import assert from 'node:assert/strict'
import test from 'node:test'
import { randomUUID } from 'node:crypto'
import { book, BookingError, call } from '../../examples/book.mjs'
import { ok, supabase } from './lib/api.mjs'
import { makeClinic } from './lib/clinic.mjs'
import { value } from './lib/db.mjs'
import { same, slots } from './lib/times.mjs'

const clinic = makeClinic({ name: 'Example', specialists: [{ name: 'Ada', time_zone: 'UTC' }], clients: ['Mia', 'Noah'] })
const [ada] = clinic.specialists
const [mia, noah] = clinic.clients
const free = slots()
const wish = (client, when) => ({ specialist_id: ada.specialist_id, client_id: client.client_id, ...when })
const options = { newKey: randomUUID }

test('books a free slot', async () => {
  const when = free()
  const booking = await book(supabase(mia), wish(mia, when), { ...options, session: { notes: 'hello' } })
  assert.equal(booking.status, 'confirmed')
  assert.equal(booking.notes, 'hello')
  assert.ok(same(booking.start_time, when.start_time))
})

test('takes the alternative that was chosen', async () => {
  const when = free()
  await book(supabase(mia), wish(mia, when), options)
  let offered
  const booking = await book(supabase(noah), wish(noah, when), { ...options, choose: (list) => { offered = list; return list[0] } })
  assert.ok(same(booking.start_time, offered[0].start_time))
  assert.ok(!same(booking.start_time, when.start_time))
})

test('throws the conflict when nothing is chosen', async () => {
  const when = free()
  await book(supabase(mia), wish(mia, when), options)
  await assert.rejects(book(supabase(noah), wish(noah, when), options), (error) => {
    assert.ok(error instanceof BookingError)
    assert.equal(`${error.status} ${error.word} ${error.code}`, '409 slot_conflict PT409')
    return true
  })
})

test('books once although every first answer is lost', async () => {
  const when = free()
  const lost = new Set()
  const flaky = async (address, init) => {
    const answer = await fetch(address, init)
    if (lost.has(address.pathname)) return answer
    lost.add(address.pathname)
    await answer.text()
    throw new TypeError('connection reset')
  }
  const booking = await book(supabase(mia, flaky), wish(mia, when), options)
  assert.equal(lost.size, 2)
  assert.equal(value(`SELECT count(*)::int AS n FROM public.bookings WHERE client_id = :'client' AND start_time = :'start'`,
    { client: mia.client_id, start: when.start_time }), 1)
  assert.ok(booking.id)
})

test('gives the hold back when confirming fails', async () => {
  const when = free()
  await assert.rejects(book(supabase(mia), wish(mia, when), { ...options, session: [] }), { word: 'invalid_input' })
  await ok(noah, 'request_hold', wish(noah, when))
})

test('holds again when the hold lapsed before it was confirmed', async () => {
  const when = free()
  let slow = true
  const late = async (address, init) => {
    if (slow && address.pathname.endsWith('confirm_booking')) {
      slow = false
      await new Promise((resolve) => setTimeout(resolve, 1100))
    }
    return fetch(address, init)
  }
  const booking = await book(supabase(mia, late), { ...wish(mia, when), hold_seconds: 1 }, options)
  assert.ok(same(booking.start_time, when.start_time))
})

test('does not repeat what has no key', async () => {
  let tries = 0
  const dead = async () => { tries++; throw new TypeError('connection refused') }
  await assert.rejects(call(supabase(mia, dead), 'cancel_hold', { hold_key: randomUUID() }), { status: 0 })
  assert.equal(tries, 1)
})
