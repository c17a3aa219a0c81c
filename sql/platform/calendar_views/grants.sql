SELECT holdfast_private.grant_table('@api@.specialist_calendar', 'SELECT', 'authenticated', 'service_role');
