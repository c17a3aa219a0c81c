-- The platform with every module, and holds by an employee of a company with a subscription: :warm of them confirmed already,
-- so that nothing is planned for empty tables, and :holds left for pgbench, numbered. Then plain copies, in schema by_hand, of the
-- tables that confirming writes to: the same rows, indexes and checks, but no triggers, foreign keys and policies.
SELECT holdfast.install();

CREATE FUNCTION bench.id(kind text, number int) RETURNS uuid LANGUAGE sql IMMUTABLE
AS $$ SELECT ('0' || kind || '000000-0000-4000-8000-' || lpad(to_hex(number), 12, '0'))::uuid $$;
SELECT bench.id('a', 1) AS organization, bench.id('9', 1) AS company, bench.id('8', 1) AS plan, bench.id('c', 1) AS client,
       bench.id('d', 1) AS "user", bench.id('e', 1) AS employee \gset
SELECT json_build_object('role', 'authenticated', 'sub', :'user', 'organization_id', :'organization', 'exp', 1900000000,
                         'email', 'somebody@example.org') AS claims \gset
-- Who calls: PostgREST's connection, as it were, with the claims of the client.
SELECT 'CREATE ROLE bench_caller LOGIN IN ROLE authenticated' WHERE to_regrole('bench_caller') IS NULL \gexec
ALTER ROLE bench_caller SET role = authenticated;
ALTER ROLE bench_caller SET request.jwt.claims = :'claims';

INSERT INTO public.organizations (id, name, time_zone) VALUES (:'organization', 'Bench', 'UTC');
INSERT INTO public.companies (organization_id, id, name, time_zone) VALUES (:'organization', :'company', 'Company', 'UTC');
INSERT INTO public.specialists (organization_id, id, user_id, display_name, time_zone, auto_accept)
SELECT :'organization', bench.id('b', n), bench.id('f', n), 'Specialist ' || n, 'UTC', true FROM generate_series(1, 40) n;
INSERT INTO public.user_roles (organization_id, user_id, role, reason)
SELECT :'organization', bench.id('f', n), 'specialist', 'bench' FROM generate_series(1, 40) n;
INSERT INTO public.user_roles (organization_id, user_id, role, reason) VALUES (:'organization', :'user', 'client', 'bench');
INSERT INTO public.company_employees (organization_id, id, company_id, user_id, role, display_name)
VALUES (:'organization', :'employee', :'company', :'user', 'employee', 'Client');
INSERT INTO public.clients (organization_id, id, user_id, display_name, company_id, employee_id)
VALUES (:'organization', :'client', :'user', 'Client', :'company', :'employee');
INSERT INTO public.client_assignments (organization_id, client_id, specialist_id)
SELECT :'organization', :'client', bench.id('b', n) FROM generate_series(1, 40) n;
-- So many sessions that the thresholds of the alerts are far away.
INSERT INTO public.company_subscription_plans (organization_id, id, name, sessions_per_month)
VALUES (:'organization', :'plan', 'Plan', 1000000);
SELECT holdfast_private.subscribe_company(:'organization', :'company', :'plan');

CREATE TABLE bench.held (number bigint PRIMARY KEY, hold_key uuid NOT NULL);
GRANT USAGE ON SCHEMA bench TO authenticated;
GRANT SELECT, INSERT ON bench.held TO authenticated;
CREATE PROCEDURE bench.hold(holds int, warm int) LANGUAGE plpgsql AS $$
DECLARE
    v_start timestamptz := date_trunc('day', now()) + interval '2 days';
    v_hold uuid;
BEGIN
    FOR i IN 1 .. holds + warm LOOP
        v_hold := public.request_hold(
            specialist_id => ('0b000000-0000-4000-8000-' || lpad(to_hex(i % 40 + 1), 12, '0'))::uuid,
            client_id => '0c000000-0000-4000-8000-000000000001',
            start_time => v_start, end_time => v_start + interval '15 minutes') ->> 'hold_key';
        IF i > holds THEN
            PERFORM public.confirm_booking(hold_key => v_hold, idempotency_key => 'warm' || i);
        ELSE
            INSERT INTO bench.held VALUES (i, v_hold);
        END IF;
        v_start := v_start + interval '15 minutes';
        COMMIT;
    END LOOP;
END
$$;
SELECT set_config('request.jwt.claims', :'claims', false);
SET role = authenticated;
CALL bench.hold(:holds, :warm);
RESET role;
RESET request.jwt.claims;
-- They hold for as long as the benchmark takes.
UPDATE holdfast_private.calendar SET expires_at = now() + interval '1 day' WHERE expires_at IS NOT NULL;
UPDATE holdfast_private.booking_holds SET expires_at = now() + interval '1 day' WHERE outcome IS NULL;

CREATE SCHEMA by_hand;
SELECT format('CREATE TABLE by_hand.%1$I (LIKE %2$s INCLUDING ALL)%3$s', c.relname, c.oid::regclass,
              ' WITH (' || array_to_string(c.reloptions, ', ') || ')'),
       format('INSERT INTO by_hand.%1$I SELECT * FROM %2$s', c.relname, c.oid::regclass)
FROM unnest('{public.bookings,public.booking_status_history,public.booking_reminders,public.notifications,
              holdfast_private.calendar,holdfast_private.booking_holds,holdfast_private.company_quota,
              holdfast_private.company_quota_ledger,holdfast_private.outbox,holdfast_private.idempotency,
              holdfast_private.audit_log}'::regclass[]) AS t (rel)
JOIN pg_class c ON c.oid = t.rel
\gexec
