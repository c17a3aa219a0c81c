-- The account of a company is its id, that of an employee theirs. Periods are months in the company's zone.
SELECT holdfast.create_quota('holdfast_private.company_quota');
SELECT holdfast.create_quota('holdfast_private.employee_quota');
