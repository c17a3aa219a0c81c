// Keys over HTTP: admins read what is known of them, nobody reads a key, and who runs the platform rotates.
import assert from 'node:assert/strict'
import test from 'node:test'
import { isError, isInvalid, ok, request, rpc, supabase, token } from './lib/api.mjs'
import { makeClinic } from './lib/clinic.mjs'

const clinic = makeClinic({ name: 'Keys', specialists: [{ name: 'Ada', time_zone: 'UTC' }], clients: ['Mia'] })
const [mia] = clinic.clients
const service = { token: token({ role: 'service_role', sub: undefined }) }

test('encryption_keys shows admins dates and versions, and never a key', async () => {
  const { key_version: version } = await ok(service, 'rotate_encryption_keys')
  assert.ok(version >= 1)
  assert.deepEqual(await ok(service, 'reseal_encrypted_columns', { batch: 10 }), { resealed: 0 })
  const { data, error } = await supabase(clinic.admin).from('encryption_keys').select('*').eq('key_type', 'data').order('key_version', { ascending: false })
  assert.equal(error, null)
  assert.equal(data[0].key_version, version)
  assert.deepEqual(Object.keys(data[0]).sort(), ['algorithm', 'created_at', 'destroyed_at', 'id', 'key_type', 'key_version', 'organization_id', 'rotated_at'])
  assert.ok(data.slice(1).every((key) => key.rotated_at !== null) && data[0].rotated_at === null)
  assert.deepEqual((await supabase(mia).from('encryption_keys').select('*')).data, [])
  isError(await rpc(mia, 'list_encryption_keys'), 403, 'forbidden')
})

test('only who runs the platform rotates and reseals', async () => {
  for (const person of [clinic.admin, mia]) {
    isError(await rpc(person, 'rotate_encryption_keys'), 403, 'forbidden')
    isError(await rpc(person, 'reseal_encrypted_columns'), 403, 'forbidden')
  }
  isInvalid(await rpc(service, 'reseal_encrypted_columns', { batch: 0 }), 'batch')
  // What seals and unseals is no RPC.
  for (const name of ['seal_value', 'unseal_value', 'seal', 'unseal', 'shred']) assert.equal((await rpc(service, name)).status, 404)
  assert.equal((await request(clinic.admin, 'GET', '/keyring')).status, 404)
})
