# What 043_faults.pl does to a server, and the load while it does: clients that write down what they were told (faults/client.c),
# half of them through pgbouncer in transaction mode.
package Faults;

use strict;
use warnings;
use Cwd qw(abs_path);
use FindBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);
use Holdfast;

# new: disks => folders that are small file systems of their own, which servers take in turn; none: any folder.
sub new
{
	my ($class, %options) = @_;
	my $home = abs_path(PostgreSQL::Test::Utils::tempdir);
	my $self = bless {
		home => $home, disks => $options{disks} // [], nodes => 0, day => 0, runs => 0, offset => 0, moved => [],
		sockets => PostgreSQL::Test::Utils::tempdir_short(), port => PostgreSQL::Test::Cluster::get_free_port() }, $class;
	# libpq is the system's: the server under test is a copy without it.
	system_or_bail('gcc', '-O1', '-Wall', '-I/usr/include/postgresql', '-o', "$home/client", "$FindBin::Bin/faults/client.c", '-lpq');
	my $node = $self->fresh_node('first');
	$node->init(extra => [ '--wal-segsize=1' ]);
	$node->append_conf('postgresql.conf', qq{
shared_preload_libraries = 'holdfast'
timezone = 'UTC'
restart_after_crash = on
fsync = on
max_wal_size = 48MB
min_wal_size = 8MB
shared_buffers = 32MB
max_wal_senders = 4
wal_level = replica
hot_standby = on
jit = off
wal_sender_timeout = 10s
log_line_prefix = '%m [%p] '
log_statement = none
log_min_messages = warning
log_min_error_statement = panic
});
	$node->start;
	api_roles($node);
	platform($node);
	$node->safe_psql('postgres', slurp_file("$FindBin::Bin/faults/setup.sql"));
	$self->serve($node);
	$self->start_bouncer;
	return $self;
}

# fresh_node is a server to be, on the next of the small disks.
sub fresh_node
{
	my ($self, $name) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name);
	my @disks = @{ $self->{disks} };
	if (@disks)
	{
		my $folder = $disks[ $self->{nodes} % @disks ] . '/data';
		system_or_bail('rm', '-rf', $folder);
		mkdir $folder, 0700 or die "$folder: $!";
		symlink $folder, $node->data_dir or die $!;
		$node->{faults_disk} = $disks[ $self->{nodes} % @disks ];
	}
	$self->{nodes}++;
	return $node;
}

# serve makes a server the one that clients are sent to.
sub serve
{
	my ($self, $node) = @_;
	$self->{node} = $node;
	$self->{offset} = -s $node->logfile;
	my $server = 'host=' . $node->host . ' port=' . $node->port;
	$self->{direct} = "$server user=authenticator dbname=postgres connect_timeout=5";
	open my $ini, '>', "$self->{home}/pgbouncer.ini" or die $!;
	print $ini qq{[databases]
postgres = $server user=authenticator dbname=postgres
[pgbouncer]
listen_addr =
listen_port = $self->{port}
unix_socket_dir = $self->{sockets}
auth_type = any
pool_mode = transaction
default_pool_size = 3
server_login_retry = 0.2
logfile = $self->{home}/pgbouncer.log
pidfile = $self->{home}/pgbouncer.pid
};
	close $ini;
	$self->aim;
	# Locks are kept in a file of the server (docs/guards.md), which a standby has not.
	$node->safe_psql('postgres', q{SELECT holdfast.record_failure('faults', 'somebody', 1, '1 day')});
	return;
}

# aim tells the clients where to connect, and from which day on to book.
sub aim
{
	my ($self) = @_;
	open my $target, '>', "$self->{home}/target.new" or die $!;
	print $target "$self->{direct}\nhost=$self->{sockets} port=$self->{port} user=authenticator dbname=postgres connect_timeout=5\n$self->{day}\n";
	close $target;
	rename "$self->{home}/target.new", "$self->{home}/target" or die $!;
	return;
}

sub start_bouncer
{
	my ($self) = @_;
	system_or_bail('pgbouncer', '-qd', "$self->{home}/pgbouncer.ini");
	return;
}

