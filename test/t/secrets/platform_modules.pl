# The other modules of the platform, through their RPCs: links by mail from the outbox to the reader, invitations, API keys,
# calendar feeds, second factors, sealed columns. After platform.pl, in its organization.
sub {
	my ($s) = @_;
	my ($organization, $user, $admin) = map { "00000000-0000-0000-0000-0000000000$_" } qw(a7 e7 f7);
	$s->ask(qq{
		SET client_min_messages = warning;
		INSERT INTO api.profiles (organization_id, user_id, email, email_verification_status) VALUES
			('$organization', '$user', 'noa\@example.org', 'unverified'), ('$organization', '$admin', 'adam\@example.org', 'verified');
		INSERT INTO api.clients (organization_id, user_id, display_name) VALUES ('$organization', '$user', 'Noa');
		INSERT INTO api.user_roles (organization_id, user_id, role) VALUES ('$organization', '$user', 'client'), ('$organization', '$admin', 'admin');
		CREATE TABLE public.charts (organization_id uuid, id uuid, body bytea);
		ALTER TABLE public.charts OWNER TO holdfast_owner});

	# Whoever asks: PostgREST sets claims and headers in each transaction, here they are the role's. The server checks the token.
	my $as = sub {
		my ($who, $email) = @_;
		$s->ask('ALTER ROLE CURRENT_USER RESET ALL');
		return unless $who;
		my $claims = $who eq 'service' ? '{"role": "service_role"}'
			: qq({"role": "authenticated", "sub": "$who", "organization_id": "$organization", "email": "$email"});
		my $token = $s->ask("SELECT holdfast.jwt_issue('$claims', '1 hour')");
		my $payload = $token =~ s/^[^.]*\.|\.[^.]*$//gr =~ tr|-_|+/|r;
		$claims = MIME::Base64::decode_base64($payload);
		$s->ask(qq(ALTER ROLE CURRENT_USER SET request.jwt.claims = '$claims'; ALTER ROLE CURRENT_USER SET request.headers = '{"authorization": "Bearer $token"}'));
	};
	# The secret of a token is its text before the place; a prefix and the place are none.
	my $plant = sub {
		my ($name, $token) = @_;
		like($token, qr/^[a-z]+_\w{49}\.[\w-]{43}$/, "$name: a token");
		$s->plant($name => substr $token, index($token, '_') + 1, 49);
		return $token;
	};
	my $rpc = sub { return $s->ask("SELECT api.$_[0]" . ($_[1] ? " ->> '$_[1]'" : '')) };

	# A link by mail: the outbox names what it is about, the worker gets the token, the log of mails has no text.
	my $mailed = sub {
		my ($name) = @_;
		$as->('service');
		my $mail = $rpc->(q{lease_messages('worker', 10)});
		my ($token) = $mail =~ /\?token=([\w.-]+)/ or die "$name: no token in $mail";
		$rpc->(q{ack_messages('worker', ARRAY(SELECT id FROM holdfast_private.outbox))});
		return $plant->($name, $token);
	};
	$as->($user, 'noa@example.org');
	$rpc->('request_email_verification()');
	my $verify = $mailed->('mailed link');
	$as->();
	$s->run('SELECT api.verify_email(:token)', token => $verify) for 1 .. 2;
	$as->($admin, 'adam@example.org');
	$rpc->(q{invite_member('new@example.org', 'client')});
	my $invitation = $mailed->('mailed invitation');
	$as->();
	my $password = $s->plant('password of a new member' => 'long enough ' . $s->invented(8));
	$s->run(q{SELECT api.sign_up('new@example.org', :password, 'New', :token, :organization::uuid)}, password => $password, token => $invitation, organization => $organization);
	$s->fails(q{SELECT api.sign_up('new@example.org', :password, 'New', :token, :organization::uuid)}, qr/forbidden/, password => $password, token => $invitation, organization => $organization);
	$s->fails(q{SELECT api.sign_up('new@example.org', :password, 'New', :token, 'x')}, qr/invalid input syntax/, password => $password, token => $invitation);

	my $own = $s->plant('own password' => 'quite long ' . $s->invented(8));
	$s->run(q{SELECT holdfast_private.set_password(:organization::uuid, :user::uuid, 'password', :password)}, organization => $organization, user => $user, password => $own);

	# API keys, feeds and second factors, made, used, replaced, ended.
	$as->($user, 'noa@example.org');
	my $made = $rpc->(q{create_api_key('sync')});
	my $key = $plant->('key of the RPC', $made =~ /"key": "([^"]+)"/);
	my ($id) = $made =~ /"id": "([0-9a-f-]{36})"/;
	my $rotated = $plant->('rotated key', $rpc->("rotate_api_key('$id', overlap_hours => 1)", 'key'));
	my $feed = $rpc->(q{create_calendar_feed('client')});
	my $calendar = $plant->('calendar feed', $feed =~ /"token": "([^"]+)"/);
	my ($feed_id) = $feed =~ /"feed_id": "([0-9a-f-]{36})"/;
	my $secret = $s->plant('second factor of the RPC' => $rpc->('enroll_second_factor()', 'secret'));
	$as->();
	$s->run('SELECT api.exchange_api_key(:key)', key => $_) for $key, $rotated;
	$s->run('SELECT api.calendar_feed(:token)', token => $calendar);
	$as->($user, 'noa@example.org');
	$rpc->("revoke_api_key('$id')");
	$rpc->("revoke_calendar_feed('$feed_id')");
	$as->();
	$s->run('SELECT api.exchange_api_key(:key)', key => $rotated);
	$s->fails('SELECT api.calendar_feed(:token)', qr/token_invalid/, token => $_) for $calendar, $key;

	# Sealed columns, rotated and sealed anew; and what cannot be opened.
	my $text = $s->plant('sealed column' => 'chart ' . $s->invented);
	$s->ask(q{SELECT holdfast_private.register_sealed_column('public.charts', 'body', 'charts.body')});
	$s->run(q{INSERT INTO charts VALUES (:organization::uuid, :user::uuid, holdfast_private.seal_value('charts.body', :organization::uuid, :user::uuid, :text))},
		organization => $organization, user => $user, text => $text);
	$s->ask('SELECT holdfast_private.rotate_encryption_keys(), holdfast_private.reseal_encrypted_columns()');
	$s->run(q{SELECT 1 / (holdfast_private.unseal_value('charts.body', organization_id, id, body) = :text)::int FROM charts}, text => $text);
	$s->fails(q{SELECT holdfast_private.unseal_value('charts.other', organization_id, id, body) FROM charts}, qr/cannot be opened/);
	$s->ask(q{SELECT holdfast_private.run_job(job) FROM holdfast_private.jobs});
	is($s->ask(qq{SELECT count(*) FROM api.api_keys WHERE last_used_at IS NOT NULL AND user_id = '$user'}), 1, 'the key was used');
	is($s->ask(q{SELECT count(*) FROM api.profiles WHERE email IN ('noa@example.org', 'new@example.org') AND email_verification_status = 'verified'}), 2, 'the links worked');
	is($s->ask(q{SELECT count(*) FILTER (WHERE content IS NULL) >= 2 FROM api.communication_logs}), 't', 'the log of mails has no text of theirs');
};
