// Package org is an organisation and its people as plain values: what stands at a moment, and what differs between two moments.
// It reads and writes nothing.
//
// Words: a unit is a place in the tree of an organisation (OSLO Organisatie: Organisatie-eenheid); a function is an entry in the
// catalogue of job profiles (OSLO Persoon/Organisatie: Rol); a person has posts (OSLO: Hoedanigheid, W3C ORG: Membership/Post),
// each a function in a unit for a part of full time. docs/people.md has the whole mapping.
package org
