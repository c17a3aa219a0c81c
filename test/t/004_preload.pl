# Nothing of holdfast needs shared_preload_libraries: what is not preloaded is slower, not different.
use strict;
use warnings;
use lib '.';
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Holdfast;

my $node = cluster('bare', preload => '');
platform($node);
is($node->safe_psql('postgres', 'SHOW shared_preload_libraries'), '', 'nothing is preloaded');

done_testing();
