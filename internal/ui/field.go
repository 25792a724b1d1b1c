package ui

import "github.com/a-h/templ"

func emailField(f Field) Field {
	f = f.of("email")
	f.Attrs = withDefaults(f.Attrs, templ.Attributes{"spellcheck": "false", "autocapitalize": "none"})
	if f.Autocomplete == "" {
		f.Autocomplete = "email"
	}
	return f
}

func phoneField(f Field) Field {
	f = f.of("tel")
	if f.Autocomplete == "" {
		f.Autocomplete = "tel"
	}
	return f
}

func numberField(f Field) Field {
	f = f.of("text")
	if f.InputMode == "" {
		f.InputMode = "numeric"
	}
	f.Min, f.Max, f.Step = "", "", "" // of a number control only; the server says what is out of range
	f.Attrs = withDefaults(f.Attrs, templ.Attributes{"spellcheck": "false"})
	return f
}

func codeField(f Field) Field {
	f = f.of("text")
	f.code, f.InputMode, f.Autocomplete = true, "numeric", "one-time-code"
	f.Chars = 10
	f.Attrs = withDefaults(f.Attrs, templ.Attributes{"spellcheck": "false", "autocapitalize": "none", "autocorrect": "off"})
	return f
}

func pinField(f Field) Field {
	f = f.of("password")
	f.code, f.InputMode = true, "numeric"
	f.Chars = 10
	if f.Autocomplete == "" {
		f.Autocomplete = "current-password"
	}
	return f
}

// valueAttrs fills in a field again, but never a secret.
func valueAttrs(s *FormState, f Field) templ.Attributes {
	if f.kind == "password" || f.Autocomplete == "one-time-code" {
		return nil
	}
	if v := s.Value(f.Name, f.Value); v != "" {
		return templ.Attributes{"value": v}
	}
	return nil
}

// unitID gives the unit behind a control its id, unless one before it has it.
func unitID(s *FormState, f Field) templ.Attributes {
	if f.Prefix != "" {
		return nil
	}
	return templ.Attributes{"id": s.FieldID(f.Name) + "-unit"}
}

// withDefaults returns attrs with what defaults adds to them.
func withDefaults(attrs, defaults templ.Attributes) templ.Attributes {
	out := templ.Attributes{}
	for name, value := range defaults {
		out[name] = value
	}
	for name, value := range attrs {
		out[name] = value
	}
	return out
}
