-- Companies: plans, subscriptions and their days, seats, papers, contacts, the agreement, compliance.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\i :srcdir/lib/booking.sql
-- only some keys of an answer
CREATE FUNCTION t.of(answer text, path text, VARIADIC keys text[]) RETURNS text LANGUAGE sql AS $$
  SELECT CASE WHEN answer LIKE '{%' THEN (SELECT string_agg(format('%s=%s', k, answer::jsonb -> path ->> k), ' ' ORDER BY n) FROM unnest(keys) WITH ORDINALITY AS u (k, n)) ELSE answer END
$$;
CREATE FUNCTION t.sub(who text, name text, arguments text) RETURNS text LANGUAGE sql AS $$
  SELECT t.of(t.rpc(who, name, arguments, 'sub'), 'subscription', 'status', 'plan_id', 'start_date', 'trial_end_date', 'end_date', 'auto_renew', 'next_plan_id', 'next_plan_date') $$;
CREATE FUNCTION t.now(company text DEFAULT 'acme') RETURNS text LANGUAGE sql AS $$
  SELECT t.of(t.tidy(jsonb_build_object('s', to_jsonb(s))::text), 's', 'status', 'plan_id', 'end_date', 'next_plan_date') FROM holdfast_private.settled_subscription(t.id('clinic'), t.id(company)) AS s $$;
CREATE FUNCTION t.at(day text) RETURNS text LANGUAGE sql AS $$ SELECT set_config('holdfast.now', day, false) $$;
CREATE FUNCTION t.employee(name text, company text DEFAULT 'acme', who text DEFAULT 'adam') RETURNS text LANGUAGE sql AS $$
  SELECT t.of(t.rpc(who, 'create_employee', format('{"company_id": "%s", "display_name": "%s"}', company, name), 'e'), 'employee', 'status') $$;
\set ECHO all
-- plans: an admin's; HR sees those that can be chosen
SELECT who, t.of(t.rpc(who, 'create_subscription_plan', '{"name": "Small", "sessions_per_month": 20, "max_employees": 3, "trial_days": 14, "carry_limit": 5, "carry_months": 2, "features": {"reports": true}}', 'plan'), 'plan', 'name', 'max_employees', 'sessions_per_month', 'trial_days', 'billing_cycle', 'features')
FROM unnest('{adam,hugo,ben,maria,""}'::text[]) who;
SELECT t.of(t.rpc('adam', 'create_subscription_plan', '{"name": "Big", "billing_cycle": "annual", "trial_days": 30, "price": 1000, "currency": "EUR"}', 'plan'), 'plan', 'id', 'max_employees', 'carry_limit', 'carry_months');
SELECT t.of(t.rpc('adam', 'create_subscription_plan', '{"name": "Tiny", "max_employees": 1}', 'plan'), 'plan', 'id', 'max_employees');
SELECT a, t.rpc('adam', 'create_subscription_plan', format('{"name": "x"%s}', a)) FROM unnest(ARRAY[', "name": "Small"', ', "name": " "', ', "max_employees": -1', ', "trial_days": 366', ', "billing_cycle": "weekly"', ', "features": []', ', "price": -1', ', "currency": "euro"', ', "carry_months": 25']) a;
SELECT t.of(t.rpc('adam', 'update_subscription_plan', '{"plan_id": "plan3", "is_active": false}'), 'plan', 'name', 'is_active');
SELECT t.rpc('adam', 'update_subscription_plan', '{"plan_id": "nothing"}'), t.rpc('zoe', 'update_subscription_plan', '{"plan_id": "plan1"}'), t.rpc('hugo', 'update_subscription_plan', '{"plan_id": "plan1"}');

