// The waitlist over HTTP: what is cancelled goes to the next in line, once, and every call answers by the contract.
import assert from 'node:assert/strict'
import test from 'node:test'
import { isConflict, isError, isInvalid, ok, rpc, supabase } from './lib/api.mjs'
import { makeClinic } from './lib/clinic.mjs'
import { value } from './lib/db.mjs'
import { plusMinutes, same, slots } from './lib/times.mjs'

const clinic = makeClinic({ name: 'Waiting', specialists: [{ name: 'Ada', time_zone: 'UTC' }], clients: ['Mia', 'Noah', 'Zoe'] })
const [ada] = clinic.specialists
const [mia, noah, zoe] = clinic.clients
const free = slots()
const runJob = () => value("SELECT holdfast_private.run_job('job_offer_waitlist')::int AS n", {})
const offers = async (person) => (await supabase(person).from('waitlist_offers').select('*').is('outcome', null)).data

test('a cancelled hour is offered down the line, to one at a time', async () => {
  const time = free(60)
  const wish = (client) => ({ client_id: client.client_id, specialist_id: ada.specialist_id, earliest: time.start_time, latest: time.end_time })
  const { hold_key: key } = await ok(zoe, 'request_hold', { specialist_id: ada.specialist_id, client_id: zoe.client_id, ...time })
  await ok(zoe, 'confirm_booking', { hold_key: key })
  const { waitlist_entry: first } = await ok(mia, 'join_waitlist', wish(mia), { 'Idempotency-Key': `mia ${key}` })
  assert.deepEqual((await ok(mia, 'join_waitlist', wish(mia), { 'Idempotency-Key': `mia ${key}` })).waitlist_entry, first)
  const { waitlist_entry: second } = await ok(noah, 'join_waitlist', wish(noah))
  await ok(zoe, 'cancel_booking', { booking_id: key })

  await Promise.all([runJob(), runJob()])
  const [offer, ...more] = await offers(mia)
  assert.deepEqual([more.length, (await offers(noah)).length], [0, 0])
  assert.ok(same(offer.start_time, time.start_time))
  isConflict(await rpc(zoe, 'request_hold', { specialist_id: ada.specialist_id, client_id: zoe.client_id, ...time }))
  isError(await rpc(noah, 'accept_offer', { waitlist_offer_id: offer.id }), 404, 'waitlist_offer_not_found')
  isError(await rpc(noah, 'leave_waitlist', { waitlist_entry_id: first.id }), 404, 'waitlist_entry_not_found')

  await ok(mia, 'decline_offer', { waitlist_offer_id: offer.id })
  isError(await rpc(mia, 'accept_offer', { waitlist_offer_id: offer.id }), 409, 'invalid_transition', ['from', 'to'])
  await runJob()
  const [next] = await offers(noah)
  assert.equal(next.waitlist_entry_id, second.id)
  const { booking } = await ok(noah, 'accept_offer', { waitlist_offer_id: next.id, idempotency_key: `accept ${next.id}` })
  assert.equal((await ok(noah, 'accept_offer', { waitlist_offer_id: next.id, idempotency_key: `accept ${next.id}` })).booking.id, booking.id)
  assert.equal(booking.id, next.hold_key)
  assert.equal((await ok(mia, 'leave_waitlist', { waitlist_entry_id: first.id })).waitlist_entry.status, 'withdrawn')
  isError(await rpc(noah, 'leave_waitlist', { waitlist_entry_id: second.id }), 409, 'invalid_transition', ['from', 'to'])
  isInvalid(await rpc(mia, 'join_waitlist', { ...wish(mia), latest: plusMinutes(time.start_time, 10) }), 'latest')
  isError(await rpc(mia, 'join_waitlist', { ...wish(noah) }), 403, 'forbidden')
})
