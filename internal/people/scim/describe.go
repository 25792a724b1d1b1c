package scim

import "net/http"

// config says what the server can do (RFC 7643, section 5).
func (s *service) config(a ask) (answer, error) {
	if a.id != "" {
		return answer{}, notFound()
	}
	if err := a.unfiltered(); err != nil {
		return answer{}, err
	}
	yes, no := map[string]any{"supported": true}, map[string]any{"supported": false}
	return answer{status: http.StatusOK, body: map[string]any{
		"schemas":        []string{configSchema},
		"patch":          yes,
		"bulk":           map[string]any{"supported": false, "maxOperations": 0, "maxPayloadSize": 0},
		"filter":         map[string]any{"supported": true, "maxResults": mostCount},
		"changePassword": no,
		"sort":           yes,
		"etag":           yes,
		"authenticationSchemes": []map[string]any{{
			"type": "oauthbearertoken", "name": "Key of the interface", "primary": true,
			"description": "A key that an administrator makes under “My security”, with the scope " + string(s.action) + ". It ends after a year at most.",
			"specUri":     "https://www.rfc-editor.org/info/rfc6750",
		}},
		"meta": map[string]any{"resourceType": "ServiceProviderConfig", "location": s.at("ServiceProviderConfig")},
	}}, nil
}

// types lists the types of resources (RFC 7643, section 6).
func (s *service) types(a ask) (answer, error) {
	var list []map[string]any
	for _, t := range []*resourceType{userType, groupType} {
		d := map[string]any{
			"schemas": []string{typeSchema}, "id": t.kind, "name": t.kind, "endpoint": t.endpoint, "description": t.text, "schema": t.schema,
			"meta": map[string]any{"resourceType": "ResourceType", "location": s.at("ResourceTypes", string(t.kind))},
		}
		if t.extension != nil {
			d["schemaExtensions"] = []map[string]any{{"schema": t.extension.name, "required": false}}
		}
		d["id"] = string(t.kind)
		list = append(list, d)
	}
	return s.described(a, list)
}

// schemas lists the attributes that are kept, and no others (RFC 7643, section 7).
func (s *service) schemas(a ask) (answer, error) {
	var list []map[string]any
	add := func(id, name, text string, attributes []attribute) {
		list = append(list, map[string]any{
			"schemas": []string{schemaSchema}, "id": id, "name": name, "description": text, "attributes": described(attributes),
			"meta": map[string]any{"resourceType": "Schema", "location": s.at("Schemas", id)},
		})
	}
	add(userType.schema, string(userType.kind), userType.text, userType.core)
	add(enterprise.name, "EnterpriseUser", enterprise.text, enterprise.sub)
	add(groupType.schema, string(groupType.kind), groupType.text, groupType.core)
	return s.described(a, list)
}

func described(attributes []attribute) []map[string]any {
	out := make([]map[string]any, len(attributes))
	for i, a := range attributes {
		d := map[string]any{
			"name": a.name, "type": a.kind, "multiValued": a.many, "description": a.text, "required": a.required, "caseExact": a.exact,
			"mutability": "readWrite", "returned": "default", "uniqueness": "none",
		}
		switch {
		case a.fixed:
			d["mutability"] = "readOnly"
		case a.immutable:
			d["mutability"] = "immutable"
		}
		if a.unique {
			d["uniqueness"] = "server"
		}
		if a.canonical != nil {
			d["canonicalValues"] = a.canonical
		}
		if a.refers != nil {
			d["referenceTypes"] = a.refers
		}
		if a.sub != nil {
			d["subAttributes"] = described(a.sub)
		}
		out[i] = d
	}
	return out
}
