// Packages over HTTP: never below zero however many ask at once, and given back once.
import assert from 'node:assert/strict'
import test from 'node:test'
import { isError, ok, rpc, supabase } from './lib/api.mjs'
import { makeClinic } from './lib/clinic.mjs'
import { slots } from './lib/times.mjs'

const clinic = makeClinic({ name: 'Packages', specialists: [{ name: 'Ada', time_zone: 'UTC' }], clients: ['Mia', 'Noah'] })
const [ada] = clinic.specialists
const [mia, noah] = clinic.clients
const free = slots()
const hold = async (client) => (await ok(client, 'request_hold', { specialist_id: ada.specialist_id, client_id: client.client_id, ...free() })).hold_key
const left = async (id) => (await supabase(mia).from('client_packages').select('uses_left').eq('id', id).single()).data.uses_left

test('a package is used by whoever comes first, and no further', async () => {
  const { package: offer } = await ok(ada, 'create_package', { name: 'Three', session_count: 3, specialist_id: ada.specialist_id, price: 150, currency: 'EUR' })
  const { client_package: mine } = await ok(ada, 'grant_package', { client_id: mia.client_id, package_id: offer.id })
  const keys = await Promise.all(Array.from({ length: 8 }, () => hold(mia)))
  const answers = await Promise.all(keys.map((key) => rpc(mia, 'confirm_booking', { hold_key: key, session: { client_package_id: mine.id } })))
  assert.equal(answers.filter((one) => one.status === 200).length, 3)
  for (const one of answers.filter((one) => one.status !== 200)) assert.equal(isError(one, 409, 'quota_exhausted', ['balance', 'period_ends_at']).balance, 0)
  assert.equal(await left(mine.id), 0)
  const { booking } = answers.find((one) => one.status === 200).body
  const cancelled = await Promise.all(Array.from({ length: 4 }, () => rpc(mia, 'cancel_booking', { booking_id: booking.id })))
  assert.equal(cancelled.filter((one) => one.status === 200).length, 1)
  assert.equal(await left(mine.id), 1)
})

test('one booking uses one session, however many ask at once', async () => {
  const { package: offer } = await ok(clinic.admin, 'create_package', { name: 'Five', session_count: 5 })
  const { client_package: mine } = await ok(clinic.admin, 'grant_package', { client_id: mia.client_id, package_id: offer.id }, { 'Idempotency-Key': 'grant' })
  assert.equal((await ok(clinic.admin, 'grant_package', { client_id: mia.client_id, package_id: offer.id }, { 'Idempotency-Key': 'grant' })).client_package.id, mine.id)
  const { booking } = await ok(mia, 'confirm_booking', { hold_key: await hold(mia) })
  await Promise.all(Array.from({ length: 6 }, () => ok(mia, 'use_package', { booking_id: booking.id, client_package_id: mine.id })))
  assert.equal(await left(mine.id), 4)
  const theirs = await ok(noah, 'confirm_booking', { hold_key: await hold(noah) })
  isError(await rpc(noah, 'use_package', { booking_id: theirs.booking.id, client_package_id: mine.id }), 404, 'client_package_not_found')
  isError(await rpc(mia, 'grant_package', { client_id: mia.client_id, package_id: offer.id }), 403, 'forbidden')
})
