// Clinics: an organization with its people, made by the database administrator, and a token for everybody.
import { randomUUID } from 'node:crypto'
import { seconds, token } from './api.mjs'
import { exec } from './db.mjs'

const insert = `
BEGIN;
CREATE TEMPORARY TABLE clinic ON COMMIT DROP AS SELECT :'clinic'::jsonb AS c;

INSERT INTO public.organizations (id, name, time_zone)
SELECT (c ->> 'id')::uuid, c ->> 'name', c ->> 'time_zone' FROM clinic;

CREATE TEMPORARY TABLE person ON COMMIT DROP AS
SELECT p.* FROM clinic, jsonb_to_recordset(c -> 'people') AS p (
    organization_id uuid, user_id uuid, name text, role text, client_id uuid, specialist_id uuid, company_id uuid,
    specialist_ids uuid[], time_zone text, auto_accept boolean, capacity int, buffer_before int, buffer_after int);

INSERT INTO public.profiles (organization_id, user_id, display_name, email)
SELECT organization_id, user_id, name, lower(replace(name, ' ', '.')) || '@example.org' FROM person;

INSERT INTO public.user_roles (organization_id, user_id, role, reason)
SELECT organization_id, user_id, role, 'seed' FROM person;

INSERT INTO public.specialists (organization_id, id, user_id, display_name, time_zone, auto_accept,
                                concurrent_session_limit, buffer_before, buffer_after)
SELECT organization_id, specialist_id, user_id, name, time_zone, coalesce(auto_accept, true), coalesce(capacity, 1),
       make_interval(mins => coalesce(buffer_before, 0)), make_interval(mins => coalesce(buffer_after, 0))
FROM person WHERE role = 'specialist';

INSERT INTO public.session_types (organization_id, id, name)
SELECT (c ->> 'id')::uuid, (c ->> 'session_type_id')::uuid, 'Follow-up' FROM clinic;

INSERT INTO public.companies (organization_id, id, name, time_zone)
SELECT (c ->> 'id')::uuid, (c ->> 'company_id')::uuid, c ->> 'company', c ->> 'time_zone' FROM clinic WHERE c ->> 'company' <> '';

INSERT INTO public.company_employees (organization_id, company_id, user_id, role, display_name)
SELECT organization_id, company_id, user_id, CASE role WHEN 'company_hr' THEN 'hr' ELSE 'employee' END, name
FROM person WHERE company_id IS NOT NULL;

INSERT INTO public.clients (organization_id, id, user_id, display_name, company_id, employee_id)
SELECT p.organization_id, p.client_id, p.user_id, p.name, p.company_id, e.id
FROM person AS p LEFT JOIN public.company_employees AS e USING (organization_id, user_id)
WHERE p.role = 'client';

INSERT INTO public.client_assignments (organization_id, client_id, specialist_id)
SELECT organization_id, client_id, s FROM person, unnest(specialist_ids) AS s;
COMMIT;`

// makeClinic makes { id, name, admin, hr, specialists, clients, people, session_type_id }, everybody as in demo.json.
// A specialist is { name, time_zone } and may have auto_accept, capacity and buffers (minutes). The first specialist
// looks after every client. With a company, hr is its HR person and every client works there.
export function makeClinic ({ name, time_zone: zone = 'UTC', admin = 'Admin', company = '', hr = 'Hanna Reich', specialists, clients, expires = seconds(3600) }) {
  const id = randomUUID()
  const companyId = company ? randomUUID() : null
  const person = (role, who) => {
    const user = randomUUID()
    return {
      name: who,
      role,
      organization_id: id,
      user_id: user,
      client_id: role === 'client' ? randomUUID() : null,
      specialist_id: role === 'specialist' ? randomUUID() : null,
      token: token({ sub: user, organization_id: id, exp: expires })
    }
  }
  const clinic = {
    id,
    name,
    admin: person('admin', admin),
    hr: company ? person('company_hr', hr) : undefined,
    specialists: specialists.map((one) => ({ ...person('specialist', one.name), time_zone: one.time_zone })),
    clients: clients.map((one) => person('client', one)),
    session_type_id: randomUUID()
  }
  clinic.people = [clinic.admin, ...(company ? [clinic.hr] : []), ...clinic.specialists, ...clinic.clients]
  const details = (one) => ({
    ...specialists[clinic.specialists.indexOf(one)],
    ...one,
    token: undefined,
    company_id: ['client', 'company_hr'].includes(one.role) ? companyId : null,
    specialist_ids: one.role === 'client' ? [clinic.specialists[0].specialist_id] : []
  })
  exec(insert, {
    clinic: JSON.stringify({
      id, name, time_zone: zone, company, company_id: companyId, session_type_id: clinic.session_type_id,
      people: clinic.people.map(details)
    })
  })
  return clinic
}