-- a trial, in the company's zone; once
SELECT t.at('2030-01-30 23:30Z');
UPDATE public.companies SET time_zone = 'Pacific/Auckland' WHERE id = t.id('acme');
SELECT t.sub('hugo', 'subscribe_company', '{"company_id": "acme", "plan_id": "plan1"}');
SELECT t.sub('adam', 'subscribe_company', '{"company_id": "acme", "plan_id": "plan3"}'), t.sub('adam', 'subscribe_company', '{"company_id": "nothing", "plan_id": "plan1"}'), t.sub('zoe', 'subscribe_company', '{"company_id": "acme", "plan_id": "plan1"}');
SELECT t.sub('adam', 'subscribe_company', '{"company_id": "acme", "plan_id": "plan1"}');
SELECT t.sub('adam', 'subscribe_company', '{"company_id": "acme", "plan_id": "plan2"}');
SELECT t.at('2030-02-13 10:59Z'), t.now();
SELECT t.at('2030-02-13 11:00Z'), t.now(), (SELECT status FROM public.company_subscriptions) AS written;
-- more seats at once, fewer at the end of the cycle, and not at all when it is changed again
SELECT t.sub('adam', 'change_plan', '{"company_id": "acme", "plan_id": "plan2", "reason": "they grow"}');
SELECT t.sub('adam', 'change_plan', '{"company_id": "acme", "plan_id": "plan1", "effective": "period_end"}');
SELECT t.at('2031-01-30 10:59Z'), t.now();
SELECT t.at('2031-01-30 11:00Z'), t.now();
SELECT holdfast_private.run_job('job_settle_subscriptions'), holdfast_private.run_job('job_settle_subscriptions');
SELECT t.sub('adam', 'change_plan', '{"company_id": "acme", "plan_id": "plan2", "effective": "period_end"}');
SELECT t.sub('adam', 'change_plan', '{"company_id": "acme", "plan_id": "plan1", "effective": "period_end"}');
SELECT t.sub('adam', 'change_plan', format('{"company_id": "acme", "plan_id": "plan1", "effective": %s}', e)) FROM unnest(ARRAY['"later"', 'null']) e;
SELECT t.sub('adam', 'change_plan', '{"company_id": "acme", "plan_id": "plan3"}'), t.sub('adam', 'change_plan', '{"company_id": "globex", "plan_id": "plan1"}'), t.sub('hugo', 'change_plan', '{"company_id": "acme", "plan_id": "plan1"}');
-- suspended, and on again
SELECT t.sub('adam', 'suspend_subscription', '{"company_id": "acme", "reason": "unpaid"}'), t.sub('adam', 'suspend_subscription', '{"company_id": "acme"}');
SELECT t.sub('adam', 'resume_subscription', '{"company_id": "acme"}'), t.sub('adam', 'resume_subscription', '{"company_id": "acme"}');
-- cancelled at the end of the cycle: it runs until then, and the plan that was to follow does not
SELECT t.sub('adam', 'cancel_subscription', '{"company_id": "acme", "reason": "moved"}');
SELECT t.at('2031-02-27 10:59Z'), t.now();
SELECT t.at('2031-02-27 11:00Z'), t.now();
SELECT t.sub('adam', 'resume_subscription', '{"company_id": "acme"}');
SELECT t.at('2031-02-28 11:00Z'), t.sub('adam', 'resume_subscription', '{"company_id": "acme"}'), t.now();
SELECT holdfast_private.run_job('job_settle_subscriptions');
-- again, without a second trial; without renewal it ends by itself; and at once
SELECT t.sub('adam', 'subscribe_company', '{"company_id": "acme", "plan_id": "plan1", "auto_renew": false}');
SELECT t.sub('adam', 'subscribe_company', '{"company_id": "globex", "plan_id": "plan1", "auto_renew": false}');
SELECT t.at('2031-03-31 12:00Z'), t.now(), t.now('globex');
SELECT holdfast_private.run_job('job_settle_subscriptions');
SELECT t.sub('adam', 'subscribe_company', '{"company_id": "acme", "plan_id": "plan1"}');
SELECT t.sub('adam', 'cancel_subscription', '{"company_id": "acme", "effective": "now"}'), t.sub('adam', 'cancel_subscription', '{"company_id": "acme"}');
SELECT old_status, new_status, t.tidy(concat_ws(' ', old_plan_id, new_plan_id, next_plan_id)), end_date, reason, t.tidy(changed_by::text) FROM public.company_subscription_history WHERE company_id = t.id('acme') ORDER BY id;
SELECT count(*) FROM public.company_subscriptions WHERE status <> 'cancelled';
-- the 31st is the last of each month, and the 31st again
SELECT string_agg(holdfast_private.cycle_end('2031-01-31', 'monthly', d::date)::text, ' ') FROM unnest('{2031-01-31,2031-02-27,2031-02-28,2031-03-30,2031-03-31,2031-12-31}'::text[]) d;
SELECT string_agg(holdfast_private.cycle_end('2028-02-29', 'annual', d::date)::text, ' ') FROM unnest('{2028-02-29,2029-02-27,2029-02-28,2031-12-31,2032-02-28,2032-02-29}'::text[]) d;

