package logs

import (
	"bytes"
	"errors"
	"strings"
)

// ErrUnknown is returned when the first lines are of no format that is known.
var ErrUnknown = errors.New("the format of the log is not recognised: choose it, or the columns of a table by hand")

// ErrColumns is returned when a table has no column for the time, for who, or for the host or application.
var ErrColumns = errors.New("the table needs a column with the time, one with the user or address, and one with the host or application")

// Headings by which tables of vendors are read, in small letters without spaces and signs.
var (
	zscalerNames = names{
		colTime: {"time", "datetime", "loggedtime", "eventtime"}, colUser: {"login", "user", "ologin"}, colAddr: {"cip", "clientip", "clientexternalip", "cpubip"},
		colHost: {"host", "ehost", "url", "eurl"}, colApp: {"appname", "cloudapplication", "app"}, colSent: {"reqsize", "requestsize", "sentbytes"}, colReceived: {"respsize", "responsesize", "receivedbytes"},
		colAction: {"action", "policyaction"}}
	panosNames = names{
		colTime: {"generatetime", "generatedtime", "timegenerated", "receivetime", "timereceived"}, colUser: {"sourceuser", "srcuser"}, colAddr: {"sourceaddress", "source", "src"},
		colHost: {"url", "urlfilename", "misc"}, colApp: {"application", "app"}, colSent: {"bytessent"}, colReceived: {"bytesreceived"},
		colAction: {"action"}, colSub: {"threatcontenttype", "subtype"}}
	defenderNames = names{
		colTime: {"lastseen", "lastseenutc", "date"}, colApp: {"app", "appname", "application", "applicationname", "name", "service"}, colHost: {"domain", "domains"},
		colSent: {"upload", "uploadbytes", "uploads", "uploadedbytes"}, colReceived: {"download", "downloadbytes", "downloads", "downloadedbytes", "traffic", "trafficbytes", "totaltraffic"},
		colPeople: {"users", "usercount", "numberofusers"}}
)

// role is what a column holds.
type role uint8

const (
	colTime role = iota
	colUser
	colAddr
	colHost
	colApp
	colSent
	colReceived
	colAction
	colPeople
	colSub
)

type names map[role][]string

// table finds the columns of a vendor by their headings; earlier names are preferred.
func (n names) table(s *scratch, line []byte) *table {
	t := s.newTable(separator(line))
	headings := Headings(line)
	for i := range headings {
		headings[i] = plain(headings[i])
	}
	for r, list := range n {
		at := -1
		for _, name := range list {
			for i := len(headings) - 1; i >= 0 && at < 0; i-- {
				if headings[i] == name {
					at = i
				}
			}
		}
		*t.column(r) = at
	}
	return t.ready()
}

func (t *table) column(r role) *int {
	switch r {
	case colTime:
		return &t.time
	case colUser:
		return &t.user
	case colAddr:
		return &t.addr
	case colHost:
		return &t.host
	case colApp:
		return &t.app
	case colSent:
		return &t.sent
	case colReceived:
		return &t.received
	case colAction:
		return &t.action
	case colPeople:
		return &t.people
	default:
		return &t.sub
	}
}

func (t *table) complete() bool {
	return t.people >= 0 && (t.host >= 0 || t.app >= 0) || t.time >= 0 && (t.user >= 0 || t.addr >= 0) && (t.host >= 0 || t.app >= 0)
}

func plain(heading string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			return c
		case c >= 'A' && c <= 'Z':
			return c + 'a' - 'A'
		default:
			return -1
		}
	}, heading)
}

// zscalerOrder is the default order of an NSS feed as CSV.
func (s *scratch) zscalerOrder() *table {
	t := s.newTable(',')
	t.time, t.user, t.host, t.action, t.app, t.sent, t.received, t.addr = 0, 1, 3, 4, 5, 7, 8, 21
	return t.ready()
}

// panosLine reads a line as the firewall sends it to syslog: the fields stand in a fixed order by type.
func (t *table) panosLine(line []byte, rec *Record) Reason {
	var reason Reason
	if t.fields, reason = split(line, ',', t.fields, 34); reason != fine {
		return reason
	}
	if len(t.fields) < 32 {
		return Fields
	}
	switch kind := string(t.fields[3]); {
	case kind == "THREAT" && string(t.fields[4]) == "url":
		t.host, t.sent, t.received = 31, -1, -1
	case kind == "TRAFFIC":
		t.host, t.sent, t.received = -1, 32, 33
	default:
		return other
	}
	return t.take(rec)
}

func (s *scratch) panosOrder() *table {
	t := s.newTable(',')
	t.sub, t.time, t.addr, t.user, t.app, t.action = 4, 6, 7, 12, 14, 30
	return t
}

func isPanosLine(line []byte) bool {
	fields, _ := split(bytes.Clone(line), ',', nil, 34)
	if len(fields) < 32 {
		return false
	}
	switch string(fields[3]) {
	case "THREAT", "TRAFFIC", "SYSTEM", "CONFIG", "USERID", "GLOBALPROTECT", "DECRYPTION", "HIPMATCH", "AUTHENTICATION":
		return true
	default:
		return false
	}
}

func isZscalerLine(line []byte) bool {
	fields, _ := split(bytes.Clone(line), ',', nil, 34)
	var c clock
	c.zone = utcZone
	if len(fields) < 22 {
		return false
	}
	_, ok := c.parse(fields[0])
	return ok && (bytes.EqualFold(fields[4], []byte("Allowed")) || bytes.EqualFold(fields[4], []byte("Blocked")))
}
