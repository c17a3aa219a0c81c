# Planting secrets, and looking for them wherever they must not turn up.
#
# A test of a primitive is a file in test/t/secrets: it returns a sub that gets a handle, plants secrets and uses them as
# PostgREST does, as parameters. 030_secrets.pl runs them all on one server that logs everything it can, and then searches.
#
#	$s->plant($name => $secret)              it must turn up nowhere
#	$s->invented($bytes)                     random text to plant
#	$s->run($sql, name => $value, ...)       runs a statement; :name stands for a parameter, which the log must not show
#	$s->fails($sql, $pattern, name => ...)   the same, and it must fail with an error like this
#	$s->ask($sql)                            the answer of a statement without any secret in it
package Secrets;

use strict;
use warnings;
use File::Find;
use MIME::Base64;
use PostgreSQL::Test::Utils;
use Test::More;

sub new
{
	my ($class, $node, $home) = @_;
	return bless { node => $node, home => $home, planted => {}, errors => '', runs => 0 }, $class;
}

sub plant
{
	my ($self, $name, $secret) = @_;
	die "$name is too short to be searched for" if length $secret < 8;
	$self->{planted}{$name} = $secret;
	return $secret;
}

sub invented
{
	my ($self, $bytes) = @_;
	open my $random, '<:raw', '/dev/urandom' or die $!;
	read $random, my $data, $bytes // 16;
	return unpack 'H*', $data;
}

sub ask
{
	my ($self, $sql) = @_;
	return $self->{node}->safe_psql('postgres', $sql);
}

# attempt runs a statement with pgbench, which sends the values as parameters of the extended protocol.
sub attempt
{
	my ($self, $sql, %values) = @_;
	my $file = "$self->{home}/statement" . $self->{runs}++;
	append_to_file($file, "$sql;\n");
	my ($out, $err) = run_command([
		'pgbench', '-n', '-t', '1', '-M', 'extended', '-f', $file, '--debug',
		(map { ('-D', "$_=$values{$_}") } sort keys %values),
		'-h', $self->{node}->host, '-p', $self->{node}->port, 'postgres' ]);
	# With --debug it says what it sends; what counts is what the server answers.
	my $answers = join "\n", grep { /ERROR|DETAIL|HINT|CONTEXT|WARNING|NOTICE/ } split /\n/, $err;
	$self->{errors} .= "$answers\n";
	return $answers;
}

sub run
{
	my ($self, $sql, %values) = @_;
	my $answers = $self->attempt($sql, %values);
	is($answers, '', "runs: $sql");
	return;
}

sub fails
{
	my ($self, $sql, $pattern, %values) = @_;
	like($self->attempt($sql, %values), $pattern, "fails: $sql");
	return;
}

# forms is a secret as it may be written somewhere: as it is, in hexadecimal digits, in base64.
sub forms
{
	my ($secret) = @_;
	my %forms = (text => $secret, hex => unpack('H*', $secret), HEX => uc unpack('H*', $secret));
	# in base64 it looks different for each place in a group of three; the ends depend on the neighbours
	for my $shift (0 .. 2)
	{
		my $form = encode_base64('x' x $shift . $secret, '');
		$form =~ s/=+$//;
		$form = substr $form, $shift == 0 ? 0 : 4, length($form) - ($shift == 0 ? 2 : 6);
		$forms{"base64+$shift"} = $form;
	}
	if ($secret =~ /^(?:[0-9a-f]{2})+$/)
	{
		$forms{bytes} = pack 'H*', $secret;
		my $form = encode_base64($forms{bytes}, '');
		$forms{'base64 of bytes'} = $form =~ s/=+$//r;
	}
	return %forms;
}

# found says which planted secrets are in a text.
sub found
{
	my ($self, $text) = @_;
	my @found;
	for my $name (sort keys %{ $self->{planted} })
	{
		my %forms = forms($self->{planted}{$name});
		for my $form (sort keys %forms)
		{
			push @found, "$name ($form)" if length $forms{$form} >= 8 && index($text, $forms{$form}) >= 0;
		}
	}
	return join ', ', @found;
}

# search looks into a text.
sub search
{
	my ($self, $where, $text) = @_;
	ok(length $text > 0, "$where: there is something to search") if $where !~ /error/;
	is($self->found($text), '', "$where: no planted secret");
	return;
}

# search_files looks into every file below a folder.
sub search_files
{
	my ($self, $where, $folder) = @_;
	my ($files, @found) = (0);
	find({ no_chdir => 1, wanted => sub {
		return unless -f $_;
		$files++;
		my $found = $self->found(slurp_file($_));
		push @found, "$_: $found" if $found ne '';
	} }, $folder);
	ok($files > 0, "$where: there is something to search");
	is(join("\n", @found), '', "$where: no planted secret");
	return;
}

1;
