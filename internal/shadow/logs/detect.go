package logs

import (
	"bytes"
	"fmt"
	"time"
)

var utcZone = time.UTC

// Detect returns the format that the first lines have, or "" when they have none that is known. A table of which a person must choose the columns is "" too.
func Detect(head []byte) Format {
	first := firstLine(head)
	s := &scratch{clock: clock{zone: utcZone, now: time.Unix(0, 0)}}
	if hasAll(first, "users") {
		if t := defenderNames.table(s, first); t.complete() && hasAny(first, "transactions", "traffic", "ipaddresses") {
			return Defender
		}
	}
	if t := panosNames.table(s, first); t.complete() && hasAny(first, "threatcontenttype", "sourceuser", "natsourceip", "urlfilename") {
		return PANOS
	}
	if t := zscalerNames.table(s, first); t.complete() && hasAny(first, "reqsize", "respsize", "urlclass", "urlsupercat", "policyaction", "cloudapplication", "loggedtime") {
		return Zscaler
	}
	for n := 0; n < 20 && len(head) > 0; n++ {
		line, rest, _ := bytes.Cut(head, []byte{'\n'})
		head = rest
		if line = trimEnd(line); len(line) > 0 {
			if f := detectLine(s, line); f != "" {
				return f
			}
		}
	}
	return ""
}

func detectLine(s *scratch, line []byte) Format {
	var rec Record
	if bytes.Contains(line, []byte("dnsmasq[")) || bytes.Contains(line, []byte("dnsmasq: ")) {
		return Dnsmasq
	}
	if r := s.squid(line, &rec); r == fine || r == other {
		return Squid
	}
	if r := s.combined(line, &rec); r == fine || r == other {
		return SquidCombined
	}
	if isPanosLine(line) {
		return PANOS
	}
	if isZscalerLine(line) {
		return Zscaler
	}
	return ""
}

func hasAny(line []byte, words ...string) bool {
	for _, h := range Headings(line) {
		for _, w := range words {
			if plain(h) == w {
				return true
			}
		}
	}
	return false
}

func hasAll(line []byte, words ...string) bool {
	for _, w := range words {
		if !hasAny(line, w) {
			return false
		}
	}
	return true
}

// newParser returns what reads the lines of a format, and whether the first line that is not blank has headings.
func newParser(head []byte, o *Options) (parse parser, headed bool, err error) {
	s := &scratch{clock: clock{zone: o.Zone, now: o.Now, monthFirst: o.Columns.MonthFirst}}
	first := firstLine(head)
	switch o.Format {
	case Squid:
		return s.squid, false, nil
	case SquidCombined:
		return s.combined, false, nil
	case Dnsmasq:
		return s.dnsmasq, false, nil
	case Zscaler:
		if t := zscalerNames.table(s, first); t.complete() {
			return t.parse, true, nil
		}
		return s.zscalerOrder().parse, false, nil
	case PANOS:
		if t := panosNames.table(s, first); t.complete() {
			return t.parse, true, nil
		}
		return s.panosOrder().panosLine, false, nil
	case Defender:
		t := defenderNames.table(s, first)
		if !t.complete() || t.people < 0 {
			return nil, false, ErrColumns
		}
		return t.parse, true, nil
	case Generic:
		return s.generic(first, &o.Columns)
	default:
		return nil, false, ErrUnknown
	}
}

func (s *scratch) generic(first []byte, c *Columns) (parser, bool, error) {
	t := s.newTable(separator(first))
	headings, headed := Headings(first), false
	for r, column := range map[role]string{colTime: c.Time, colUser: c.User, colAddr: c.Address, colHost: c.Host, colApp: c.App, colSent: c.Sent, colReceived: c.Received, colAction: c.Action} {
		at, err := place(headings, column)
		if err != nil {
			return nil, false, fmt.Errorf("%w: %w", ErrColumns, err)
		}
		*t.column(r) = at
		headed = headed || column != "" && column[0] != '#'
	}
	if !t.complete() {
		return nil, false, ErrColumns
	}
	t.ready()
	if !headed { // by numbers: the first line has headings when it has no time
		fields, _ := split(bytes.Clone(first), t.sep, nil, t.most)
		t.fields = fields
		_, isTime := s.parse(t.get(t.time))
		headed = !isTime
	}
	return t.parse, headed, nil
}
