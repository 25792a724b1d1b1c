package check

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"unicode/utf8"
)

// format is the first byte of a state. Another one is of another version of the program.
const format = 1

// MostBytes is the most that a state takes when written: what a cookie holds once it is sealed, with room for the others.
const MostBytes = 1400

// ErrState says that bytes are no state that this version reads.
var ErrState = errors.New("this is no check that can be taken up again")

const (
	flagField = 1 << iota
	flagAsking
	flagDone
	flagSeen
	flagGave
)

// Write writes a state in at most MostBytes. Statements and items stand in it by tags, so that it can be read after the bank changed.
func (m *Material) Write(s *State) []byte {
	flags := byte(0)
	for flag, set := range map[byte]bool{flagField: s.Field, flagAsking: s.Asking, flagDone: s.Done, flagSeen: s.Seen, flagGave: s.Gave} {
		if set {
			flags |= flag
		}
	}
	out := append([]byte{format, flags}, s.Seed[:]...)
	out = append(out, byte(slices.Index(Plans(), s.Plan)))
	for _, text := range []string{s.Skill, cut(s.Function.ID, maxID), cut(s.Function.Name, maxName), cut(s.Unit.ID, maxID), cut(s.Unit.Name, maxName)} {
		out = append(append(out, byte(len(text))), text...)
	}
	var said, given, avoid []byte
	for i, v := range s.Self {
		if v > 0 {
			said = append(binary.BigEndian.AppendUint32(said, m.Statements[i].tag), v)
		}
	}
	for scale, skill := range m.skills {
		if level := placed(s.Places, scale); level > 0 {
			said = append(binary.BigEndian.AppendUint32(said, placeTag(skill)), byte(level))
		}
	}
	version := 0
	if s.Field {
		version = 1
	}
	for _, g := range s.Given[:min(len(s.Given), maxGiven)] {
		given = append(binary.BigEndian.AppendUint32(given, m.Items[g.Item].tags[version]), byte(g.Option))
	}
	for _, i := range s.Avoid[:min(len(s.Avoid), maxAvoid)] {
		avoid = binary.BigEndian.AppendUint32(avoid, m.Items[i].tags[version])
	}
	for _, part := range [][]byte{said, given, avoid} {
		out = append(binary.AppendUvarint(out, uint64(len(part))), part...)
	}
	return out
}

// Read reads what Write wrote. What the material has no more is left out and counted: statements, and answers with all that followed them.
// The error is ErrState.
func (m *Material) Read(b []byte) (s State, gone int, err error) {
	if len(b) < 3+len(s.Seed) || len(b) > MostBytes || b[0] != format || b[1] >= 1<<5 {
		return State{}, 0, ErrState
	}
	s.Field, s.Asking, s.Done, s.Seen, s.Gave = b[1]&flagField > 0, b[1]&flagAsking > 0, b[1]&flagDone > 0, b[1]&flagSeen > 0, b[1]&flagGave > 0
	r := bytes.NewBuffer(b[2:])
	copy(s.Seed[:], r.Next(len(s.Seed)))
	plan := r.Next(1)
	if int(plan[0]) >= len(Plans()) {
		return State{}, 0, ErrState
	}
	s.Plan = Plans()[plan[0]]
	for _, to := range []*string{&s.Skill, &s.Function.ID, &s.Function.Name, &s.Unit.ID, &s.Unit.Name} {
		n, err := r.ReadByte()
		if err != nil || int(n) > r.Len() {
			return State{}, 0, ErrState
		}
		*to = string(r.Next(int(n)))
		if !utf8.ValidString(*to) {
			return State{}, 0, ErrState
		}
	}
	if (s.Plan == One) != (s.Skill != "") || s.Plan == One && !m.Has(s.Skill) {
		return State{}, 0, ErrState
	}
	parts := make([][]byte, 3)
	for i, width := range []int{5, 5, 4} {
		n, err := binary.ReadUvarint(r)
		if err != nil || n > uint64(r.Len()) || n%uint64(width) != 0 {
			return State{}, 0, ErrState
		}
		parts[i] = r.Next(int(n))
	}
	if r.Len() > 0 || len(parts[1]) > 5*maxGiven || len(parts[2]) > 4*maxAvoid {
		return State{}, 0, ErrState
	}
	gone, err = m.readParts(&s, parts)
	return s, gone, err
}

func (m *Material) readParts(s *State, parts [][]byte) (gone int, err error) {
	s.Self = make([]uint8, len(m.Statements))
	for p := parts[0]; len(p) > 0; p = p[5:] {
		name := binary.BigEndian.Uint32(p)
		if scale := slices.IndexFunc(m.skills, func(skill string) bool { return placeTag(skill) == name }); scale >= 0 {
			if level := int(p[4]); level < 1 || level > len(m.Framework.Levels) || placed(s.Places, scale) > 0 {
				return 0, ErrState
			}
			*s = m.Place(*s, m.skills[scale], int(p[4]))
			continue
		}
		at, known := m.said[name]
		switch {
		case p[4] < 1 || p[4] > most || known && s.Self[at] > 0:
			return 0, ErrState
		case !known:
			gone++
		default:
			s.Self[at] = p[4]
		}
	}
	whole := true
	for p := parts[1]; len(p) > 0; p = p[5:] {
		at, known := m.version(binary.BigEndian.Uint32(p), s.Field)
		if whole = whole && known; !whole {
			gone++
			continue
		}
		g := Given{at, int(p[4])}
		twice := slices.ContainsFunc(s.Given, func(x Given) bool { return x.Item == at })
		if twice || g.Option >= len(m.Items[at].In(s.Field).Options) || s.Plan == One && m.Items[at].Skill != s.Skill || s.Plan == Statements {
			return 0, ErrState
		}
		s.Given = append(s.Given, g)
	}
	for p := parts[2]; len(p) > 0; p = p[4:] {
		if at, known := m.version(binary.BigEndian.Uint32(p), s.Field); known && !slices.Contains(s.Avoid, at) {
			s.Avoid = append(s.Avoid, at)
		}
	}
	return gone, nil
}

// version finds an item by the tag of one of its versions.
func (m *Material) version(tag uint32, field bool) (int, bool) {
	at, known := m.byTag[tag]
	v := 0
	if field {
		v = 1
	}
	return at, known && m.Items[at].tags[v] == tag
}

// cut shortens a text to at most n bytes, between letters.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
