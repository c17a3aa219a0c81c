// Who sees what: two clinics that know nothing of each other, in every table and every RPC; anon; revoked roles.
import assert from 'node:assert/strict'
import test, { before, describe } from 'node:test'
import { randomUUID } from 'node:crypto'
import { isError, isInvalid, ok, request, rpc, supabase, token } from './lib/api.mjs'
import { makeClinic } from './lib/clinic.mjs'
import { exec, rows, value } from './lib/db.mjs'
import { slots } from './lib/times.mjs'

const small = (name) => makeClinic({
  name, company: `${name} employer`, specialists: [{ name: `${name} Ada`, time_zone: 'UTC' }], clients: [`${name} Mia`, `${name} Noah`]
})
const [ours, theirs] = [small('Ours'), small('Theirs')]
const free = slots()
const wish = (client, clinic = ours) => ({
  specialist_id: clinic.specialists[0].specialist_id, client_id: client.client_id, ...free()
})

// Every table and view that PostgREST exposes, from the catalog, so that a new one is tested as soon as it is there.
const relations = rows(`
  SELECT c.relname AS name,
         (SELECT array_agg(a.attname) FROM pg_attribute AS a
          WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
  FROM pg_class AS c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') ORDER BY 1`)
const tenants = (name) => name === 'organizations' ? 'id' : 'organization_id'
const shared = relations.filter(({ name, columns }) => !columns.includes(tenants(name))).map(({ name }) => name)
const tenanted = relations.filter(({ name }) => !shared.includes(name)).map(({ name }) => name)
const fingerprint = (name) => value(
  `SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '' ORDER BY t::text)), '') AS f FROM public.${name} AS t WHERE ${tenants(name)} = :'id'`,
  { id: theirs.id })

let booking // theirs
let held // theirs, unconfirmed
before(async () => {
  for (const clinic of [ours, theirs]) {
    const [mia] = clinic.clients
    const { hold_key: key } = await ok(mia, 'request_hold', wish(mia, clinic))
    booking = (await ok(mia, 'confirm_booking', { hold_key: key })).booking
    held = await ok(mia, 'request_hold', wish(mia, clinic))
  }
})

test('every relation that is exposed carries its tenant', () => {
  assert.ok(tenanted.length >= 14, tenanted.join(', '))
  assert.deepEqual(shared, [])
})

