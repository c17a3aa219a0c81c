-- Roles belong to the cluster: made once.
CREATE ROLE bench_constant;
CREATE ROLE bench_bare;
CREATE ROLE bench_initplan;
CREATE ROLE bench_supabase;
CREATE ROLE bench_supabase_initplan;
