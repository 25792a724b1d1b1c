package scim

import (
	"strings"

	"tekentafel/internal/people/scim/filter"
)

// The URNs of schemas and messages.
const (
	UserSchema       = "urn:ietf:params:scim:schemas:core:2.0:User"
	GroupSchema      = "urn:ietf:params:scim:schemas:core:2.0:Group"
	EnterpriseSchema = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

	configSchema   = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
	typeSchema     = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
	schemaSchema   = "urn:ietf:params:scim:schemas:core:2.0:Schema"
	listMessage    = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
	errorMessage   = "urn:ietf:params:scim:api:messages:2.0:Error"
	patchMessage   = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
	searchMessage  = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
	longestValue   = 1000 // characters of a text
	mostOfAValue   = 20   // values of an attribute, but members
	mostOperations = 5000 // of one patch
)

// Kind is a type of resource.
type Kind string

// The types of resources.
const (
	Users  Kind = "User"
	Groups Kind = "Group"
)

// attribute is an attribute of a schema (RFC 7643, section 7).
type attribute struct {
	name      string
	kind      string // string, boolean, complex, reference, dateTime
	text      string // what it is
	many      bool   // multiValued
	required  bool
	exact     bool // caseExact
	fixed     bool // readOnly
	always    bool // returned always
	immutable bool
	unique    bool
	canonical []string
	refers    []string // types that a reference leads to
	sub       []attribute
}

func (a *attribute) below(name string) *attribute {
	for i := range a.sub {
		if strings.EqualFold(a.sub[i].name, name) {
			return &a.sub[i]
		}
	}
	return nil
}

// resourceType is what a resource is made of.
type resourceType struct {
	kind      Kind
	endpoint  string
	schema    string
	text      string
	core      []attribute
	extension *attribute // complex, named by its URN; nil without one
	dropped   []string   // attributes of the standard that are not kept, in small letters
}

func text(name, what string) attribute { return attribute{name: name, kind: "string", text: what} }

var common = []attribute{
	{name: "schemas", kind: "reference", many: true, exact: true, fixed: true, always: true},
	{name: "id", kind: "string", text: "Name of the resource here, which never changes.", exact: true, fixed: true, always: true, unique: true},
	{name: "externalId", kind: "string", text: "Name of the resource in the directory.", exact: true},
	{name: "meta", kind: "complex", fixed: true, sub: []attribute{
		{name: "resourceType", kind: "string", exact: true, fixed: true},
		{name: "created", kind: "dateTime", fixed: true},
		{name: "lastModified", kind: "dateTime", fixed: true},
		{name: "location", kind: "reference", exact: true, fixed: true},
		{name: "version", kind: "string", exact: true, fixed: true},
	}},
}

var enterprise = attribute{name: EnterpriseSchema, kind: "complex", text: "Place of a user in the organisation.", sub: []attribute{
	text("employeeNumber", "Staff number."),
	text("department", "Organisational unit."),
	text("division", "Part of the organisation above the unit."),
	text("organization", "Organisation, where one directory holds several."),
	text("costCenter", "Cost centre."),
	{name: "manager", kind: "complex", text: "Who leads the user.", sub: []attribute{
		{name: "value", kind: "string", text: "The id of the manager's user here.", exact: true},
	}},
}}