describe('the other clinic', () => {
  const strangers = { admin: ours.admin, hr: ours.hr, specialist: ours.specialists[0], client: ours.clients[0] }

  for (const name of tenanted) {
    test(`${name}: not read, written, changed or deleted from outside`, async () => {
      const before = fingerprint(name)
      const [row] = rows(`SELECT * FROM public.${name} WHERE ${tenants(name)} = :'id' LIMIT 1`, { id: theirs.id })
      const filter = `${tenants(name)}=eq.${theirs.id}`
      const generated = rows(`SELECT attname FROM pg_attribute WHERE attrelid = 'public.${name}'::regclass AND attgenerated <> ''`)
      for (const [role, person] of Object.entries(strangers)) {
        const read = await request(person, 'GET', `/${name}`)
        assert.ok(read.status === 200 || read.status === 403, `${role}: ${read.text}`)
        if (read.status === 200) {
          const seen = new Set(read.body.map((one) => one[tenants(name)]))
          seen.delete(ours.id)
          seen.delete('00000000-0000-0000-0000-000000000000') // what applies in every organization
          assert.deepEqual([...seen], [], `${role} sees`)
        }
        const prefer = { Prefer: 'return=representation' }
        const none = ({ status, body, text }) => assert.ok(
          [401, 403, 404, 405].includes(status) || ([200, 204].includes(status) && (body ?? []).length === 0), `${role}: ${status} ${text}`)
        none(await request(person, 'PATCH', `/${name}?${filter}`, { body: { [tenants(name)]: theirs.id }, headers: prefer }))
        none(await request(person, 'DELETE', `/${name}?${filter}`, { headers: prefer }))
        const copy = { ...(row ?? {}), [tenants(name)]: theirs.id }
        if ('id' in copy) copy.id = randomUUID()
        for (const { attname } of generated) delete copy[attname]
        const post = await request(person, 'POST', `/${name}`, { body: copy })
        assert.equal(post.status, 403, `${role} inserts: ${post.text}`)
        assert.doesNotMatch(post.text, new RegExp(theirs.clients[0].client_id))
      }
      assert.equal(fingerprint(name), before)
    })
  }

  test('its people cannot be booked, its bookings and holds do not exist', async () => {
    const [mia] = ours.clients
    const [theirMia] = theirs.clients
    const [theirAda] = theirs.specialists
    const theirCompany = value(`SELECT id FROM public.companies WHERE organization_id = :'id'`, { id: theirs.id })
    isError(await rpc(mia, 'request_hold', { ...wish(mia), specialist_id: theirAda.specialist_id }), 404, 'specialist_not_found')
    isError(await rpc(ours.admin, 'request_hold', { ...wish(mia), client_id: theirMia.client_id }), 404, 'client_not_found')
    for (const person of Object.values(strangers)) {
      for (const [name, body, word] of [
        ['confirm_booking', { hold_key: held.hold_key }, 'hold_not_found'],
        ['extend_hold', { hold_key: held.hold_key, hold_seconds: 600 }, 'hold_not_found'],
        ['cancel_hold', { hold_key: held.hold_key }, 'hold_not_found'],
        ['sessions_confirm', { hold_key: held.hold_key, session: {} }, 'hold_not_found'],
        ['sessions_cancel', { hold_key: held.hold_key }, 'hold_not_found'],
        ['cancel_booking', { booking_id: booking.id, reason: 'x' }, 'booking_not_found'],
        ['reschedule_booking', { booking_id: booking.id, ...free() }, 'booking_not_found'],
        ['accept_booking', { booking_id: booking.id }, 'booking_not_found'],
        ['decline_booking', { booking_id: booking.id, reason: 'x' }, 'booking_not_found'],
        ['complete_booking', { booking_id: booking.id }, 'booking_not_found'],
        ['mark_no_show', { booking_id: booking.id, party: 'client' }, 'booking_not_found'],
        ['get_booking', { booking_id: booking.id }, 'booking_not_found'],
        ['company_usage', { company_id: theirCompany }, 'company_not_found']
      ]) isError(await rpc(person, name, body), 404, word)
    }
    await ok(theirMia, 'confirm_booking', { hold_key: held.hold_key })
  })

  test('its times do not block ours: resources of one name are two', async () => {
    // The same specialist id in both tenants cannot meet in the calendar.
    const [mia] = theirs.clients
    const [noah] = ours.clients.slice(1)
    const when = free()
    await ok(mia, 'request_hold', { ...wish(mia, theirs), ...when })
    await ok(noah, 'request_hold', { ...wish(noah), ...when })
  })
})

