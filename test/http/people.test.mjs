// Organizations, roles, people: the RPCs by which admins run a clinic, and who may not.
import assert from 'node:assert/strict'
import test, { describe } from 'node:test'
import { randomUUID } from 'node:crypto'
import { isError, isInvalid, ok, request, rpc, supabase, token } from './lib/api.mjs'
import { makeClinic } from './lib/clinic.mjs'
import { value } from './lib/db.mjs'

const clinic = makeClinic({
  name: 'People', time_zone: 'Europe/Lisbon', company: 'Employer', specialists: [{ name: 'Ada', time_zone: 'UTC' }], clients: ['Mia', 'Noah']
})
const other = makeClinic({ name: 'People too', company: 'Another', specialists: [{ name: 'Beth', time_zone: 'UTC' }], clients: ['Quinn'] })
const { admin, hr } = clinic
const [ada] = clinic.specialists
const [mia, noah] = clinic.clients
const unknown = '00000000-0000-4000-8000-00000000dead'
const person = (user, organization = clinic.id) => ({ user_id: user, token: token({ sub: user, organization_id: organization }) })
const forbidden = async (people, name, body) => {
  for (const one of people) isError(await rpc(one, name, body), 403, 'forbidden')
}
const company = value(`SELECT id FROM public.companies WHERE organization_id = :'id'`, { id: clinic.id })

test('whoami tells roles and permissions as they are now', async () => {
  const answer = await ok(admin, 'whoami', {})
  assert.equal(answer.user_id, admin.user_id)
  assert.equal(answer.organization_id, clinic.id)
  assert.deepEqual(answer.roles, ['admin'])
  assert.ok(answer.permissions.includes('manage_members'))
  const nobody = await ok(person(randomUUID()), 'whoami', {})
  assert.deepEqual([nobody.roles, nobody.permissions], [[], []])
  isError(await rpc({ token: token({}) }, 'whoami', {}), 401, 'not_authenticated')
})

describe('roles', () => {
  test('an admin gives and takes them, at once', async () => {
    const user = person(randomUUID())
    isError(await rpc(user, 'create_company', { name: 'Too early' }), 403, 'forbidden')
    assert.deepEqual((await ok(admin, 'assign_role', { user_id: user.user_id, role: 'admin', reason: 'deputy' })).roles, ['admin'])
    await ok(user, 'create_company', { name: 'In time' })
    await ok(admin, 'revoke_role', { user_id: user.user_id, role: 'admin' })
    isError(await rpc(user, 'create_company', { name: 'Too late' }), 403, 'forbidden')
  })

  test('nobody gives what they do not have, nor does anybody without the right', async () => {
    isError(await rpc(admin, 'assign_role', { user_id: admin.user_id, role: 'super_admin' }), 403, 'forbidden')
    await forbidden([mia, ada, hr], 'assign_role', { user_id: mia.user_id, role: 'admin' })
    await forbidden([mia, ada, hr], 'revoke_role', { user_id: admin.user_id, role: 'admin' })
    isError(await rpc(admin, 'assign_role', { user_id: mia.user_id, role: 'emperor' }), 404, 'role_not_found')
    isError(await rpc(admin, 'revoke_role', { user_id: mia.user_id, role: 'company_hr' }), 404, 'role_not_found')
  })

  test('the last admin stays', async () => {
    isError(await rpc(admin, 'revoke_role', { user_id: admin.user_id, role: 'admin' }), 403, 'forbidden')
  })
})

describe('organizations', () => {
  test('are made and listed by the service role, not by admins', async () => {
    const service = { token: token({ role: 'service_role' }) }
    const user = randomUUID()
    const { organization } = await ok(service, 'create_organization', { name: 'Brand new', time_zone: 'Asia/Tokyo', admin_user_id: user })
    assert.equal(organization.time_zone, 'Asia/Tokyo')
    assert.deepEqual((await ok(person(user, organization.id), 'whoami', {})).roles, ['admin'])
    const { organizations } = await ok(service, 'list_organizations', {})
    assert.ok(organizations.some((one) => one.id === organization.id))
    await forbidden([admin, ada, mia], 'create_organization', { name: 'Mine' })
    await forbidden([admin, ada, mia], 'list_organizations', {})
  })

  test('are changed by their admin', async () => {
    const { organization } = await ok(admin, 'update_organization', { name: 'People & Co' })
    assert.equal(`${organization.id} ${organization.name} ${organization.time_zone}`, `${clinic.id} People & Co Europe/Lisbon`)
    isInvalid(await rpc(admin, 'update_organization', { time_zone: 'Mars/Olympus' }))
    await forbidden([mia, ada, hr], 'update_organization', { name: 'Mine' })
  })
})

