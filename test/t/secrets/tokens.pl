# Tokens: made, stored as hashes, looked up, compared; also wrong ones, and prefixes that are none.
sub {
	my ($s) = @_;
	my $token = $s->plant('token' => $s->ask(q{SELECT holdfast.token('plant')}));
	$s->ask('CREATE TABLE tokens (id int, hash bytea)');
	$s->run('INSERT INTO tokens VALUES (1, holdfast.token_hash(:token))', token => $token);
	$s->run('SELECT holdfast.token_matches(:token, hash) FROM tokens WHERE hash = holdfast.token_hash(:token)', token => $token);
	$s->run('SELECT holdfast.token_prefix(:token)', token => $token);
	$s->fails('SELECT holdfast.token(:token)', qr/invalid_input/, token => $token);
	$s->fails('SELECT holdfast.token_matches(:token, hash) / 0 FROM tokens', qr/operator does not exist/, token => $token);
	# a body that raises after it has seen the token
	$s->ask(q{CREATE FUNCTION redeem(token text) RETURNS void LANGUAGE plpgsql AS $$
		BEGIN
			IF NOT EXISTS (SELECT FROM tokens WHERE hash = holdfast.token_hash(token || 'x')) THEN
				PERFORM holdfast.raise_error('token_invalid');
			END IF;
		END $$});
	$s->fails('SELECT redeem(:token)', qr/token_invalid/, token => $token);
};
