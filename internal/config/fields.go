package config

import (
	"fmt"
	"reflect"
	"time"

	"github.com/alecthomas/kong"
)

// Field describes one setting, as its tags do.
type Field struct {
	Name, Env, Default, Placeholder, Group, Help string

	List   bool // takes several values, separated by commas
	Secret bool // is never shown

	flag *kong.Flag
}

// Fields lists every setting in the order of Settings.
func Fields() ([]Field, error) {
	var all struct{ Settings }
	parser, err := kong.New(&all, kong.NoDefaultHelp())
	if err != nil {
		return nil, fmt.Errorf("the tags of Settings are wrong: %w", err)
	}
	var out []Field
	for _, f := range parser.Model.Flags {
		field := Field{Name: f.Name, Default: f.Default, Placeholder: f.PlaceHolder, Help: f.Help, flag: f}
		if len(f.Envs) == 1 {
			field.Env = f.Envs[0]
		}
		if f.Group != nil {
			field.Group = f.Group.Title
		}
		field.List = f.Target.Kind() == reflect.Slice
		_, field.Secret = f.Target.Interface().(Secret)
		out = append(out, field)
	}
	return out, nil
}

// fits says what is wrong with text as the value of a setting, or nil.
func (f Field) fits(text string) error {
	if err := f.flag.Parse(kong.ScanFromTokens(kong.Token{Type: kong.FlagValueToken, Value: text}), f.flag.Target); err == nil {
		return nil
	}
	return fmt.Errorf("%q is no %s for %s", text, f.kind(), f.Name)
}

func (f Field) kind() string {
	switch f.flag.Target.Interface().(type) {
	case bool:
		return "true or false"
	case time.Duration:
		return "duration (such as 30s or 2m)"
	case Size:
		return "size (such as 64MB)"
	case int:
		return "whole number"
	}
	return "value"
}

func find(fields []Field, name string) (Field, bool) {
	for _, f := range fields {
		if f.Name == name {
			return f, true
		}
	}
	return Field{}, false
}

// nearest advises the setting that is written most like name.
func nearest(fields []Field, name string) string {
	best, least := "", 4
	for _, f := range fields {
		if d := distance(f.Name, name); d < least && f.Name != "config" {
			best, least = f.Name, d
		}
	}
	if best == "" {
		return "the settings are listed in docs/settings.md"
	}
	return "did you mean " + best + "?"
}

// distance counts the letters to add, leave out or change (Levenshtein 1966). Long texts are no misspelling.
func distance(a, b string) int {
	if len(b) > 40 {
		return len(b)
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := before
			if a[i] != b[j] {
				change++
			}
			before = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
