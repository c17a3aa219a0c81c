# What the TAP tests share: a cluster with the platform and a clinic in it.
package Holdfast;

use strict;
use warnings;
use Cwd qw(abs_path);
use Exporter 'import';
use IPC::Run ();
use PostgreSQL::Test::Cluster;
use FindBin;
use MIME::Base64;
use PostgreSQL::Test::Utils;
use Test::More;

our @EXPORT = qw(cluster root_key api_roles platform clinic as_client hold_request booking_request book busy describe differences same);

# cluster starts a server. preload: the preloaded libraries; settings: lines of its configuration; roles => 0: without
# the roles of PostgREST; root_key => FILE: with this root key.
sub cluster
{
	my ($name, %options) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name);
	$node->init;
	my $preload = $options{preload} // 'pg_cron,holdfast';
	$node->append_conf('postgresql.conf', "shared_preload_libraries = '$preload'\ntimezone = 'UTC'\n");
	$node->append_conf('postgresql.conf', "cron.database_name = 'postgres'\ncron.use_background_workers = on\nmax_worker_processes = 32\n")
	  if $preload =~ /pg_cron/;
	$node->append_conf('postgresql.conf', $options{settings}) if $options{settings};
	$node->append_conf('postgresql.conf', "holdfast.root_key_file = '$options{root_key}'\n") if $options{root_key};
	$node->start;
	api_roles($node) if $options{roles} // 1;
	return $node;
}

# root_key makes a root key, and returns the name of its file.
sub root_key
{
	my $file = abs_path(PostgreSQL::Test::Utils::tempdir) . '/root.key';    # the name is a relative one from version 17 on
	open my $random, '<:raw', '/dev/urandom' or die $!;
	read $random, my $bytes, 32;
	append_to_file($file, encode_base64($bytes));
	chmod 0600, $file;
	return $file;
}

# api_roles makes the roles of PostgREST.
sub api_roles
{
	my ($node) = @_;
	$node->safe_psql('postgres', q{
		CREATE ROLE anon NOLOGIN;
		CREATE ROLE authenticated NOLOGIN;
		CREATE ROLE service_role NOLOGIN BYPASSRLS;
		CREATE ROLE authenticator LOGIN NOINHERIT;
		GRANT anon, authenticated, service_role TO authenticator;
	});
	return;
}

# platform installs the kernel and the platform, as a DBA does.
sub platform
{
	my ($node, $database) = @_;
	$node->safe_psql($database // 'postgres', q{
		SET client_min_messages = warning;
		CREATE SCHEMA holdfast;
		CREATE EXTENSION holdfast SCHEMA holdfast CASCADE;
		SELECT holdfast.install();
	});
	return;
}

my %id = (
	organization => '00000000-0000-0000-0000-0000000000a1',
	specialist   => '00000000-0000-0000-0000-0000000000b1',
	client       => '00000000-0000-0000-0000-0000000000c1',
	user         => '00000000-0000-0000-0000-0000000000d1');

# clinic makes an organization with one specialist and one client.
sub clinic
{
	my ($node, $database) = @_;
	$node->safe_psql($database // 'postgres', qq{
		INSERT INTO public.organizations (id, name) VALUES ('$id{organization}', 'Clinic');
		INSERT INTO public.specialists (organization_id, id, display_name, time_zone)
		  VALUES ('$id{organization}', '$id{specialist}', 'Specialist', 'UTC');
		INSERT INTO public.clients (organization_id, id, user_id, display_name)
		  VALUES ('$id{organization}', '$id{client}', '$id{user}', 'Client');
		INSERT INTO public.user_roles (organization_id, user_id, role) VALUES ('$id{organization}', '$id{user}', 'client');
	});
	return;
}

# as_client is a statement run as the client, as PostgREST would.
sub as_client
{
	my ($statement) = @_;
	return qq{SET request.jwt.claims = '{"role": "authenticated", "sub": "$id{user}", "organization_id": "$id{organization}"}';
		SET ROLE authenticated; $statement};
}

# hold_request is the statement with which the client asks for 50 minutes from a time on; more arguments are SQL.
sub hold_request
{
	my ($start, %arguments) = @_;
	my $more = join '', map { ", $_ => $arguments{$_}" } sort keys %arguments;
	return as_client(qq{SELECT public.request_hold(specialist_id => '$id{specialist}', client_id => '$id{client}',
		start_time => '$start', end_time => timestamptz '$start' + '50 minutes'$more)});
}

# booking_request is the statement that holds and confirms.
sub booking_request
{
	my ($start) = @_;
	return hold_request($start) =~ s/SELECT public\.request_hold\((.*)\)$/SELECT public.confirm_booking((public.request_hold($1) ->> 'hold_key')::uuid)/sr;
}

# book holds and confirms, and returns the answer.
sub book
{
	my ($node, $start, $database) = @_;
	return $node->safe_psql($database // 'postgres', booking_request($start));
}

# busy installs every module and fills every table: the cast of test/pgtap, and the calls of busy.sql. cast => 1: the cast
# alone, and the tools of the proof stay there. The database must be that of pg_cron, and the server have a root key.
sub busy
{
	my ($node, %options) = @_;
	my @options = ('-Xq', '-v', 'ON_ERROR_STOP=1', '-o', "$PostgreSQL::Test::Utils::tmp_check/busy.out", '-d', $node->connstr('postgres'));
	for my $file (glob("$FindBin::Bin/pgtap/setup/*.sql"), glob("$FindBin::Bin/pgtap/expectations/*.sql"),
		$options{cast} ? () : "$FindBin::Bin/busy.sql")
	{
		my ($out, $error);
		IPC::Run::run([ 'psql', @options, '-f', $file ], '>', \$out, '2>', \$error) or die "$file failed: " . substr($error, -2000);
	}
	$node->safe_psql('postgres', 'SET client_min_messages = warning; DROP SCHEMA proof CASCADE; DROP SCHEMA tap CASCADE; DROP EXTENSION pg_cron')
	  unless $options{cast};
	return;
}

# describe is a database in lines: every catalog entry, and a digest of the rows of every table.
sub describe
{
	my ($node, $database) = @_;
	return [ split /\n/, $node->safe_psql($database // 'postgres', slurp_file("$FindBin::Bin/catalog.sql")) ];
}

# differences are the lines that one description has more often than another.
sub differences
{
	my ($more, $less) = @_;
	my %count;
	$count{$_}-- for @$less;
	return grep { ++$count{$_} > 0 } @$more;
}

# same compares two descriptions and shows where they differ.
sub same
{
	my ($got, $want, $name) = @_;
	my @lost = differences($want, $got);
	my @new = differences($got, $want);
	ok(@$want > 1000 && !@lost && !@new, $name)
	  or diag(sprintf "of %d lines\nlost:\n%snew:\n%s", scalar(@$want), map { join '', map { substr($_, 0, 300) . "\n" } splice @$_, 0, 20 } \@lost, \@new);
	return;
}

1;
