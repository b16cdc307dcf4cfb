-- The door gave words of the shift to every log-in; agency_checks(text), which asks as which role, is in its place.

DROP FUNCTION IF EXISTS agency_checks();