test('everybody changes their own profile, and sees no other', async () => {
  const { profile } = await ok(mia, 'update_profile', { phone: '+351 1234', locale: 'pt-PT' })
  assert.equal(`${profile.user_id} ${profile.phone} ${profile.display_name}`, `${mia.user_id} +351 1234 Mia`)
  assert.equal((await ok(mia, 'update_profile', { phone: '' })).profile.phone, null)
  const { data } = await supabase(mia).from('profiles').select('user_id')
  assert.deepEqual(data, [{ user_id: mia.user_id }])
})

describe('specialists', () => {
  test('are added by an admin, and may sign in', async () => {
    const user = person(randomUUID())
    const { specialist } = await ok(admin, 'create_specialist', { display_name: ' Kenji ', user_id: user.user_id, buffer_after: '10 minutes' })
    assert.equal(`${specialist.display_name} ${specialist.time_zone}`, 'Kenji Europe/Lisbon')
    assert.deepEqual((await ok(user, 'whoami', {})).roles, ['specialist'])
    const mine = await ok(user, 'update_specialist', { specialist_id: specialist.id, bio: 'hello', auto_accept: false })
    assert.equal(`${mine.specialist.bio} ${mine.specialist.auto_accept}`, 'hello false')
    isError(await rpc(user, 'update_specialist', { specialist_id: specialist.id, status: 'suspended' }), 403, 'forbidden')
    isError(await rpc(user, 'update_specialist', { specialist_id: ada.specialist_id, bio: 'x' }), 404, 'specialist_not_found')
    await ok(admin, 'update_specialist', { specialist_id: specialist.id, status: 'suspended' })
    assert.deepEqual((await supabase(mia).from('specialists').select('id')).data, [{ id: ada.specialist_id }])
  })

  test('bad input gets its word', async () => {
    isInvalid(await rpc(admin, 'create_specialist', { display_name: '' }), 'display_name')
    isInvalid(await rpc(admin, 'create_specialist', { display_name: null }), 'display_name')
    isInvalid(await rpc(admin, 'create_specialist', { display_name: 'x', time_zone: 'Mars/Olympus' }))
    isInvalid(await rpc(admin, 'create_specialist', { display_name: 'x', concurrent_session_limit: 0 }))
    isInvalid(await rpc(admin, 'create_specialist', { display_name: 'x', buffer_before: '2 days' }))
    isError(await rpc(admin, 'create_specialist', { display_name: 'x', pillar_id: unknown }), 404, 'pillar_not_found')
    await forbidden([mia, ada, hr], 'create_specialist', { display_name: 'x' })
  })
})

describe('clients', () => {
  test('are added, changed, assigned and archived', async () => {
    const user = person(randomUUID())
    const { client } = await ok(admin, 'create_client', { display_name: 'Zoe', user_id: user.user_id, email: 'Zoe@Example.org' })
    assert.equal(client.email, 'zoe@example.org')
    assert.deepEqual((await supabase(user).from('clients').select('id')).data, [{ id: client.id }])
    const sees = async () => (await supabase(ada).from('clients').select('id').eq('id', client.id)).data.length
    assert.equal(await sees(), 0)
    assert.deepEqual((await ok(admin, 'assign_client', { client_id: client.id, specialist_id: ada.specialist_id })).specialist_ids, [ada.specialist_id])
    assert.equal(await sees(), 1)
    assert.deepEqual((await ok(admin, 'unassign_client', { client_id: client.id, specialist_id: ada.specialist_id })).specialist_ids, [])
    assert.equal(await sees(), 0)
    isError(await rpc(admin, 'unassign_client', { client_id: client.id, specialist_id: ada.specialist_id }), 404, 'assignment_not_found')
    assert.equal((await ok(user, 'update_client', { client_id: client.id, phone: '123' })).client.phone, '123')
    isError(await rpc(user, 'update_client', { client_id: client.id, status: 'inactive' }), 403, 'forbidden')
    isError(await rpc(noah, 'update_client', { client_id: client.id, phone: '666' }), 404, 'client_not_found')
    await ok(admin, 'archive_client', { client_id: client.id })
    assert.deepEqual((await supabase(user).from('clients').select('id')).data, [])
    isError(await rpc(admin, 'archive_client', { client_id: client.id }), 404, 'client_not_found')
    const hold = { specialist_id: ada.specialist_id, client_id: client.id, start_time: '2027-03-01T09:00:00Z', end_time: '2027-03-01T10:00:00Z' }
    isError(await rpc(user, 'request_hold', hold), 403, 'forbidden')
    isError(await rpc(admin, 'request_hold', hold), 404, 'client_not_found')
  })

  test('not by others, nor into another clinic', async () => {
    await forbidden([mia, ada, hr], 'create_client', { display_name: 'x' })
    await forbidden([mia, ada, hr], 'archive_client', { client_id: mia.client_id })
    const [beth] = other.specialists
    const [quinn] = other.clients
    isError(await rpc(admin, 'assign_client', { client_id: mia.client_id, specialist_id: beth.specialist_id }), 404, 'specialist_not_found')
    isError(await rpc(admin, 'assign_client', { client_id: quinn.client_id, specialist_id: ada.specialist_id }), 404, 'client_not_found')
    isError(await rpc(admin, 'archive_client', { client_id: quinn.client_id }), 404, 'client_not_found')
    isError(await rpc(admin, 'update_client', { client_id: quinn.client_id, phone: '123' }), 404, 'client_not_found')
    isError(await rpc(admin, 'update_specialist', { specialist_id: beth.specialist_id, bio: 'x' }), 404, 'specialist_not_found')
  })

  test('one user is one client: a second is invalid input, not a constraint', async () => {
    isInvalid(await rpc(admin, 'create_client', { display_name: 'Mia again', user_id: mia.user_id }))
  })
})

