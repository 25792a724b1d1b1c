// Package api is the interface for scripts: the same domain that the pages call, as JSON over HTTP, described by an OpenAPI
// 3.1 document at /api/openapi.json. One signs in with a key (Authorization: Bearer), never with a session, so no page of
// another site can make a browser call it. Errors are problem details (RFC 9457).
//
// A feature registers its operations:
//
//	api.Get(a, "/reports/{id}", api.About{ID: "get-report", Summary: "...", Tag: "reports", Action: access.ReadReport}, handler)
package api
