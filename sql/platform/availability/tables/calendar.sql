-- Everything that occupies the time of a specialist or a client.
SELECT holdfast.create_calendar('holdfast_private.calendar');