describe('companies', () => {
  const theirs = value(`SELECT id FROM public.companies WHERE organization_id = :'id'`, { id: other.id })

  test('HR adds and changes employees of its own company only, and makes no HR', async () => {
    const { employee } = await ok(hr, 'create_employee', { company_id: company, display_name: 'Nils', department: 'Sales' })
    assert.equal((await ok(hr, 'update_employee', { employee_id: employee.id, monthly_limit: 4 })).employee.monthly_limit, 4)
    isError(await rpc(hr, 'create_employee', { company_id: company, display_name: 'x', role: 'hr' }), 403, 'forbidden')
    isError(await rpc(hr, 'update_employee', { employee_id: employee.id, user_id: mia.user_id }), 403, 'forbidden')
    // Another company and none look the same.
    const { company: second } = await ok(admin, 'create_company', { name: 'Second' })
    for (const id of [second.id, theirs, unknown]) await forbidden([hr], 'create_employee', { company_id: id, display_name: 'x' })
    await ok(admin, 'create_employee', { company_id: second.id, display_name: 'Boss', role: 'hr', user_id: randomUUID() })
  })

  test('are run by admins', async () => {
    assert.equal((await ok(admin, 'update_company', { company_id: company, industry: 'Energy' })).company.industry, 'Energy')
    isInvalid(await rpc(admin, 'create_company', { name: 'Employer' }))
    isError(await rpc(admin, 'update_company', { company_id: theirs, name: 'x' }), 404, 'company_not_found')
    await forbidden([mia, ada, hr], 'create_company', { name: 'x' })
    await forbidden([mia, ada, hr], 'update_company', { company_id: company, name: 'x' })
  })

  test('choose their specialists', async () => {
    const { specialist } = await ok(admin, 'create_specialist', { display_name: 'Chosen' })
    const day = { start_time: '2027-03-01T09:00:00Z', end_time: '2027-03-01T10:00:00Z' }
    const wish = (id) => ({ specialist_id: id, client_id: mia.client_id, ...day })
    assert.deepEqual((await ok(admin, 'assign_specialist', { specialist_id: specialist.id, company_id: company })).specialist_ids, [specialist.id])
    isError(await rpc(mia, 'request_hold', wish(ada.specialist_id)), 403, 'forbidden')
    await ok(mia, 'request_hold', wish(specialist.id))
    assert.deepEqual((await ok(admin, 'unassign_specialist', { specialist_id: specialist.id, company_id: company })).specialist_ids, [])
    isError(await rpc(admin, 'unassign_specialist', { specialist_id: specialist.id, company_id: company }), 404, 'assignment_not_found')
    isError(await rpc(admin, 'assign_specialist', { specialist_id: other.specialists[0].specialist_id, company_id: company }), 404, 'specialist_not_found')
    await forbidden([mia, ada, hr], 'assign_specialist', { specialist_id: specialist.id, company_id: company })
  })
})

test('the catalog is written by admins directly, and read by all', async () => {
  const added = await request(admin, 'POST', '/pillars', {
    body: { organization_id: clinic.id, code: 'sleep', name: 'Sleep' }, headers: { Prefer: 'return=representation' }
  })
  assert.equal(added.status, 201, added.text)
  const [pillar] = added.body
  for (const one of [mia, ada]) {
    assert.equal((await request(one, 'POST', '/pillars', { body: { organization_id: clinic.id, code: 'x', name: 'x' } })).status, 403)
    assert.deepEqual((await supabase(one).from('pillars').select('id,code')).data, [{ id: pillar.id, code: 'sleep' }])
    await request(one, 'PATCH', `/pillars?id=eq.${pillar.id}`, { body: { name: 'Mine' } })
  }
  assert.equal(value(`SELECT name FROM public.pillars WHERE id = :'id'`, { id: pillar.id }), 'Sleep')
})
