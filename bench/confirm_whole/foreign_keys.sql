-- The foreign keys of the platform's tables, for the copies.
ALTER TABLE by_hand.booking_reminders ADD FOREIGN KEY (organization_id, booking_id) REFERENCES by_hand.bookings (organization_id, id);
ALTER TABLE by_hand.booking_status_history ADD FOREIGN KEY (organization_id, booking_id) REFERENCES by_hand.bookings (organization_id, id);
ALTER TABLE by_hand.notifications ADD FOREIGN KEY (organization_id, booking_id) REFERENCES by_hand.bookings (organization_id, id),
    ADD FOREIGN KEY (organization_id) REFERENCES public.organizations;
ALTER TABLE by_hand.bookings ADD FOREIGN KEY (organization_id, client_id) REFERENCES public.clients (organization_id, id),
    ADD FOREIGN KEY (organization_id, company_id) REFERENCES public.companies (organization_id, id),
    ADD FOREIGN KEY (organization_id, specialist_id) REFERENCES public.specialists (organization_id, id),
    ADD FOREIGN KEY (organization_id, session_type_id) REFERENCES public.session_types (organization_id, id);