-- seats: as many as the plan has; an inactive one has none; who has one keeps it
SELECT t.at('2031-04-01 12:00Z'), t.sub('adam', 'subscribe_company', '{"company_id": "acme", "plan_id": "plan1"}');
SELECT t.employee('Ann'), t.employee('Bob', who => 'hugo'), t.employee('Cid'), t.employee('Dan', who => 'hugo'), t.employee('Gil', 'globex');
SELECT t.rpc('adam', 'update_employee', format('{"employee_id": "%s", "status": "inactive"}', id)) ~ '"inactive"' FROM public.company_employees WHERE display_name = 'Ann';
SELECT t.employee('Dan'), t.rpc('adam', 'update_employee', format('{"employee_id": "%s", "status": "active"}', id)) FROM public.company_employees WHERE display_name = 'Ann';
SELECT t.rpc('adam', 'update_employee', format('{"employee_id": "%s", "status": "invited"}', id)) ~ '"invited"' AS moves_within FROM public.company_employees WHERE display_name = 'Dan';
DO $$
BEGIN
  UPDATE public.company_employees SET company_id = t.id('acme') WHERE display_name = 'Gil';
EXCEPTION WHEN OTHERS THEN
  RAISE NOTICE 'moved from another company: %', SQLERRM;
END $$;
UPDATE public.company_subscription_plans SET is_active = true;
SELECT t.sub('adam', 'change_plan', '{"company_id": "acme", "plan_id": "plan3"}');
SELECT t.sub('adam', 'change_plan', '{"company_id": "acme", "plan_id": "plan3", "effective": "period_end"}');
SELECT t.at('2031-05-02 12:00Z'), t.now(), t.employee('Eve');
SELECT t.rpc('adam', 'update_employee', format('{"employee_id": "%s", "status": "active"}', id)) ~ '"active"' AS keeps FROM public.company_employees WHERE display_name = 'Dan';
SELECT t.sub('adam', 'subscribe_company', '{"company_id": "globex", "plan_id": "plan3"}'), t.employee('Hal', 'globex');
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT t.employee('Ida', 'globex');
ROLLBACK;

-- papers: handed in by HR, reviewed by an admin, step by step
SELECT who, t.of(t.rpc(who, 'submit_company_verification', '{"company_id": "acme", "registration_number": " HRB 1 ", "tax_id": "DE1"}'), 'verification', 'status', 'registration_number', 'tax_id', 'submitted_by') FROM unnest('{hugo,adam,ben,maria,zoe}'::text[]) who;
SELECT t.rpc('hugo', 'submit_company_verification', '{"company_id": "globex", "registration_number": "1"}'), t.rpc('adam', 'submit_company_verification', '{"company_id": "nothing", "registration_number": "1"}'), t.rpc('hugo', 'submit_company_verification', '{"company_id": "acme", "registration_number": " "}');
CREATE FUNCTION t.review(arguments text, who text DEFAULT 'adam') RETURNS text LANGUAGE sql AS $$
  SELECT t.of(t.rpc(who, 'review_company_verification', format('{"company_id": "acme", %s}', arguments)), 'verification', 'status', 'registration_verified', 'tax_id_verified', 'insurance_verified', 'verified_by', 'rejection_reason') $$;