var userType = &resourceType{
	kind: Users, endpoint: "/Users", schema: UserSchema, text: "Somebody who works for the organisation and may sign in.",
	core: []attribute{
		{name: "userName", kind: "string", text: "Name that tells users apart, without regard to case.", required: true, unique: true},
		{name: "name", kind: "complex", text: "Parts of the name.", sub: []attribute{
			text("formatted", "Whole name."), text("familyName", "Family name."), text("givenName", "First name."),
		}},
		text("displayName", "Name as others see it."),
		text("title", "Function."),
		text("preferredLanguage", "Language, such as nl-BE; nl, fr, de and en are used."),
		{name: "active", kind: "boolean", text: "Whether the user may sign in. When it becomes false, sessions end at once."},
		{name: "emails", kind: "complex", text: "Mail addresses. The primary one is used, else the first of work.", many: true, sub: []attribute{
			{name: "value", kind: "string", text: "Address."},
			{name: "type", kind: "string", text: "What it is for.", canonical: []string{"work", "other"}},
			{name: "primary", kind: "boolean", text: "Whether it is the one to use; at most one is."},
		}},
	},
	extension: &enterprise,
	dropped: []string{
		"nickname", "profileurl", "usertype", "locale", "timezone", "password", "phonenumbers", "ims", "photos", "addresses", "groups", "entitlements",
		"roles", "x509certificates", "name.middlename", "name.honorificprefix", "name.honorificsuffix", "emails.display", "manager.displayname", "manager.$ref",
	},
}

var groupType = &resourceType{
	kind: Groups, endpoint: "/Groups", schema: GroupSchema, text: "Users that the directory holds together.",
	core: []attribute{
		{name: "displayName", kind: "string", text: "Name that tells groups apart, without regard to case.", required: true, unique: true},
		{name: "members", kind: "complex", text: "Users in the group.", many: true, sub: []attribute{
			{name: "value", kind: "string", text: "The id of a user.", exact: true, immutable: true},
			{name: "$ref", kind: "reference", text: "Address of the user.", exact: true, immutable: true, refers: []string{"User"}},
			{name: "type", kind: "string", text: "User.", immutable: true, canonical: []string{"User"}},
			{name: "display", kind: "string", text: "Name of the user.", fixed: true},
		}},
	},
}

func typeOf(k Kind) *resourceType {
	if k == Groups {
		return groupType
	}
	return userType
}

// place is an attribute that a path leads to.
type place struct {
	top *attribute // with the values: a core attribute, one of the extension, or the extension itself
	sub *attribute // below top, or nil
	ext bool       // top is in the extension
}

// leaf returns the attribute itself.
func (p place) leaf() *attribute {
	if p.sub != nil {
		return p.sub
	}
	return p.top
}

// found says what becomes of an attribute that a path names.
type found int

const (
	unknown found = iota // there is none of that name
	dropped              // it is known and not kept
	kept
)

// find follows a path. An attribute of a schema that is not served is dropped: clients send what they are told to map.
func (t *resourceType) find(p filter.Path) (place, found) {
	name, sub := p.Name, p.Sub
	in := t.core
	ext := false
	if p.URN != "" {
		whole := p.URN + ":" + p.Name
		switch {
		case strings.EqualFold(p.URN, t.schema):
		case t.extension != nil && strings.EqualFold(p.URN, t.extension.name):
			in, ext = t.extension.sub, true
		case t.extension != nil && strings.EqualFold(whole, t.extension.name):
			if sub == "" {
				return place{top: t.extension}, kept
			}
			in, ext, name, sub = t.extension.sub, true, sub, "" // "urn:…:User.department"
		default:
			return place{}, dropped
		}
	}
	top := lookup(in, name)
	if top == nil && !ext {
		top = lookup(common, name)
	}
	if top == nil && !ext && p.URN == "" && t.extension != nil { // "department", which some send for that of the extension
		if top = lookup(t.extension.sub, name); top != nil {
			ext = true
		}
	}
	lost := strings.ToLower(name)
	if top == nil {
		return place{}, t.lost(lost)
	}
	if sub == "" {
		return place{top: top, ext: ext}, kept
	}
	if b := top.below(sub); b != nil {
		return place{top: top, sub: b, ext: ext}, kept
	}
	return place{}, t.lost(lost + "." + strings.ToLower(sub))
}

func (t *resourceType) lost(name string) found {
	top, _, _ := strings.Cut(name, ".")
	for _, d := range t.dropped {
		if d == name || d == top {
			return dropped
		}
	}
	return unknown
}

func lookup(in []attribute, name string) *attribute {
	for i := range in {
		if strings.EqualFold(in[i].name, name) {
			return &in[i]
		}
	}
	return nil
}
