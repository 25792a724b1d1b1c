package logs

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// mostFields bounds the fields of a line of a table.
const mostFields = 512

// split cuts a line into at most the number of fields that are asked for. Quotation marks are taken off; a pair of them within stands for one. The fields are parts of the line,
// which is written over where a pair stood.
func split(line []byte, sep byte, fields [][]byte, most int) ([][]byte, Reason) {
	fields = fields[:0]
	for len(fields) < most {
		if len(line) == 0 || line[0] != '"' {
			i := bytes.IndexByte(line, sep)
			if i < 0 {
				return append(fields, line), fine
			}
			fields, line = append(fields, line[:i]), line[i+1:]
			continue
		}
		line = line[1:]
		i := bytes.IndexByte(line, '"')
		if i < 0 {
			return fields, Quote
		}
		if i+1 < len(line) && line[i+1] == '"' {
			w := i
			for {
				if i >= len(line) {
					return fields, Quote
				}
				if line[i] == '"' {
					if i+1 >= len(line) || line[i+1] != '"' {
						break
					}
					i++
				}
				line[w] = line[i]
				w, i = w+1, i+1
			}
			fields = append(fields, line[:w])
		} else {
			fields = append(fields, line[:i])
		}
		line = line[i+1:]
		if len(line) == 0 {
			return fields, fine
		}
		if line[0] != sep {
			return fields, Quote
		}
		line = line[1:]
	}
	return fields, fine
}

// table knows where the fields of a line stand; -1 is nowhere.
type table struct {
	*scratch
	sep                                                         byte
	time, user, addr, host, app, sent, received, action, people int
	sub                                                         int // says when a line is only the start of a session
	most                                                        int
	fields                                                      [][]byte
}

func (s *scratch) newTable(sep byte) *table {
	return &table{scratch: s, sep: sep, time: -1, user: -1, addr: -1, host: -1, app: -1, sent: -1, received: -1, action: -1, people: -1, sub: -1}
}

func (t *table) ready() *table {
	t.most = 1 + max(t.time, t.user, t.addr, t.host, t.app, t.sent, t.received, t.action, t.people, t.sub)
	return t
}

func (t *table) get(i int) []byte {
	if i < 0 || i >= len(t.fields) {
		return nil
	}
	return t.fields[i]
}

// parse reads a line of a table.
func (t *table) parse(line []byte, rec *Record) Reason {
	var reason Reason
	if t.fields, reason = split(line, t.sep, t.fields, t.most); reason != fine {
		return reason
	}
	if len(t.fields) < t.most {
		return Fields
	}
	return t.take(rec)
}

func (t *table) take(rec *Record) Reason {
	if string(t.get(t.sub)) == "start" {
		return other // its end comes as a line of its own
	}
	ok := t.time < 0
	if ok {
		rec.Time = t.now.Unix()
	} else if rec.Time, ok = t.clock.parse(t.get(t.time)); !ok {
		return Stamp
	}
	if t.people >= 0 {
		if rec.People = size(t.get(t.people)); rec.People <= 0 {
			return other
		}
	} else {
		rec.Addr, ok = takeAddr(t.get(t.addr))
		t.takeUser(t.get(t.user), rec)
		if !ok && rec.User == nil {
			return Address
		}
	}
	rec.App = trimSpace(t.get(t.app))
	rec.Sent, rec.Received = size(t.get(t.sent)), size(t.get(t.received))
	rec.Blocked = refused(t.get(t.action))
	if host := trimSpace(t.get(t.host)); len(host) > 0 {
		return t.takeHost(host, rec)
	}
	if len(rec.App) == 0 {
		return Host
	}
	return fine
}

// separator is the sign that stands most often in a line of headings.
func separator(line []byte) byte {
	best := byte(',')
	for _, c := range []byte{';', '\t'} {
		if bytes.Count(line, []byte{c}) > bytes.Count(line, []byte{best}) {
			best = c
		}
	}
	return best
}

// Headings returns the fields of the first line of a table, for a person to choose columns from. Nothing else of the log is looked at.
func Headings(head []byte) []string {
	line := firstLine(head)
	fields, _ := split(bytes.Clone(line), separator(line), nil, mostFields)
	out := make([]string, len(fields))
	for i, f := range fields {
		out[i] = strings.ToValidUTF8(strings.TrimSpace(string(f)), "�")
	}
	return out
}

func firstLine(head []byte) []byte {
	head = bytes.TrimPrefix(head, []byte{0xef, 0xbb, 0xbf})
	for len(head) > 0 {
		line, rest, _ := bytes.Cut(head, []byte{'\n'})
		if len(bytes.TrimSpace(line)) > 0 {
			return trimEnd(line)
		}
		head = rest
	}
	return nil
}

// place finds a column by its heading, or by its number from 1 behind a #.
func place(headings []string, column string) (int, error) {
	if column == "" {
		return -1, nil
	}
	if rest, ok := strings.CutPrefix(column, "#"); ok {
		n, err := strconv.Atoi(rest)
		if err != nil || n < 1 || n > mostFields {
			return -1, fmt.Errorf("the column %q is no number from 1 to %d: write it as #3", column, mostFields)
		}
		return n - 1, nil
	}
	for i, h := range headings {
		if strings.EqualFold(strings.TrimSpace(h), strings.TrimSpace(column)) {
			return i, nil
		}
	}
	return -1, fmt.Errorf("there is no column %q: use one of the headings, or a number such as #3", column)
}
