-- Takes back what booking.sql made.
\c postgres
DROP DATABASE regress_booking;
