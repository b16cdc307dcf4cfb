-- The door gave words of the shift to every log-in; agency_checks(text), which asks as which role, is in its place.

DROP FUNCTION IF EXISTS agency_checks();

-- It let the beginning of a name find somebody restricted; name_is is in its place.
DROP FUNCTION IF EXISTS name_fits(text, jsonb);
