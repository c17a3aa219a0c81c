# What the TAP tests share: a cluster with the platform and a clinic in it.
package Holdfast;

use strict;
use warnings;
use Exporter 'import';
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;

our @EXPORT = qw(cluster platform clinic as_client hold_request booking_request book);

# cluster starts a server. preload: the preloaded libraries; settings: lines of its configuration; roles => 0: without
# the roles of PostgREST.
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
	$node->start;
	$node->safe_psql('postgres', q{
		CREATE ROLE anon NOLOGIN;
		CREATE ROLE authenticated NOLOGIN;
		CREATE ROLE service_role NOLOGIN BYPASSRLS;
		CREATE ROLE authenticator LOGIN NOINHERIT;
		GRANT anon, authenticated, service_role TO authenticator;
	}) if $options{roles} // 1;
	return $node;
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

1;