SELECT t.review('"decision": "verified"'), t.review('"decision": "in_review"', 'hugo'), t.review('"decision": "maybe"');
SELECT t.review('"decision": "in_review"');
SELECT t.rpc('hugo', 'submit_company_verification', '{"company_id": "acme", "registration_number": "other"}');
SELECT t.review('"decision": "rejected"'), t.review('"decision": "rejected", "rejection_reason": "unreadable"'), t.review('"decision": "verified"');
SELECT t.of(t.rpc('hugo', 'submit_company_verification', '{"company_id": "acme", "registration_number": "HRB 2", "tax_id": "DE2"}'), 'verification', 'status', 'verified_by', 'rejection_reason');
SELECT t.review('"decision": "in_review"'), t.review('"decision": "verified", "registration_verified": false');
SELECT t.review('"decision": "verified"');
SELECT t.rpc('adam', 'review_company_verification', '{"company_id": "globex", "decision": "in_review"}');

-- contacts: one primary of a kind
CREATE FUNCTION t.contact(who text, arguments text) RETURNS text LANGUAGE sql AS $$
  SELECT t.of(t.rpc(who, 'save_company_contact', format('{"company_id": "acme", %s}', arguments), 'c'), 'contact', 'id', 'kind', 'name', 'email', 'is_primary', 'verified') $$;
SELECT t.contact('hugo', '"name": "Ina", "email": "Ina@Acme.example", "is_primary": true');
SELECT t.contact('adam', '"name": "Jan", "email": "jan@acme.example", "is_primary": true');
SELECT t.contact('hugo', '"name": "Bills", "email": "bills@acme.example", "kind": "billing", "address": "Main St", "is_primary": true');
SELECT name, kind, is_primary FROM public.company_contacts ORDER BY id;
UPDATE public.company_contacts SET verified = true;
SELECT t.contact('hugo', '"name": "Ina M", "email": "ina@acme.example", "is_primary": true, "contact_id": "c1"');
SELECT t.contact('hugo', '"name": "Ina M", "email": "ina.m@acme.example", "contact_id": "c1"');
SELECT t.contact('hugo', '"name": "x", "email": "x"'), t.contact('hugo', '"name": " ", "email": "a@b.example"'), t.contact('hugo', '"name": "x", "email": "a@b.example", "kind": "other"'), t.contact('hugo', '"name": "x", "email": "a@b.example", "contact_id": "nothing"'), t.contact('ben', '"name": "x", "email": "a@b.example"');
SELECT t.rpc(who, 'remove_company_contact', '{"contact_id": "c2"}') FROM unnest('{ben,zoe,hugo,hugo}'::text[]) who;

-- the agreement: who accepted it first stays
SELECT set_config('t.headers', '{"x-forwarded-for": "192.0.2.7"}', false) <> '';
SELECT t.of(t.rpc(who, 'accept_dpa', '{"company_id": "acme", "dpa_version": "2"}'), 'acceptance', 'dpa_version', 'accepted_by', 'ip_address') FROM unnest('{hugo,adam,ben}'::text[]) who;
SELECT t.rpc('hugo', 'accept_dpa', '{"company_id": "globex", "dpa_version": "2"}'), t.rpc('hugo', 'accept_dpa', '{"company_id": "acme", "dpa_version": " "}'), t.rpc('hugo', 'accept_dpa', '{"company_id": "acme", "dpa_version": "3", "signed_document_url": "http://x"}');
-- compliance: what is missing, and what stands against it
CREATE FUNCTION t.compliance(who text) RETURNS TABLE (line text) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM t.become(who);
  RETURN QUERY SELECT array_to_string(ARRAY[t.tidy(s.company_id::text), s.verification, s.dpa_version, s.open_issues::text, s.high_issues::text, s.next_due_date::text, s.status], ' ', '-') FROM public.company_compliance_status s ORDER BY 1;
  PERFORM set_config('role', 'none', true);
