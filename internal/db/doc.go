// Package db keeps the product's rows on either of two engines: SQLite inside the program, or PostgreSQL beside it. It
// speaks one SQL, runs one timeline of migrations and gives the same guarantees on both.
//
// # Scopes
//
// Nobody gets at the connection pools. A feature works through a Scope, which belongs to one organisation: the scope
// passes the tenant as $1 to each statement and refuses a statement that does not compare tenant_id with it, so a query
// that forgets its tenant neither compiles nor runs. What belongs to no organisation (sign-in by a token, the job queue,
// retention over all) goes through System, which the linter allows in few places.
//
// # Transactions
//
// Write runs a function in a serialisable transaction: on SQLite there is one writer at a time, on PostgreSQL the engine
// detects conflicts and Write runs the function anew. So the function must have no effect but through its scope. When
// Write returns nil the change is on disk (synchronous = FULL, or PostgreSQL's own commit) and survives a crash.
//
// # One SQL
//
// Statements use $N placeholders, ON CONFLICT, RETURNING, FILTER, row values and partial indexes, which both engines
// know, and none of ::casts, ILIKE, ANY, FOR UPDATE. Times are microseconds since 1970 in BIGINT, so that no driver's idea
// of a time zone comes between; truth is BOOLEAN; bytes are BYTEA, a name that SQLite takes without changing the value.
package db
