// Package tenant names an organisation as the owner of rows. It is a package of its own so that everything can speak of
// a tenant without knowing where tenants are kept.
package tenant

// ID identifies one organisation in the store. Every store call takes one; the zero value owns no row.
type ID string
