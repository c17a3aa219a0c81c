# Accounts of the platform: passwords, links by mail, login sessions, keys and backup codes, taken and refused.
sub {
	my ($s) = @_;
	my ($organization, $user) = ('00000000-0000-0000-0000-0000000000a7', '00000000-0000-0000-0000-0000000000d7');
	my %ids = (organization => $organization, user => $user);
	open my $file, '>', "$s->{home}/jwt" or die $!;
	print $file $s->plant('signing secret' => $s->invented(24));
	close $file;
	chmod 0600, "$s->{home}/jwt";
	$s->ask("ALTER SYSTEM SET holdfast.jwt_secret_file = '$s->{home}/jwt'");
	$s->ask('SELECT pg_reload_conf(), pg_sleep(0.3)');
	$s->ask(qq{
		SET client_min_messages = warning;
		CREATE SCHEMA api;
		SELECT holdfast.install('api');
		INSERT INTO api.organizations (id, name) VALUES ('$organization', 'Clinic');
		INSERT INTO api.profiles (organization_id, user_id, email, email_verification_status) VALUES ('$organization', '$user', 'mia\@example.org', 'verified');
		INSERT INTO api.two_factor_auth (organization_id, id, user_id) VALUES ('$organization', '$organization', '$user');
		INSERT INTO holdfast_private.two_factor_secrets (organization_id, id, secret_key) VALUES ('$organization', '$organization', '');});

	# Passwords, as clients send them.
	my @passwords = map { $s->plant("password $_" => "quite long $_ " . $s->invented(8)) } 1 .. 3;
	$s->run(q{SELECT holdfast_private.set_password(:organization::uuid, :user::uuid, 'password', :password)}, password => $passwords[0], %ids);
	$s->run(q{SELECT api.sign_in('mia@example.org', :password, NULL, :organization::uuid)}, password => $_, %ids) for @passwords[0, 1];
	$s->fails(q{SELECT holdfast_private.set_password(:organization::uuid, :user::uuid, 'password', :password)}, qr/invalid_input/, password => $passwords[0], %ids);

	# Secrets that the server makes: the rest of a token only says where its row is.
	my $made = sub {
		my ($name, $sql) = @_;
		my $token = $s->ask($sql);
		like($token, qr/^[a-z]+_\w{49}\.[\w-]{43}$/, "$name: a token");
		$s->plant($name => substr $token, index($token, '_') + 1, 49);
		return $token;
	};
	my $link = sub {
		my ($name, $rpc) = @_;
		$s->ask("SELECT api.$rpc('mia\@example.org', '$organization')");
		return $made->($name, q{SELECT holdfast_private.issue_token(organization_id, id) ->> 'token' FROM api.account_tokens ORDER BY id DESC LIMIT 1});
	};
	my $reset = $link->('reset', 'request_password_reset');
	$s->run(q{SELECT api.peek_token(:token)}, token => $reset);
	$s->run(q{SELECT api.verify_email(:token)}, token => $reset);
	$s->fails(q{SELECT api.complete_password_reset(:token, :password)}, qr/invalid_input/, token => $reset, password => $passwords[0]);
	$s->run(q{SELECT api.complete_password_reset(:token, :password)}, token => $reset, password => $passwords[2]) for 1 .. 2;
	my $refresh = $made->('refresh', "SELECT holdfast_private.open_session('$organization', '$user', false) ->> 'refresh_token'");
	$s->run(q{SELECT api.refresh_session(:token)}, token => $refresh);
	$s->fails(q{SELECT api.refresh_session(:token)}, qr/request_in_progress/, token => $refresh);
	my $key = $made->('API key', "SELECT holdfast_private.new_secret('$organization', '$user', 'hfkey', now() + interval '1 day')");
	$s->ask("INSERT INTO api.api_keys (organization_id, id, user_id, name, prefix, expires_at) VALUES ('$organization', '$user', '$user', 'x', '', now() + interval '1 day')");
	$s->run(q{SELECT api.exchange_api_key(:token)}, token => $key);
	$s->run(q{SELECT api.exchange_api_key(:token)}, token => $reset);
	my $code = $s->plant('backup code' => $s->ask("SELECT (holdfast_private.make_backup_codes('$organization', '$organization'))[1]"));
	$s->run(q{SELECT holdfast_private.check_code(:organization::uuid, :organization::uuid, :code)}, code => $code, %ids) for 1 .. 2;
	is($s->ask(qq{SELECT count(*) FROM api.session_tokens WHERE user_id = '$user'}), 2, 'what should have worked has');
};