sub stop_bouncer
{
	my ($self, $signal) = @_;
	my $file = "$self->{home}/pgbouncer.pid";
	return unless -e $file;
	chomp(my $pid = slurp_file($file));
	# From version 1.23 on pgbouncer waits at SIGTERM for clients, which do not go.
	for my $way ($signal, 'KILL')
	{
		kill $way, $pid;
		for (1 .. 20) { last unless kill 0, $pid; sleep 0.05 }
	}
	unlink $file, glob("$self->{sockets}/.s.PGSQL.*");
	return;
}

# start_load sets the clients to work, two days of the calendar at a time.
sub start_load
{
	my ($self) = @_;
	$self->{day} += 2;
	$self->aim;
	my $run = ++$self->{runs};
	my $pid = fork // die $!;
	if (!$pid)
	{
		setpgrp;
		exec "$self->{home}/client", "$self->{home}/target", "$self->{home}/journal.$run", 6, $run, 20, 10 or POSIX::_exit(1);
	}
	$self->{load} = $pid;
	return;
}

# stop_load lets the clients finish what they are at, until every request has an answer.
sub stop_load
{
	my ($self) = @_;
	kill 'TERM', -$self->{load};
	waitpid $self->{load}, 0;
	$self->{load} = undef;
	return $? == 0;
}

# journal is one file with what all clients were ever told.
sub journal
{
	my ($self) = @_;
	my $file = "$self->{home}/all";
	system_or_bail('sh', '-c', "cat $self->{home}/journal.* > $file");
	return $file;
}

