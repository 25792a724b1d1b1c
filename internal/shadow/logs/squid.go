package logs

import "bytes"

// field cuts the first field of a line with spaces between fields.
func field(b []byte) (first, rest []byte) {
	i := 0
	for i < len(b) && b[i] == ' ' {
		i++
	}
	b = b[i:]
	j := bytes.IndexByte(b, ' ')
	if j < 0 {
		return b, nil
	}
	return b[:j], b[j+1:]
}

// squid reads the native format: time elapsed client code/status bytes method address user hierarchy/peer type.
func (s *scratch) squid(line []byte, rec *Record) Reason {
	stamp, rest := field(line)
	_, rest = field(rest) // how long it took
	client, rest := field(rest)
	result, rest := field(rest)
	received, rest := field(rest)
	_, rest = field(rest) // method
	url, rest := field(rest)
	user, _ := field(rest)
	if len(user) == 0 || bytes.IndexByte(result, '/') < 0 {
		return Fields
	}
	var ok bool
	if rec.Time, ok = epoch(stamp); !ok {
		return Stamp
	}
	if bytes.HasPrefix(url, []byte("error:")) || bytes.HasSuffix(result, []byte("/407")) {
		return other // no request; or one that comes again with a name
	}
	rec.Addr, ok = takeAddr(client)
	s.takeUser(user, rec)
	if !ok && rec.User == nil {
		return Address
	}
	rec.Received = size(received)
	rec.Blocked = bytes.Contains(result, []byte("DENIED"))
	return s.takeHost(url, rec)
}

// combined reads common and combined: client ident user [time] "method address version" status bytes "referrer" "agent" code:hierarchy.
func (s *scratch) combined(line []byte, rec *Record) Reason {
	client, rest := field(line)
	_, rest = field(rest)
	i := bytes.Index(rest, []byte(" [")) // a name may have spaces
	if i < 0 {
		return Fields
	}
	user, rest := rest[:i], rest[i+2:]
	if len(rest) < 28 || rest[26] != ']' { // 29/Nov/2026:10:00:00 +0100]
		return Stamp
	}
	off, ok := offset(rest[21:26])
	h, mi, sec := hms(rest, 12)
	if !ok || rest[2] != '/' || rest[6] != '/' {
		return Stamp
	}
	if rec.Time, ok = utc(num(rest, 7, 4), month(rest, 3), num(rest, 0, 2), h, mi, sec, off); !ok {
		return Stamp
	}
	rest = rest[27:]
	if len(rest) < 2 || rest[1] != '"' {
		return Fields
	}
	rest = rest[2:]
	end := bytes.IndexByte(rest, '"')
	if end < 0 {
		return Quote
	}
	_, request := field(rest[:end])
	url, _ := field(request)
	status, rest := field(rest[end+1:])
	received, rest := field(rest)
	if bytes.HasPrefix(url, []byte("error:")) || string(status) == "407" {
		return other
	}
	if len(url) == 0 {
		return Fields
	}
	rec.Addr, ok = takeAddr(client)
	s.takeUser(user, rec)
	if !ok && rec.User == nil {
		return Address
	}
	rec.Received = size(received)
	rec.Blocked = bytes.Contains(rest[bytes.LastIndexByte(rest, '"')+1:], []byte("DENIED"))
	return s.takeHost(url, rec)
}
