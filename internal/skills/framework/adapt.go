package framework

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"tekentafel/internal/yamlfile"
)

// Change is what an organisation writes otherwise than a framework. Ids, skills, areas, the number and order of levels and
// where they start stay as they are: results of a test would no longer mean the same.
type Change struct {
	Version    string            `json:"version"`              // of the result, another than that of the base
	Texts      map[string]Text   `json:"texts,omitempty"`      // by a key of Framework.Texts, in all languages
	Behaviours map[string][]Text `json:"behaviours,omitempty"` // the whole list, by skill and level: critical.basis
	Steps      map[string]Step   `json:"steps,omitempty"`      // by skill, level and work: critical.basis.field
	Everyone   []Ask             `json:"everyone,omitempty"`   // the whole list, or nil to keep that of the base
	Rules      []Rule            `json:"rules,omitempty"`      // the whole list, or nil to keep that of the base
}

// Adapt returns base with a change. The result has the id of base, the version of the change, and says what it was made
// from. The same change can be applied again when a new base comes out. The error is a *Problems that lists every key that
// does not exist and everything that Check finds in the result.
func Adapt(base *Framework, change *Change) (*Framework, error) {
	out, err := base.clone()
	if err != nil {
		return nil, err
	}
	problems := &Problems{}
	origin := Origin{ID: base.ID, Version: base.Version, Digest: base.Digest()}
	out.AdaptedFrom, out.Version = &origin, change.Version
	if change.Version == base.Version {
		problems.Add(Problem{Path: "version", Message: "the version is that of the base", Mend: "give the adapted framework a version of its own"})
	}
	texts := out.texts()
	for _, key := range slices.Sorted(maps.Keys(change.Texts)) {
		if at, ok := texts[key]; ok {
			*at = maps.Clone(change.Texts[key])
			continue
		}
		problems.Add(Problem{Path: "texts." + key, Message: "no text that may change has this key", Mend: "use a key of a text, such as skills.critical.levels.basis.summary"})
	}
	for _, key := range slices.Sorted(maps.Keys(change.Behaviours)) {
		skill, level, _ := strings.Cut(key, ".")
		if l := out.level(skill, level); l != nil {
			l.Behaviours = slices.Clone(change.Behaviours[key])
			continue
		}
		problems.Add(Problem{Path: "behaviours." + key, Message: "there is no such skill and level", Mend: "write skill and level, such as critical.basis"})
	}
	for _, key := range slices.Sorted(maps.Keys(change.Steps)) {
		parts := strings.Split(key, ".")
		step := change.Steps[key]
		step.Text = maps.Clone(step.Text)
		var l *Level
		if len(parts) == 3 {
			l = out.level(parts[0], parts[1])
		}
		switch {
		case l != nil && parts[2] == "office":
			l.Next.Office = step
		case l != nil && parts[2] == "field":
			l.Next.Field = step
		default:
			problems.Add(Problem{Path: "steps." + key, Message: "there is no such step", Mend: "write skill, level and office or field, such as critical.basis.field"})
		}
	}
	if change.Everyone != nil {
		out.Everyone = change.Everyone
	}
	if change.Rules != nil {
		out.Rules = change.Rules
	}
	for _, p := range out.Check() {
		problems.Add(p)
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return out.clone() // shares nothing with the change
}

// Texts returns the keys of the texts that a change may write otherwise, in the order of the framework. Behaviours, steps,
// rules and what is asked of everyone have a place of their own in a change.
func (f *Framework) Texts() []string {
	var keys []string
	f.eachText(func(key string, _ *Text) { keys = append(keys, key) })
	return keys
}

func (f *Framework) texts() map[string]*Text {
	out := map[string]*Text{}
	f.eachText(func(key string, t *Text) { out[key] = t })
	return out
}

func (f *Framework) eachText(visit func(key string, t *Text)) {
	walk(reflect.ValueOf(f), "", func(key string, v reflect.Value) {
		for _, apart := range []string{"digcomp.", "everyone.", "rules."} {
			if strings.HasPrefix(key, apart) {
				return
			}
		}
		if strings.Contains(key, ".behaviours.") || strings.Contains(key, ".next.") {
			return
		}
		if t, ok := v.Addr().Interface().(*Text); ok {
			visit(key, t)
		}
	})
}

func (f *Framework) level(skill, level string) *Level {
	s := f.Skill(skill)
	if s == nil {
		return nil
	}
	i := slices.IndexFunc(s.Levels, func(l Level) bool { return l.ID == level })
	if i < 0 {
		return nil
	}
	return &s.Levels[i]
}

// Digest names exactly what the framework says: the SHA-256 of its JSON, in hexadecimal.
func (f *Framework) Digest() string {
	text, err := json.Marshal(f)
	if err != nil { // no type of a framework can fail, save a number that Parse and Check refuse
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

func (f *Framework) clone() (*Framework, error) {
	text, err := json.Marshal(f)
	if err != nil {
		return nil, fmt.Errorf("copy version %s of the framework: %w", yamlfile.Quote(f.Version), err)
	}
	out := &Framework{}
	if err := json.Unmarshal(text, out); err != nil {
		return nil, fmt.Errorf("copy version %s of the framework: %w", yamlfile.Quote(f.Version), err)
	}
	return out, nil
}

// plainly writes a word or a number; no minutes and no level say nothing.
func plainly(v reflect.Value) string {
	switch {
	case v.CanInt() && v.IsZero():
		return ""
	case v.CanInt():
		return strconv.FormatInt(v.Int(), 10)
	case v.CanFloat():
		return strconv.FormatFloat(v.Float(), 'g', -1, 64)
	default:
		return v.String()
	}
}
