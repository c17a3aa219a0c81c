// Employees of a company over HTTP: HR invites, the e-mail arrives at a real mail server, whoever reads it follows the link, and books.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import test, { after } from 'node:test'
import { isError, ok, rpc, supabase, token } from './lib/api.mjs'
import { makeClinic } from './lib/clinic.mjs'
import { exec, value } from './lib/db.mjs'
import { linkIn, mailbox } from './lib/mailbox.mjs'
import { slots } from './lib/times.mjs'

const clinic = makeClinic({ name: 'Staff', company: 'Nordlicht', hr: 'Hanna Staff', specialists: [{ name: 'Ada Staff', time_zone: 'UTC' }], clients: ['Mia Staff'] })
const { admin, hr } = clinic
const [ada] = clinic.specialists
const [mia] = clinic.clients
const company = value(`SELECT id FROM public.companies WHERE organization_id = :'id'`, { id: clinic.id })
const { company: { id: other } } = await ok(admin, 'create_company', { name: 'Südlicht' })
const free = slots()
const { mails, worker, close } = await mailbox()
after(close)

// Somebody who signed in at an auth server with an address.
const person = (email) => {
  const user = randomUUID()
  return { user_id: user, email, token: token({ sub: user, organization_id: clinic.id, email }) }
}
// mailTo sends what is due and returns the newest e-mail to an address.
async function mailTo (email) {
  await once(worker('--once'), 'exit')
  return mails.filter((mail) => mail.to === email).at(-1)
}
const employees = async (who) => (await supabase(who).from('company_employee_directory').select('*').order('display_name')).data

test('HR invites, the mail arrives, its reader accepts and books', async () => {
  const ines = person('ines.staff@example.org')
  const { employee, invitation } = await ok(hr, 'invite_employee', {
    company_id: company, email: 'Ines.Staff@Example.org', display_name: 'Ines', department: 'R&D', cost_center: '7', monthly_limit: 3
  })
  assert.equal(employee.status, 'invited')
  assert.equal(invitation.email, ines.email)
  const mail = await mailTo(ines.email)
  assert.match(mail.subject, /Nordlicht invites you to Staff/)
  const link = linkIn(mail)

  for (let i = 0; i < 3; i++) {
    const seen = await ok(null, 'look_at_employee_invitation', { token: link })
    assert.deepEqual([seen.state, seen.company, seen.email], ['valid', 'Nordlicht', ines.email])
  }
  assert.equal((await employees(hr)).find((one) => one.display_name === 'Ines').invitation_status, 'sent')
  isError(await rpc(person('somebody@example.org'), 'accept_employee_invitation', { token: link }), 403, 'forbidden')
  isError(await rpc(null, 'accept_employee_invitation', { token: link }), 401, 'not_authenticated')

  const accepted = await ok(ines, 'accept_employee_invitation', { token: link })
  assert.deepEqual([accepted.roles, accepted.company.name, accepted.employee.status], [['client'], 'Nordlicht', 'active'])
  isError(await rpc(ines, 'accept_employee_invitation', { token: link }), 410, 'token_used')
  const { hold_key: key } = await ok(ines, 'request_hold', { specialist_id: ada.specialist_id, client_id: accepted.client_id, ...free(60) })
  assert.equal((await ok(ines, 'confirm_booking', { hold_key: key })).booking.status, 'confirmed')
  assert.match((await mailTo(ines.email)).subject, /confirmed/)
  // HR sees that she came, and nothing of what she books.
  const row = (await employees(hr)).find((one) => one.display_name === 'Ines')
  assert.deepEqual([row.status, row.invitation_status, row.has_account], ['active', 'accepted', true])
  assert.deepEqual((await supabase(hr).from('bookings').select('id')).data, [])
})