describe('inside a clinic', () => {
  test('a client sees their own bookings, a specialist their calendar, the admin all', async () => {
    const [mia, noah] = ours.clients
    const count = async (person) => (await supabase(person).from('bookings').select('id')).data.length
    assert.equal(await count(mia), 1)
    assert.equal(await count(noah), 0)
    assert.equal(await count(ours.specialists[0]), 1)
    assert.equal(await count(ours.admin), 1)
  })

  test('embedding a table brings no more than reading it', async () => {
    const { data, error } = await supabase(ours.clients[1]).from('specialists').select('id,bookings(id)')
    assert.equal(error, null)
    assert.deepEqual(data, [{ id: ours.specialists[0].specialist_id, bookings: [] }])
    const mine = await supabase(ours.clients[0]).from('bookings').select('id,clients(id),specialists(id),booking_status_history(new_status)')
    assert.equal(mine.error, null)
    assert.deepEqual(mine.data.map((one) => [one.clients.id, one.booking_status_history.length]), [[ours.clients[0].client_id, 1]])
  })

  test('who acts for somebody else is recorded as themselves', async () => {
    const [, noah] = ours.clients
    const acting = randomUUID()
    const impersonated = { token: token({ sub: noah.user_id, organization_id: ours.id, act: { sub: acting } }) }
    const { hold_key: key } = await ok(impersonated, 'request_hold', wish(noah))
    const made = (await ok(impersonated, 'confirm_booking', { hold_key: key })).booking
    assert.deepEqual([made.acting_user_id, made.subject_user_id], [acting, noah.user_id])
    const [first] = rows(`SELECT changed_by, acting_user_id FROM public.booking_status_history WHERE booking_id = :'id'`, { id: key })
    assert.deepEqual(first, { changed_by: noah.user_id, acting_user_id: acting })
    await ok(noah, 'cancel_booking', { booking_id: key, reason: 'x' })
  })

  test('HR of an employer sees who works there, and neither clients nor bookings', async () => {
    const seen = async (table) => (await supabase(ours.hr).from(table).select('*')).data
    assert.equal((await seen('company_employees')).length, 3)
    for (const table of ['clients', 'client_assignments', 'bookings', 'booking_status_history', 'booking_cancellations', 'rescheduling_history']) {
      assert.deepEqual(await seen(table) ?? [], [], table)
    }
  })

  test('a client sees no other client', async () => {
    const [mia] = ours.clients
    const { data } = await supabase(mia).from('clients').select('id')
    assert.deepEqual(data, [{ id: mia.client_id }])
  })

  test('nobody gives themselves a role', async () => {
    for (const person of [ours.clients[0], ours.specialists[0]]) {
      const answer = await request(person, 'POST', '/user_roles', { body: { organization_id: ours.id, user_id: person.user_id, role: 'admin' } })
      assert.equal(answer.status, 403, answer.text)
    }
    const answer = await request(ours.admin, 'POST', '/user_roles', { body: { organization_id: ours.id, user_id: ours.admin.user_id, role: 'super_admin' } })
    assert.equal(answer.status, 403, answer.text)
  })
})

describe('anon', () => {
  for (const { name } of relations) {
    test(`reads nothing of ${name}`, async () => {
      const { status, body } = await request(null, 'GET', `/${name}`)
      assert.ok(status === 401 || (status === 200 && body.length === 0), `${status}`)
      const write = await request(null, 'POST', `/${name}`, { body: {} })
      assert.ok(write.status === 401, `${write.status} ${write.text}`)
    })
  }

  test('calls no RPC of the main job, and is shown none', async () => {
    const [mia] = ours.clients
    assert.equal((await rpc(null, 'request_hold', wish(mia))).status, 401)
    const { body } = await request(null, 'GET', '/')
    // a feed is read by calendar programs, and who comes by a link is not signed in: the secret stands for the caller
    assert.deepEqual(Object.keys(body.paths).filter((path) => path !== '/').sort(), [
      'accept_employee_invitation', 'accept_invitation', 'calendar_feed', 'check_login', 'complete_password_reset', 'exchange_api_key',
      'look_at_employee_invitation', 'peek_token', 'refresh_session', 'reject_employee_invitation', 'reject_invitation', 'request_email_verification', 'request_password_reset', 'sign_in', 'sign_up', 'unsubscribe', 'verify_email'
    ].map((name) => `/rpc/${name}`))
  })
})

test('what is exposed is what the design names; nothing of the kernel or of the bodies', async () => {
  const { body } = await request(ours.admin, 'GET', '/')
  const names = Object.keys(body.paths).filter((path) => path.startsWith('/rpc/')).map((path) => path.slice(5))
  for (const name of ['request_hold', 'confirm_booking', 'cancel_hold', 'extend_hold', 'cancel_booking', 'reschedule_booking',
    'accept_booking', 'decline_booking', 'complete_booking', 'mark_no_show', 'get_booking', 'company_usage', 'sessions_hold', 'sessions_confirm', 'sessions_cancel']) {
    assert.ok(names.includes(name), `${name} is missing`)
  }
  const kernel = rows(`SELECT DISTINCT proname AS name FROM pg_proc WHERE pronamespace = 'holdfast'::regnamespace`).map(({ name }) => name)
  assert.deepEqual(names.filter((name) => kernel.includes(name)), [])
  for (const schema of ['holdfast', 'holdfast_private']) {
    const answer = await request(ours.admin, 'GET', '/calendar', { headers: { 'Accept-Profile': schema } })
    assert.equal(answer.status, 406, answer.text)
  }
})

