-- What is weakened and no test notices, because it makes no difference: named, with the reason. Each is for as long as
-- nothing notices; then it must go. Kind and target are those of mutants.sql, as for LIKE.
CREATE TABLE proof.equivalents (kind text, target text, reason text NOT NULL, PRIMARY KEY (kind, target));
INSERT INTO proof.equivalents
SELECT 'caller not asked', format('holdfast\_private.%s(%%', f), r FROM (VALUES
  ('approve\_leave', 'find_leave() asks again'),
  ('request\_leave', 'manage_availability() asks again'),
  ('cancel\_series', 'find_series() asks again'), ('move\_series', 'find_series() asks again'), ('find\_series', 'who calls it has asked'),
  ('create\_api\_key', 'who is nobody, or without an active account there, is refused next'),
  ('change\_password', 'own_place() asks again'), ('disable\_second\_factor', 'own_place() asks again'), ('new\_backup\_codes', 'own_place() asks again'),
  ('own\_place', 'who calls it has asked'),
  ('sessions\_hold', 'the body that it calls asks again'), ('sessions\_cancel', 'the body that it calls asks again'),
  ('suspend\_account', 'require_account() asks again')) v (f, r);
INSERT INTO proof.equivalents VALUES
  ('party to everything', 'holdfast\_private.find\_series(%', 'each booking of the series is found by find_booking(), which asks again'),
  ('permission granted', 'holdfast\_private.find\_leave(%', 'manage_availability() asks again'),
  ('permission granted', 'holdfast\_private.remove\_availability\_exception(%', 'manage_availability() asks again'),
  ('permission granted', 'holdfast\_private.is\_a(%', 'asked for super_admin only, whose permissions nobody else has: those are asked for too'),
  ('permission granted', 'holdfast\_private.may\_give\_role(%#2%', 'super_admin has permissions that nobody else has, and those are asked for too'),
  ('permission granted', 'holdfast\_private.calendar\_view(%', 'says what the answer shows, not who is answered: bugs calendar_names and calendar_all are planted'),
  ('permission granted', 'holdfast\_private.tell\_reasons(%', 'says what the answer shows: the bug reasons_told is planted'),
  ('trusted', 'holdfast\_private.tell\_reasons(%', 'says what the answer shows: the bug reasons_told is planted'),
  ('permission granted', 'holdfast\_private.may\_approve\_leave(%', 'the bug leave_approves_itself is planted'),
  ('trusted', 'holdfast\_private.request\_token(%', 'whether one address is counted: the bug address_not_counted is planted'),
  ('trusted', 'holdfast\_private.booking\_party(%', 'who is neither somebody nor trusted was refused before'),
  ('trusted', 'holdfast\_private.is\_a(%', 'a service may give any role: it has every permission that is asked for too'),
  ('trusted', 'holdfast\_private.list\_encryption\_keys(%', 'require_permission() asks again'),
  ('trusted', 'holdfast\_private.require\_actor(%#2%', 'the wrapper passes org_id(): through the API the two never differ'),
  ('trusted', 'holdfast\_private.require\_operator(%', 'require_permission() asks again'),
  ('permission granted', 'holdfast\_private.import\_employees(%', 'says what becomes of a line: the bug import_makes_hr is planted'),
  ('permission granted', 'holdfast\_private.is\_approved(%', 'the bug approved_by_booking is planted'),
  ('permission granted', 'holdfast\_private.entitlement\_refusal(%', 'the bug reputation_of_all is planted'),
  ('policy dropped', 'holdfast\_private.idempotency %', 'it has two, and nobody is granted anything');
