# Sealed values, data keys and the root key; also where opening fails.
sub {
	my ($s) = @_;
	my $person = '00000000-0000-7000-8000-00000000000a';
	$s->plant('root key' => $s->ask(q{SELECT btrim(pg_read_file(current_setting('holdfast.root_key_file')), E'\n')}));
	my $text = $s->plant('sealed text' => 'diagnosis ' . $s->invented);
	my $personal = $s->plant('sealed text of a person' => 'note ' . $s->invented);
	my $mail = $s->plant('indexed value' => $s->invented . '@example.org');
	$s->ask(q{SELECT holdfast.create_keyring('ring'); CREATE TABLE notes (id int, body bytea, mail bytea)});
	$s->run(q{INSERT INTO notes VALUES (1, holdfast.seal('ring', :text, 'notes.body/1'), holdfast.blind_index(:mail, 'notes.mail', 'ring'))},
		text => $text, mail => $mail);
	$s->run(q{INSERT INTO notes VALUES (2, holdfast.seal('ring', :text, 'notes.body/2', :person), NULL)}, text => $personal, person => $person);
	$s->run(q{SELECT holdfast.unseal('ring', body, 'notes.body/' || id) FROM notes});
	$s->run(q{SELECT 1 / (count(*) = 1)::int FROM notes WHERE mail = holdfast.blind_index(:mail, 'notes.mail', 'ring')}, mail => $mail);
	$s->run(q{SELECT 1 / (holdfast.unseal('ring', body, 'notes.body/1') = :text)::int FROM notes WHERE id = 1}, text => $text);
	$s->run(q{SELECT holdfast.rotate_keys('ring')});
	$s->run(q{SELECT holdfast.reseal('ring', 'notes', 'body', 'notes.body', ARRAY['id']::name[])});
	$s->fails(q{SELECT holdfast.unseal('ring', body, 'other') FROM notes}, qr/cannot be opened/);
	$s->fails(q{SELECT holdfast.unseal('ring', set_byte(body, 60, 0) || '\x00', 'notes.body/1') FROM notes}, qr/cannot be opened/);
	$s->fails(q{SELECT holdfast.seal('ring', :text, NULL)}, qr/invalid_input/, text => $text);
	$s->fails(q{SELECT holdfast.seal('ring', :text, '')}, qr/invalid_input/, text => $text);
	$s->run(q{SELECT holdfast.shred('ring', :person)}, person => $person);
	$s->fails(q{SELECT holdfast.unseal('ring', body, 'notes.body/2') FROM notes WHERE id = 2}, qr/key_destroyed/);
	$s->fails(q{SELECT holdfast.seal('ring', :text, 'notes.body/2', :person)}, qr/key_destroyed/, text => $personal, person => $person);
};
