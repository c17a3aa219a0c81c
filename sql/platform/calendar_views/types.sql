-- The media type handler of PostgREST for any Accept header: the feed says itself that it is text/calendar.
CREATE DOMAIN @api@."*/*" AS text;
COMMENT ON DOMAIN @api@."*/*" IS 'What an RPC returns that writes its body and its Content-Type itself.';