# findings runs faults/checks.sql: what is wrong, and a line of figures.
sub findings
{
	my ($self) = @_;
	my ($out, $error) = ('', '');
	my $status = $self->{node}->psql('postgres', slurp_file("$FindBin::Bin/faults/checks.sql"), stdout => \$out, stderr => \$error,
		on_error_die => 0, on_error_stop => 1, extra_params => [ '-v', 'journal=' . $self->journal, '-v', 'moved={' . join(',', @{ $self->{moved} }) . '}' ]);
	my @lines = split /\n/, $out;
	my ($figures) = grep { /^# / } @lines;
	return ([ ($status == 0 ? () : "the checks failed: $error"), grep { !/^# / } @lines ], $figures // '');
}

# logged is what the server has logged since this was asked last.
sub logged
{
	my ($self) = @_;
	my $log = substr slurp_file($self->{node}->logfile), $self->{offset};
	$self->{offset} += length $log;
	return $log;
}

# up waits until the server answers, and starts it where it is gone.
sub up
{
	my ($self) = @_;
	my $node = $self->{node};
	my $end = time + 60;
	while (time < $end)
	{
		return 1 if eval { ($node->psql('postgres', 'SELECT 1'))[1] eq '1' };
		my $file = $node->data_dir . '/postmaster.pid';
		my ($pid) = -s $file ? slurp_file($file) =~ /^(\d+)/ : ();
		if (!$pid || !kill 0, $pid)
		{
			$node->{_pid} = undef;
			$node->start(fail_ok => 1);
		}
		sleep 0.2;
	}
	die 'the server did not come back: ' . $node->logfile;
}

sub pids
{
	my ($self, $condition) = @_;
	return split /\n/, $self->{node}->safe_psql('postgres', "SELECT pid FROM pg_stat_activity WHERE $condition AND pid <> pg_backend_pid() ORDER BY random()");
}

# The faults. Each leaves the server up.

sub kill_backend
{
	my ($self) = @_;
	my $pid;
	for (1 .. 100)
	{
		($pid) = ($self->pids(q{usename = 'authenticator' AND state <> 'idle'}), $self->pids(q{usename = 'authenticator'}));
		last if $pid;
		sleep 0.05;
	}
	kill 'KILL', $pid // die 'no backend';
	sleep 0.05 while kill 0, $pid;    # until the postmaster knows, it goes on answering
	return $self->up;
}

sub kill_auxiliary
{
	my ($self) = @_;
	my ($pid) = $self->pids(q{backend_type IN ('checkpointer', 'walwriter', 'background writer')});
	kill 'KILL', $pid;
	sleep 0.05 while kill 0, $pid;
	return $self->up;
}

sub stop_immediately
{
	my ($self) = @_;
	$self->{node}->stop('immediate');
	return $self->up;
}

sub kill_postmaster
{
	my ($self) = @_;
	$self->{node}->kill9;
	return $self->up;
}

sub terminate_backends
{
	my ($self) = @_;
	for (1 .. 5)
	{
		$self->{node}->safe_psql('postgres', q{SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'authenticator'});
		sleep 0.1;
	}
	return 1;
}

sub restart_bouncer
{
	my ($self) = @_;
	for my $signal ('TERM', 'KILL')
	{
		$self->stop_bouncer($signal);
		$self->start_bouncer;
		sleep 0.3;
	}
	return 1;
}

sub fill_disk
{
	my ($self) = @_;
	my $ballast = "$self->{node}{faults_disk}/ballast";
	open my $file, '>:raw', $ballast or die $!;
	my $zeros = "\0" x 65536;
	for (1 .. 30)
	{
		1 while syswrite $file, $zeros;    # what the server frees is taken as well
		sleep 0.1;
	}
	close $file;
	unlink $ballast;
	return $self->up;
}

# An hour forward, two back, and to the true time again, under the running server.
sub move_clock
{
	my ($self) = @_;
	my $node = $self->{node};
	my ($library) = glob '/usr/lib/*/faketime/libfaketime.so.1';
	my $clock = "$self->{home}/clock";
	my $set = sub {
		append_to_file("$clock.new", "$_[0]\n");
		rename "$clock.new", $clock or die $!;
		sleep 0.5;
	};
	push @{ $self->{moved} }, $self->{runs};
	$node->stop('fast');
	$set->('+0');
	{
		local %ENV = (%ENV, LD_PRELOAD => $library, FAKETIME_TIMESTAMP_FILE => $clock, FAKETIME_CACHE_DURATION => 1,
			FAKETIME_DONT_FAKE_MONOTONIC => 1);
		$node->start;
	}
	my $now = sub { $node->safe_psql('postgres', 'SELECT extract(epoch FROM clock_timestamp())') - time };
	for my $hours (1, -2, 0)
	{
		$set->("${hours}h" =~ s/^(?!-)/+/r);
		my $moved;
		for (1 .. 50) { $moved = $now->() / 3600; last if abs($moved - $hours) < 0.1; sleep 0.1 }
		die "the server's clock is $moved hours off, not $hours" if abs($moved - $hours) >= 0.1;
	}
	$node->stop('fast');
	$node->start;
	return $self->up;
}

# A standby that every commit waits for takes over from a primary that is killed.
sub add_standby
{
	my ($self) = @_;
	my $primary = $self->{node};
	my $standby = $self->fresh_node("standby$self->{nodes}");
	$primary->command_ok([ 'pg_basebackup', '-D', $standby->data_dir, '-X', 'stream', '-c', 'fast', '--no-sync', '-d', $primary->connstr('postgres') ],
		'a standby is made under load');
	$standby->append_conf('postgresql.conf', 'port = ' . $standby->port . "\nunix_socket_directories = '" . $standby->host . "'\n");
	$standby->enable_streaming($primary);
	$standby->start;
	$primary->safe_psql('postgres', q{ALTER SYSTEM SET synchronous_standby_names = '*'});
	$primary->reload;
	$primary->poll_query_until('postgres', q{SELECT count(*) = 1 FROM pg_stat_replication WHERE sync_state = 'sync'}) or die 'no synchronous standby';
	return $standby;
}

sub promote_standby
{
	my ($self) = @_;
	my $primary = $self->{node};
	my $standby = $self->add_standby;
	sleep 0.5;
	$primary->kill9;
	$standby->promote;
	$self->serve($standby);
	$self->stop_bouncer('TERM');
	$self->start_bouncer;
	# What is left of the old one is of no use to anybody.
	for (1 .. 100) { last unless grep { kill 0, $_ } map { /^(\d+)/ } grep { defined } -s $primary->data_dir . '/postmaster.pid' ? slurp_file($primary->data_dir . '/postmaster.pid') : (); sleep 0.05 }
	return $self->up;
}

# abandon leaves no process behind, whatever happened.
sub abandon
{
	my ($self) = @_;
	local $?;
	kill 'KILL', -$self->{load} if $self->{load};
	$self->stop_bouncer('KILL');
	return;
}

sub finish
{
	my ($self) = @_;
	$self->stop_bouncer('KILL');
	$self->{node}->stop('immediate');
	return;
}

1;
