// The audit log over HTTP: what was done and what was refused, where from; who sees it; searching, proving and undoing.
import assert from 'node:assert/strict'
import test from 'node:test'
import { isConflict, isError, isInvalid, ok, request, rpc, supabase } from './lib/api.mjs'
import { makeClinic } from './lib/clinic.mjs'
import { exec, value } from './lib/db.mjs'
import { slots } from './lib/times.mjs'

const clinic = makeClinic({ name: 'Audited', company: 'Audited employer', specialists: [{ name: 'Ada', time_zone: 'UTC' }], clients: ['Mia', 'Noah'] })
const { admin } = clinic
const [ada] = clinic.specialists
const [mia, noah] = clinic.clients
const free = slots()
const run = (job) => value(`SELECT holdfast_private.run_job('${job}')::int AS n`)

test('a booking, its reading and its reader; values for those they belong to', async () => {
  const headers = { 'User-Agent': 'Audit/1.0', 'X-Request-Id': 'request-7', 'X-Forwarded-For': '192.0.2.77' }
  const { hold_key: key } = await ok(mia, 'request_hold', { specialist_id: ada.specialist_id, client_id: mia.client_id, ...free() })
  await ok(mia, 'confirm_booking', { hold_key: key, session: { notes: 'planted over http' } }, headers)
  await ok(ada, 'get_booking', { booking_id: key })
  const logs = async (person) => {
    const { data, error } = await supabase(person).from('audit_logs').select('*').eq('entity_id', key).order('timestamp')
    assert.equal(error, null)
    return data
  }
  const [made] = await logs(mia)
  assert.deepEqual([made.action, made.entity_type, made.user_id, made.subject_id, made.status, made.user_agent, made.request_id, made.ip_address],
    ['insert', 'bookings', mia.user_id, mia.client_id, 'success', 'Audit/1.0', 'request-7', '192.0.2.77'])
  assert.equal(made.changes.status.new, 'confirmed')
  assert.match(made.new_values.notes.redacted, /^[0-9a-f]{32}$/)
  assert.deepEqual((await logs(admin)).map(({ action, user_id: user }) => [action, user]), [['insert', mia.user_id], ['read', ada.user_id]])
  assert.deepEqual((await logs(ada)).map(({ action, changes }) => [action, changes]), [['read', null]])
  assert.deepEqual(await logs(noah), [])
  assert.equal(value("SELECT count(*)::int AS n FROM holdfast_private.audit_log AS l WHERE l::text LIKE '%planted over http%'"), 0)
})

test('what was refused is there as well, once the job has run', async () => {
  isError(await rpc(noah, 'search_audit_logs', {}, { 'X-Forwarded-For': '192.0.2.78' }), 403, 'forbidden')
  run('job_record_failures')
  const { data } = await supabase(admin).from('security_logs').select('*').eq('user_id', noah.user_id).eq('status', 'failure')
  const refused = data.filter(({ error_message: word }) => word === 'forbidden')
  assert.deepEqual(refused.map(({ entity_type: path, ip_address: ip }) => [path, ip]), [['/rpc/search_audit_logs', '192.0.2.78']])
})

test('time that somebody else had is in the log of conflicts: who asked, where and when', async () => {
  const when = free()
  await ok(mia, 'request_hold', { specialist_id: ada.specialist_id, client_id: mia.client_id, ...when })
  isConflict(await rpc(noah, 'request_hold', { specialist_id: ada.specialist_id, client_id: noah.client_id, ...when }))
  run('job_record_failures')
  const seen = async (person) => (await supabase(person).from('conflict_audit_log').select('user_id, request')).data
  assert.deepEqual(await seen(noah), [{ user_id: noah.user_id, request: '/rpc/request_hold' }])
  assert.deepEqual(await seen(admin), await seen(noah))
  assert.deepEqual(await seen(mia), [])
})

test('nobody writes the views', async () => {
  for (const person of [mia, ada, admin]) {
    for (const view of ['audit_logs', 'admin_logs', 'security_logs', 'user_activity_logs', 'company_activity_logs', 'conflict_audit_log']) {
      for (const [method, path] of [['POST', `/${view}`], ['PATCH', `/${view}?id=not.is.null`], ['DELETE', `/${view}?id=not.is.null`]]) {
        assert.equal((await request(person, method, path, { body: { organization_id: clinic.id } })).status, 403, `${method} ${view}`)
      }
    }
  }
})

test('searching page by page finds everything once, and is recorded', async () => {
  const seen = []
  let before
  do {
    const page = await ok(admin, 'search_audit_logs', { category: 'data', max_count: 3, ...(before ? { before } : {}) })
    seen.push(...page.logs.map(({ id }) => id))
    before = page.before
  } while (before && seen.length < 500)
  assert.equal(new Set(seen).size, seen.length)
  assert.equal(seen.length, value("SELECT count(*)::int AS n FROM holdfast_private.audit_log WHERE organization_id = :'id' AND category = 'data'", { id: clinic.id }))
  isInvalid(await rpc(admin, 'search_audit_logs', { max_count: 1000 }), 'max_count')
  const { logs } = await ok(admin, 'search_audit_logs', { entity_type: 'audit_logs', category: 'read', max_count: 1 })
  assert.equal(logs[0].user_id, admin.user_id)
})

test('an admin undoes a change, once, and it is in the log', async () => {
  const { company } = await ok(admin, 'create_company', { name: 'To be renamed', time_zone: 'UTC' })
  const id = company?.id ?? value("SELECT id FROM public.companies WHERE name = 'To be renamed'")
  exec("UPDATE public.companies SET name = 'Renamed' WHERE id = :'id'", { id })
  const { logs: [change] } = await ok(admin, 'search_audit_logs', { entity_type: 'companies', entity_id: id, action: 'update' })
  assert.deepEqual([change.old_values.name, change.new_values.name], ['To be renamed', 'Renamed'])
  for (const person of [mia, ada]) isError(await rpc(person, 'undo_change', { audit_id: change.id }), 403, 'forbidden')
  assert.equal((await ok(admin, 'undo_change', { audit_id: change.id })).undone, change.id)
  assert.equal(value("SELECT name FROM public.companies WHERE id = :'id'", { id }), 'To be renamed')
  isError(await rpc(admin, 'undo_change', { audit_id: change.id }), 409, 'change_superseded')
  const { data } = await supabase(admin).from('admin_logs').select('action, admin_id').eq('target_id', id).order('created_at')
  assert.deepEqual(data.map(({ action }) => action), ['insert', 'update', 'update', 'undo'])
  assert.equal(data[3].admin_id, admin.user_id)
  const { data: companies } = await supabase(admin).from('company_activity_logs').select('action').eq('company_id', id)
  assert.equal(companies.length, 3)
})

test('a row is proved against the head of the chain', async () => {
  const { logs: [last] } = await ok(admin, 'search_audit_logs', { max_count: 1 })
  isError(await rpc(admin, 'prove_audit_log', { audit_id: last.id }), 409, 'not_sealed_yet', ['retry_after_seconds'])
  run('job_seal_audit')
  const { head } = await ok(admin, 'export_chain_head')
  const proof = await ok(admin, 'prove_audit_log', { audit_id: last.id })
  assert.equal(proof.row.id, last.id)
  assert.equal(proof.batch.head ?? head.head, head.head)
  isError(await rpc(mia, 'export_chain_head'), 403, 'forbidden')
  assert.equal(value("SELECT count(*)::int AS n FROM holdfast.verify_audit('holdfast_private.audit_log')"), 0)
})
