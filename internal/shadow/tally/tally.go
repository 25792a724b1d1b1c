package tally

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/netip"
	"time"

	"tekentafel/internal/shadow/logs"
	"tekentafel/internal/shadow/services"
)

// Bounds of k, the smallest group that is shown.
const (
	DefaultK = 10
	LeastK   = 5
)

// Bounds of a reading: what a log that is larger than foreseen, or made to be, can take.
const (
	mostPairs = 4_000_000 // people times services times weeks; about 200 MB
	mostWeeks = 106
	mostUnits = 10_000
)

// ErrTooMany is returned when a reading has more people, services and weeks than it may hold.
var ErrTooMany = errors.New("the logs hold too many people and weeks for one reading: read fewer weeks at once")

// ErrClosed is returned by a reading that was closed: its key is gone.
var ErrClosed = errors.New("the reading is closed: begin a new one")

// Units says to which department whoever stands in a line belongs; "" when it is not known. The user is in small letters and may be empty; the address may be
// the zero value.
type Units interface {
	Unit(user string, addr netip.Addr) string
}

// Sizes says how many people a department has; 0 when it is not known. A Units may be one too.
type Sizes interface {
	Size(unit string) int
}

// Options say how to count.
type Options struct {
	Matcher *services.Matcher
	Units   Units          // nil: everyone belongs to no known department
	Zone    *time.Location // in which days and weeks begin; UTC when nil
	K       int            // DefaultK when 0; never below LeastK
	Random  io.Reader      // of the key and of rounding; crypto/rand when nil
	// Last returns the count that an earlier reading has shown last in a place; ok is false when there is none. Nil when nothing was shown before.
	Last func(Place) (c Count, ok bool)
}

// Place is where a count stands, week after week.
type Place struct {
	Service string // "" for any
	Part    Part
	Unit    string // of the part OfUnit
}

// Part is what of a place is counted.
type Part int

// The parts.
const (
	Total  Part = iota // everyone
	OfUnit             // one department
	Rest               // everyone of no department that is shown
	Folded             // the people of the services that are not named; Service is ""
)

// Tally counts the records of one reading. It is not safe for use by several at once.
type Tally struct {
	o       Options
	mac     hash.Hash
	sum     [sha256.Size]byte
	persons map[[16]byte]uint32
	people  []person
	units   []string
	unitAt  map[string]int32
	cells   []cell
	cellAt  map[cell]uint32
	pairs   map[uint64]int64 // cell and person -> bytes
	lines   map[cell]blocked // by week and service
	given   map[cell]int64   // by week and service: people that an aggregated line stands for
	days    map[int32]bool   // days on which there is any line
	weeks   map[int32]bool
	today   dayCache
	shown   map[Place]Count // the last count in each place, while the reading closes
	closed  bool
}

type person struct {
	unit    int32
	address bool
}

// cell is a service in a week (by users), or on a day (by addresses). Days are counted from 1970-01-01; a week is the day of its Monday.
type cell struct {
	day     int32
	service int32
	address bool
}

type blocked struct{ all, refused int64 }

// anyService is the place of "any service that is AI alone".
const anyService = -1

// New begins a reading with a key of its own.
func New(o Options) (*Tally, error) {
	if o.K == 0 {
		o.K = DefaultK
	}
	o.K = max(o.K, LeastK)
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	key := make([]byte, 32)
	if _, err := io.ReadFull(o.Random, key); err != nil {
		return nil, fmt.Errorf("make the key of the reading: %w", err)
	}
	t := &Tally{o: o, mac: hmac.New(sha256.New, key), persons: map[[16]byte]uint32{}, unitAt: map[string]int32{}, cellAt: map[cell]uint32{}, pairs: map[uint64]int64{},
		lines: map[cell]blocked{}, given: map[cell]int64{}, days: map[int32]bool{}, weeks: map[int32]bool{}}
	clear(key)
	return t, nil
}

