package tally

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"
)

// mostRows bounds a mapping.
const mostRows = 2_000_000

// ErrMapping is returned for a mapping of which most rows are not understood, or that has too many.
var ErrMapping = errors.New("write a row for each: a user, an address, 10.1.0.0/16 or 10.1.0.1-10.1.0.99, then a comma or semicolon, and the department; at most 2 million rows")

// Mapping says which department users and addresses belong to, from a table. It is dropped with the reading.
type Mapping struct {
	users  map[string]string
	sizes  map[string]int // users by department
	ranges []span         // by first address; within it the smallest first
	Bad    int            // rows that were not understood; the first may be headings
}

type span struct {
	from, to netip.Addr
	unit     string
	furthest netip.Addr // the greatest end of this span and all before it
}

// ParseMapping reads a table of two columns without keeping it: a user, an address or a range of addresses, and the department.
func ParseMapping(r io.Reader) (*Mapping, error) {
	m := &Mapping{users: map[string]string{}, sizes: map[string]int{}}
	s := bufio.NewScanner(r)
	s.Buffer(nil, 64<<10)
	for rows := 0; s.Scan(); rows++ {
		if rows > mostRows {
			return nil, ErrMapping
		}
		line := strings.TrimPrefix(s.Text(), "\ufeff")
		if strings.TrimSpace(line) == "" {
			continue
		}
		sep := strings.IndexAny(line, ";\t")
		if sep < 0 {
			sep = strings.IndexByte(line, ',')
		}
		if sep < 0 || !m.add(unquote(line[:sep]), unquote(line[sep+1:])) {
			m.Bad++
		}
	}
	if err := s.Err(); err != nil {
		return nil, fmt.Errorf("read the departments: %w", err)
	}
	if len(m.users)+len(m.ranges) == 0 || m.Bad > len(m.users)+len(m.ranges) {
		return nil, ErrMapping
	}
	m.sort()
	for _, unit := range m.users {
		m.sizes[unit]++
	}
	return m, nil
}

func unquote(s string) string { return strings.Trim(strings.TrimSpace(s), `"`) }

func (m *Mapping) add(who, unit string) bool {
	who, unit = strings.ToLower(strings.TrimSpace(who)), strings.TrimSpace(unit)
	if who == "" || unit == "" || len(unit) > 200 {
		return false
	}
	if p, err := netip.ParsePrefix(who); err == nil {
		p = p.Masked()
		m.ranges = append(m.ranges, span{from: p.Addr(), to: last(p), unit: unit})
		return true
	}
	if first, second, ok := strings.Cut(who, "-"); ok {
		a, errA := netip.ParseAddr(strings.TrimSpace(first))
		b, errB := netip.ParseAddr(strings.TrimSpace(second))
		if errA == nil && errB == nil {
			if b.Less(a) || a.Is4() != b.Is4() {
				return false
			}
			m.ranges = append(m.ranges, span{from: a, to: b, unit: unit})
			return true
		}
	}
	if a, err := netip.ParseAddr(who); err == nil {
		m.ranges = append(m.ranges, span{from: a, to: a, unit: unit})
		return true
	}
	m.users[string(bare([]byte(who)))] = unit
	return true
}

// last returns the last address of a prefix.
func last(p netip.Prefix) netip.Addr {
	b := p.Addr().AsSlice()
	for bit := p.Bits(); bit < len(b)*8; bit++ {
		b[bit/8] |= 1 << (7 - bit%8)
	}
	a, _ := netip.AddrFromSlice(b) // of the length of an address
	return a
}

func (m *Mapping) sort() {
	slices.SortFunc(m.ranges, func(a, b span) int {
		return cmp.Or(a.from.Compare(b.from), b.to.Compare(a.to), strings.Compare(a.unit, b.unit))
	})
	for i := range m.ranges {
		m.ranges[i].furthest = m.ranges[i].to
		if i > 0 && m.ranges[i].to.Less(m.ranges[i-1].furthest) {
			m.ranges[i].furthest = m.ranges[i-1].furthest
		}
	}
}

// Unit returns the department of a user, or else of the range that holds the address and begins last (the smallest, when ranges lie within each other); "" when neither is known.
func (m *Mapping) Unit(user string, addr netip.Addr) string {
	if unit, ok := m.users[string(bare([]byte(user)))]; ok && user != "" {
		return unit
	}
	if !addr.IsValid() {
		return ""
	}
	addr = addr.WithZone("")
	i, _ := slices.BinarySearchFunc(m.ranges, addr, func(s span, a netip.Addr) int {
		if s.from.Compare(a) <= 0 {
			return -1
		}
		return 1
	})
	for i--; i >= 0 && !m.ranges[i].furthest.Less(addr); i-- {
		if !m.ranges[i].to.Less(addr) {
			return m.ranges[i].unit
		}
	}
	return ""
}

// Size returns how many users of a department the table has; 0 when it has none, as with addresses alone.
func (m *Mapping) Size(unit string) int { return m.sizes[unit] }
