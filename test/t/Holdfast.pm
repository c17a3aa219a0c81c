# What the TAP tests share: a cluster with the platform and a clinic in it.
package Holdfast;

use strict;
use warnings;
use Exporter 'import';
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;

our @EXPORT = qw(cluster platform clinic);

# cluster starts a server. preload: the preloaded libraries; settings: lines of its configuration; roles => 0: without
# the roles of PostgREST.
sub cluster
{
	my ($name, %options) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name);
	$node->init;
	$node->append_conf(
		'postgresql.conf', qq{
shared_preload_libraries = '@{[ $options{preload} // 'pg_cron,holdfast' ]}'
cron.database_name = 'postgres'
cron.use_background_workers = on
max_worker_processes = 32
timezone = 'UTC'
} . ($options{settings} // ''));
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

1;
