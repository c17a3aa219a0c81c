INSERT INTO holdfast_private.token_kinds (kind, prefix, lifetime, joins, description) VALUES
    ('employee_invitation', 'hfemployee', '24 hours', true, 'lets somebody in as an employee of a company');
