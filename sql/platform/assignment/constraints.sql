ALTER TABLE @api@.specialist_weights
    ADD PRIMARY KEY (organization_id, specialist_id),
    ADD FOREIGN KEY (organization_id, specialist_id) REFERENCES @api@.specialists (organization_id, id),
    ADD CHECK (weight BETWEEN 1 AND 100);

ALTER TABLE holdfast_private.assignment_pools
    ADD PRIMARY KEY (organization_id, strategy);

ALTER TABLE holdfast_private.assignment_turns
    ADD PRIMARY KEY (organization_id, strategy, specialist_id);