test('wrong tokens count although they are refused', async () => {
  const { employee } = await ok(hr, 'invite_employee', { company_id: company, email: 'lou.staff@example.org', display_name: 'Lou' })
  const link = linkIn(await mailTo('lou.staff@example.org'))
  // another secret for the same place
  const wrong = value("SELECT holdfast.token('hfemployee')", {}) + '.' + link.split('.')[1]
  for (let i = 0; i < 5; i++) isError(await rpc(person('lou.staff@example.org'), 'accept_employee_invitation', { token: wrong }), 400, 'token_invalid')
  isError(await rpc(person('lou.staff@example.org'), 'accept_employee_invitation', { token: link }), 400, 'token_invalid')
  // another link is another five
  await ok(hr, 'resend_employee_invitation', { employee_id: employee.id })
  assert.deepEqual(await ok(null, 'reject_employee_invitation', { token: linkIn(await mailTo('lou.staff@example.org')) }), { rejected: true })
  assert.equal((await employees(hr)).find((one) => one.display_name === 'Lou').status, 'inactive')
})

test('HR imports rows, sees what became of each, and takes it back', async () => {
  const rows = [{ email: 'One.Staff@example.org', display_name: 'One' }, { email: 'nobody', display_name: 'Two' }, { email: 'three.staff@example.org' }]
  const all = await ok(hr, 'import_employees', { company_id: company, rows })
  assert.deepEqual([all.import.status, all.rows.map((row) => row.status)], ['refused', ['left_out', 'refused', 'refused']])
  const key = randomUUID()
  const args = { company_id: company, rows, mode: 'skip_bad', source: 'people.csv', idempotency_key: key }
  const good = await ok(hr, 'import_employees', args)
  assert.equal(good.import.imported_rows, 1)
  assert.deepEqual(good.rows.slice(1), [
    { index: 1, status: 'refused', error: 'invalid_input', field: 'email', reason: 'is not an e-mail address' },
    { index: 2, status: 'refused', error: 'invalid_input', field: 'display_name', reason: 'is required' }])
  assert.deepEqual(await ok(hr, 'import_employees', args), good)
  assert.ok(linkIn(await mailTo('one.staff@example.org')))
  const { data } = await supabase(hr).from('company_import_history').select('status').order('id')
  assert.deepEqual(data.map((one) => one.status), ['refused', 'partial'])
  isError(await rpc(mia, 'import_employees', { company_id: company, rows }), 403, 'forbidden')
  isError(await rpc(hr, 'import_employees', { company_id: other, rows }), 403, 'forbidden')
  isError(await rpc(mia, 'undo_import', { import_id: good.import.id }), 404, 'import_not_found')
  const undone = await ok(hr, 'undo_import', { import_id: good.import.id })
  assert.deepEqual([undone.import.status, undone.rows[0].status], ['undone', 'undone'])
})

test('HR of one company has nothing to do with another', async () => {
  isError(await rpc(hr, 'invite_employee', { company_id: other, email: 'x.staff@example.org', display_name: 'X' }), 403, 'forbidden')
  const { employee } = await ok(admin, 'invite_employee', { company_id: other, email: 'y.staff@example.org', display_name: 'Y' })
  for (const name of ['resend_employee_invitation', 'revoke_employee_invitation']) {
    isError(await rpc(hr, name, { employee_id: employee.id }), 404, 'employee_not_found')
    isError(await rpc(mia, name, { employee_id: employee.id }), 404, 'employee_not_found')
  }
  assert.ok((await employees(hr)).every((one) => one.company_id === company))
  assert.deepEqual((await supabase(hr).from('company_employee_invitations').select('id').eq('employee_id', employee.id)).data, [])
  assert.deepEqual((await supabase(mia).from('company_employee_invitations').select('id')).data, [])
})

test('HR whose employment ends sees and does nothing more at once', async () => {
  const { employee } = await ok(admin, 'invite_employee', { company_id: company, email: 'z.staff@example.org', display_name: 'Z' })
  exec(`UPDATE public.company_employees SET status = 'inactive' WHERE user_id = :'user'`, { user: hr.user_id })
  isError(await rpc(hr, 'invite_employee', { company_id: company, email: 'w.staff@example.org', display_name: 'W' }), 403, 'forbidden')
  isError(await rpc(hr, 'resend_employee_invitation', { employee_id: employee.id }), 404, 'employee_not_found')
  assert.deepEqual(await employees(hr), (await employees(hr)).filter((one) => one.display_name === 'Hanna Staff'))
  assert.deepEqual((await supabase(hr).from('company_employee_invitations').select('id')).data, [])
})
