# Passwords and second factors: hashed, checked, refused.
sub {
	my ($s) = @_;
	my $password = $s->plant('password' => 'correct horse ' . $s->invented(8));
	my $wrong = $s->plant('wrong password' => 'wrong ' . $s->invented(8));
	$s->ask('CREATE TABLE accounts (id int, hash text, secret bytea)');
	$s->run('INSERT INTO accounts VALUES (1, holdfast.password_hash(:password))', password => $password);
	$s->run('SELECT holdfast.password_verify(:password, hash) FROM accounts', password => $_) for $password, $wrong;
	$s->run('SELECT holdfast.password_strength(:password)', password => $password);
	$s->fails('SELECT holdfast.password_verify(:password, NULL)::int', qr/cannot cast/, password => $password);
	my $secret = $s->plant('second factor' => $s->ask('SELECT holdfast.totp_secret()'));
	$s->run(q{UPDATE accounts SET secret = holdfast.seal('ring', :secret, 'accounts.secret/1')}, secret => $secret);
};
