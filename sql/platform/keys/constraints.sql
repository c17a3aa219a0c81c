ALTER TABLE holdfast_private.sealed_columns
    ADD PRIMARY KEY (rel, column_name),
    ADD UNIQUE (context),
    ADD CHECK (context ~ '^[a-z0-9_]+\.[a-z0-9_]+$');
