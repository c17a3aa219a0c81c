ALTER TABLE holdfast_private.calendar_feeds
    ADD PRIMARY KEY (organization_id, id),
    ADD CHECK (scope IN ('client', 'specialist')),
    ADD CHECK (octet_length(token_hash) = 32);
