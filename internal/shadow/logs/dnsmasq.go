package logs

import "bytes"

var program = []byte("dnsmasq")

// dnsmasq reads the questions of log-queries: time [computer] dnsmasq[process]: [serial address/port] query[type] name from address.
func (s *scratch) dnsmasq(line []byte, rec *Record) Reason {
	i := bytes.Index(line, program)
	if i < 0 {
		return Fields
	}
	rest := line[i+len(program):]
	colon := bytes.Index(rest, []byte(": "))
	if colon < 0 {
		return Fields
	}
	if rest[0] != '[' && rest[0] != ':' {
		return other // another part of the program, such as dnsmasq-dhcp
	}
	rest = rest[colon+2:]
	q := bytes.Index(rest, []byte("query["))
	if q < 0 {
		return other
	}
	ok := false
	if line[0] >= '0' && line[0] <= '9' {
		stamp, _ := field(line)
		rec.Time, ok = s.parse(stamp)
	} else if len(line) >= 15 {
		d := num(line, 4, 2)
		if line[4] == ' ' {
			d = num(line, 5, 1)
		}
		h, mi, sec := hms(line, 7)
		rec.Time, ok = s.yearless(month(line, 0), d, h, mi, sec)
	}
	if !ok {
		return Stamp
	}
	_, rest = field(rest[q:])
	name, rest := field(rest)
	from, rest := field(rest)
	client, _ := field(rest)
	if string(from) != "from" {
		return Fields
	}
	if rec.Addr, ok = takeAddr(client); !ok {
		return Address
	}
	rec.Question = true
	return s.takeHost(name, rec)
}