// Add counts a record; nothing of it is kept but hashes. It fits logs.Read. Records without a time are left out.
func (t *Tally) Add(r *logs.Record) error {
	if t.closed {
		return ErrClosed
	}
	if r.Time == 0 {
		return nil
	}
	day := t.today.day(r.Time, t.o.Zone)
	if !t.days[day] {
		if t.weeks[monday(day)] = true; len(t.weeks) > mostWeeks {
			return ErrTooMany
		}
		t.days[day] = true
	}
	service := t.o.Matcher.Host(r.Host)
	if service == services.None {
		if service = t.o.Matcher.App(r.App); service == services.None {
			return nil
		}
	}
	week := cell{day: monday(day), service: int32(service)}
	if r.People > 0 {
		t.given[week] = max(t.given[week], r.People)
		return nil
	}
	seen := t.lines[week]
	seen.all++
	if r.Blocked {
		seen.refused++
	}
	t.lines[week] = seen
	who, err := t.person(r)
	if err != nil {
		return err
	}
	where := week
	if t.people[who].address {
		where.day, where.address = day, true
	}
	if err := t.pair(where, who, r.Sent+r.Received); err != nil {
		return err
	}
	if t.o.Matcher.List().Services[service].Mixed {
		return nil
	}
	where.service = anyService
	return t.pair(where, who, r.Sent+r.Received)
}

func (t *Tally) pair(c cell, who uint32, bytes int64) error {
	at, ok := t.cellAt[c]
	if !ok {
		at = uint32(len(t.cells))
		t.cells, t.cellAt[c] = append(t.cells, c), at
	}
	t.pairs[uint64(at)<<32|uint64(who)] += min(max(bytes, 0), 1<<40)
	if len(t.pairs) > mostPairs {
		return ErrTooMany
	}
	return nil
}

// person returns the number of whoever stands in a record. The department is that of the first record in which the person stands.
func (t *Tally) person(r *logs.Record) (uint32, error) {
	user := bare(r.User)
	addr := r.Addr
	t.mac.Reset()
	if len(user) > 0 {
		_, _ = t.mac.Write([]byte{'u'})
		_, _ = t.mac.Write(user)
	} else {
		if addr.Is6() { // devices change the second half of their address every day
			if p, err := addr.Prefix(64); err == nil {
				addr = p.Addr()
			}
		}
		b := addr.As16()
		_, _ = t.mac.Write([]byte{'a'})
		_, _ = t.mac.Write(b[:])
	}
	var id [16]byte
	copy(id[:], t.mac.Sum(t.sum[:0]))
	if who, ok := t.persons[id]; ok {
		return who, nil
	}
	unit := ""
	if t.o.Units != nil {
		unit = t.o.Units.Unit(string(r.User), r.Addr)
	}
	at, ok := t.unitAt[unit]
	if !ok {
		if len(t.units) >= mostUnits {
			return 0, ErrTooMany
		}
		at = int32(len(t.units))
		t.units, t.unitAt[unit] = append(t.units, unit), at
	}
	who := uint32(len(t.people))
	t.people, t.persons[id] = append(t.people, person{at, len(user) == 0}), who
	return who, nil
}

// Weeks returns on how many of its seven days each week of the reading has any line, whether about an AI service or not.
func (t *Tally) Weeks() map[string]int {
	out := map[string]int{}
	for day := range t.days {
		out[weekName(monday(day))]++
	}
	return out
}

// bare takes domain\ and @domain off a user name, so that one person is not counted twice.
func bare(user []byte) []byte {
	for i, c := range user {
		if c == '\\' && i+1 < len(user) {
			user = user[i+1:]
			break
		}
	}
	for i, c := range user {
		if c == '@' && i > 0 {
			return user[:i]
		}
	}
	return user
}

// forget drops the key and everything that was counted.
func (t *Tally) forget() {
	clear(t.sum[:])
	t.closed, t.mac, t.persons, t.people, t.units, t.unitAt, t.cells, t.cellAt = true, nil, nil, nil, nil, nil, nil, nil
	t.pairs, t.lines, t.given, t.days, t.weeks, t.shown = nil, nil, nil, nil, nil, nil
}

// Discard ends a reading without a result.
func (t *Tally) Discard() { t.forget() }