END $$;
GRANT USAGE ON SCHEMA t TO authenticated, service_role;
GRANT SELECT, INSERT ON t.names TO authenticated, service_role;
SELECT who, t.compliance(who) FROM unnest('{adam,hugo,ben,zoe}'::text[]) who;
SELECT who, t.of(t.rpc(who, 'open_compliance_issue', '{"company_id": "acme", "description": "no contract", "severity": "high", "due_date": "2031-06-01"}', 'i'), 'issue', 'id', 'severity', 'opened_by') FROM unnest('{adam,hugo}'::text[]) who;
SELECT who, t.compliance(who) FROM unnest('{hugo}'::text[]) who;
SELECT t.of(t.rpc(who, 'resolve_compliance_issue', '{"issue_id": "i1", "resolution": "signed"}'), 'issue', 'resolution', 'resolved_by') FROM unnest('{hugo,zoe,adam,adam}'::text[]) who;
SELECT who, t.compliance(who) FROM unnest('{hugo}'::text[]) who;
SELECT t.rpc('adam', 'open_compliance_issue', format('{"company_id": "acme", %s}', a)) FROM unnest(ARRAY['"description": " "', '"description": "x", "severity": "bad"', '"description": "x", "company_id": "nothing"']) a;
-- groups of companies: an admin's
SELECT who, t.of(t.rpc(who, 'create_company_organization', '{"name": " Holding ", "industry": "Energy"}', 'g'), 'company_organization', 'id', 'name', 'industry') FROM unnest('{hugo,ben,adam,adam}'::text[]) who;
SELECT t.of(t.rpc('adam', 'create_company_organization', '{"name": "Association"}', 'g'), 'company_organization', 'id', 'industry'), t.rpc('adam', 'create_company_organization', '{"name": " "}');
SELECT t.of(t.rpc('adam', 'update_company_organization', '{"company_organization_id": "g1", "industry": ""}'), 'company_organization', 'name', 'industry'), t.rpc('zoe', 'update_company_organization', '{"company_organization_id": "g1", "name": "x"}'), t.rpc('hugo', 'update_company_organization', '{"company_organization_id": "g1", "name": "x"}'), t.rpc('adam', 'update_company_organization', '{"company_organization_id": "g1", "name": "Association"}');
SELECT c, g, t.of(t.rpc('adam', 'set_company_organization', format('{"company_id": "%s", "company_organization_id": "%s"}', c, g)), 'company_organization', 'name') FROM (VALUES ('acme', 'g1'), ('globex', 'g1'), ('globex', 'g2'), ('acme', 'nothing'), ('nothing', 'g1')) v (c, g);
SELECT t.rpc('hugo', 'set_company_organization', '{"company_id": "acme", "company_organization_id": "g2"}'), t.rpc('zoe', 'set_company_organization', '{"company_id": "acme", "company_organization_id": "g2"}');
SELECT t.tidy(company_id::text), t.tidy(company_organization_id::text), t.tidy(added_by::text) FROM public.company_organization_members ORDER BY 1;
SELECT t.rpc('adam', 'set_company_organization', '{"company_id": "globex"}'), t.rpc('hugo', 'remove_company_organization', '{"company_organization_id": "g1"}'), t.rpc('adam', 'remove_company_organization', '{"company_organization_id": "g1"}'), t.rpc('adam', 'remove_company_organization', '{"company_organization_id": "g1"}');
SELECT (SELECT count(*) FROM public.company_organization_members), (SELECT count(*) FROM public.company_organizations);
\set ECHO none
\i :srcdir/lib/finish_booking.sql