test('a revoked role is gone at the next request, with the same token', async () => {
  const clinic = small('Revoked')
  const [mia] = clinic.clients
  const { hold_key: key } = await ok(mia, 'request_hold', wish(mia, clinic))
  const made = (await ok(mia, 'confirm_booking', { hold_key: key })).booking
  const seen = async () => (await supabase(clinic.admin).from('bookings').select('id')).data?.length
  // Ten times, so that every connection of the pool has the role cached before it goes.
  assert.deepEqual(new Set(await Promise.all(Array.from({ length: 10 }, seen))), new Set([1]))
  exec(`DELETE FROM public.user_roles WHERE organization_id = :'id' AND user_id = :'user'`, { id: clinic.id, user: clinic.admin.user_id })
  assert.deepEqual(new Set(await Promise.all(Array.from({ length: 10 }, seen))), new Set([0]))
  isError(await rpc(clinic.admin, 'cancel_booking', { booking_id: made.id, reason: 'x' }), 404, 'booking_not_found')
  exec(`INSERT INTO public.user_roles (organization_id, user_id, role) VALUES (:'id', :'user', 'admin')`, { id: clinic.id, user: clinic.admin.user_id })
  assert.equal(await seen(), 1)
})

describe('X-Organization-Id', () => {
  const header = (clinic) => ({ 'X-Organization-Id': clinic.id })
  const count = async (person, headers, path = '/bookings?select=organization_id') => {
    const { body, status, text } = await request(person, 'GET', path, { headers })
    assert.equal(status, 200, text)
    return [...new Set(body.map((one) => one.organization_id))]
  }
  const operator = { user_id: randomUUID() }
  operator.token = token({ sub: operator.user_id })
  before(() => exec(`INSERT INTO public.user_roles (organization_id, user_id, role)
    VALUES ('00000000-0000-0000-0000-000000000000', :'user', 'super_admin')`, { user: operator.user_id }))

  test('a super_admin works in the organization it names', async () => {
    assert.deepEqual(await count(operator, header(ours)), [ours.id])
    assert.deepEqual(await count(operator, header(theirs)), [theirs.id])
    const [mia] = ours.clients
    const made = await ok(operator, 'request_hold', wish(mia), header(ours))
    assert.deepEqual(await ok(operator, 'cancel_hold', { hold_key: made.hold_key }, header(ours)), { released: 1 })
  })

  test('a super_admin who is none any more does not', async () => {
    const former = { user_id: randomUUID() }
    former.token = token({ sub: former.user_id, organization_id: ours.id })
    exec(`INSERT INTO public.user_roles (organization_id, user_id, role)
      VALUES ('00000000-0000-0000-0000-000000000000', :'user', 'super_admin')`, { user: former.user_id })
    assert.deepEqual(await count(former, header(theirs)), [theirs.id])
    exec(`DELETE FROM public.user_roles WHERE user_id = :'user'`, { user: former.user_id })
    assert.deepEqual(await count(former, header(theirs)), [])
  })

  test('service_role works in the organization it names', async () => {
    const service = { token: token({ role: 'service_role' }) }
    const [mia] = theirs.clients
    const made = await ok(service, 'request_hold', wish(mia, theirs), header(theirs))
    isError(await rpc(service, 'cancel_hold', { hold_key: made.hold_key }, header(ours)), 404, 'hold_not_found')
    await ok(service, 'cancel_hold', { hold_key: made.hold_key }, header(theirs))
  })

  test('anyone else is not moved by it', async () => {
    for (const person of [ours.admin, ours.specialists[0], ours.clients[0]]) {
      assert.deepEqual(await count(person, header(theirs)), [ours.id])
    }
    const [mia] = ours.clients
    const { specialist_id: theirAda } = theirs.specialists[0]
    isError(await rpc(mia, 'request_hold', { ...wish(mia), specialist_id: theirAda }, header(theirs)), 404, 'specialist_not_found')
  })

  test('one that is no UUID, or nil, is refused', async () => {
    for (const id of ['x', '00000000-0000-0000-0000-000000000000']) {
      isInvalid(await request(operator, 'GET', '/bookings', { headers: { 'X-Organization-Id': id } }), 'X-Organization-Id')
    }
  })
})
