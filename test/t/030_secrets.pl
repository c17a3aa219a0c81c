# No secret turns up where it does not belong: a full dump, the log of a server that logs all it can, pg_stat_statements, error
# texts, and the data directory itself, WAL included. What is used, and how, is in test/t/secrets.
use strict;
use warnings;
use Cwd qw(abs_path);
use FindBin;
use lib $FindBin::Bin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Holdfast;
use Secrets;

my $home = abs_path(PostgreSQL::Test::Utils::tempdir);
my $node = cluster('secrets', preload => 'pg_stat_statements,holdfast', settings => qq{
holdfast.root_key_file = '$home/root.key'
log_min_messages = debug5
log_min_error_statement = debug5
log_statement = 'all'
log_duration = on
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
pg_stat_statements.track = 'all'
pg_stat_statements.track_utility = on
});
$node->safe_psql('postgres', q{
	CREATE SCHEMA holdfast;
	CREATE EXTENSION holdfast SCHEMA holdfast CASCADE;
	CREATE EXTENSION pg_stat_statements;
	SELECT holdfast.generate_root_key();
});

my $s = Secrets->new($node, $home);
my @tests = sort glob "$FindBin::Bin/secrets/*.pl";
ok(@tests >= 3, 'there are tests to run');
# sealed.pl makes the keyring that others use
for my $file (sort { ($b =~ /sealed/) <=> ($a =~ /sealed/) } @tests)
{
	my $test = do $file or die "$file: " . ($@ || $!);
	$test->($s);
}

# dump writes the database, roles included.
sub dump_all
{
	my ($out, $err) = run_command([ 'pg_dumpall', '-h', $node->host, '-p', $node->port ]);
	return $out;
}
# search looks everywhere.
sub everywhere
{
	my ($sub) = @_;
	$node->safe_psql('postgres', 'CHECKPOINT');
	$sub->('pg_dumpall', dump_all());
	$sub->('server log', slurp_file($node->logfile));
	$sub->('pg_stat_statements', $node->safe_psql('postgres', 'SELECT query FROM pg_stat_statements'));
	$sub->('error texts', $s->{errors});
	return;
}
everywhere(sub { $s->search(@_) });
# Stopped, so that what the server kept for itself (pg_stat_statements) is in its files.
$node->stop;
$s->search_files('data directory', $node->data_dir);
$node->start;

# The search bites: what is careless is found.
my $careless = Secrets->new($node, $home);
my $literal = $careless->plant('literal' => $careless->invented);
my $stored = $careless->plant('stored' => $careless->invented);
my $shown = $careless->plant('shown' => $careless->invented);
$node->safe_psql('postgres', "SELECT '$literal'");
$node->safe_psql('postgres', "COMMENT ON TABLE notes IS '$literal'");
$careless->attempt('INSERT INTO tokens VALUES (2, decode(:stored, $$hex$$))', stored => $stored);
$careless->attempt('SELECT :shown::int', shown => $shown);
like($careless->found(slurp_file($node->logfile)), qr/literal \(text\)/, 'a literal is found in the log');
like($careless->found(dump_all()), qr/stored \(text\)/, 'a stored value is found in the dump');
like($careless->found($node->safe_psql('postgres', 'SELECT query FROM pg_stat_statements')), qr/literal \(text\)/,
	'a literal of a utility statement is found in pg_stat_statements');
like($careless->found($careless->{errors}), qr/shown \(text\)/, 'a value is found in an error');
for my $as ('x', 'xx', 'xxx')
{
	my $form = MIME::Base64::encode_base64("$as$literal$as", '');
	like($careless->found($form), qr/literal \(base64/, 'base64 is found at any place');
}

done_testing();
