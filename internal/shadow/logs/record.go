package logs

import (
	"net/netip"
	"time"
)

// Record is what is taken from one line. Its slices are valid until the next line is read.
type Record struct {
	Time     int64      // Unix seconds; 0 when neither the line nor Options.Now says it
	User     []byte     // in small letters; empty when the line names nobody
	Addr     netip.Addr // of the device; the zero value when the line has none
	Host     []byte     // in small letters, without port and without a dot at its end; empty when the log shows no host
	App      []byte     // what a firewall or proxy calls it; often empty
	Sent     int64      // bytes from the device; 0 when the log does not say
	Received int64      // bytes to the device; 0 when the log does not say
	People   int64      // how many people an aggregated line stands for; 0 for a line of one visit
	Blocked  bool       // it was tried and refused
	Question bool       // a question to a name server: no visit need have followed
}

// Format is the shape of a log.
type Format string

// The formats. Generic is a table of which a person chose the columns.
const (
	Squid         Format = "squid"          // native access.log
	SquidCombined Format = "squid-combined" // common and combined, with or without the result code
	Dnsmasq       Format = "dnsmasq"        // log-queries, also log-queries=extra, through syslog or a file
	Zscaler       Format = "zscaler"        // NSS web log as CSV, in the default order or with headings
	PANOS         Format = "panos"          // threat/url and traffic, as CSV from the page or as syslog lines
	Defender      Format = "defender"       // discovered apps of Microsoft Defender for Cloud Apps: counts, not visits
	Generic       Format = "generic"
)

// Formats lists the formats in the order in which they are tried and offered.
func Formats() []Format {
	return []Format{Squid, SquidCombined, Dnsmasq, Zscaler, PANOS, Defender, Generic}
}

// Columns says where a table has what: by heading ("client_ip"), or by number from 1 ("#3"). Empty is nowhere.
type Columns struct {
	Time, User, Address, Host, App, Sent, Received, Action string
	MonthFirst                                             bool // 11/29/2026 rather than 29/11/2026
}

// Options say how to read. The zero value recognises the format, takes times without a zone as UTC, and has the bounds below.
type Options struct {
	Format   Format         // "" recognises it by the first lines
	Zone     *time.Location // of times that name no zone
	Now      time.Time      // for logs without a year, and for exports without a time
	Columns  Columns        // of a Generic table
	MaxLine  int            // longest line in bytes, from 1 kB to 1 MB; 64 kB when 0
	MaxBytes int64          // most bytes after unpacking; 64 GB when 0
}

// Reason says why a line was not understood.
type Reason string

// The reasons. None of them shows anything of the line.
const (
	Long    Reason = "long"    // longer than Options.MaxLine
	Fields  Reason = "fields"  // too few fields, or not the shape of this format
	Quote   Reason = "quote"   // a quotation mark that does not close
	Stamp   Reason = "time"    // no time that exists
	Address Reason = "address" // neither a user nor an address of the network
	Host    Reason = "host"    // no host name
	fine    Reason = ""
	other   Reason = "other" // of this format, and no visit
)

// Place is where a line was not understood.
type Place struct {
	Line   int64 // from 1
	Reason Reason
}

// mostPlaces bounds how many places are named.
const mostPlaces = 10

// Report says what became of a log. Lines = Records + Other + Bad + Blank.
type Report struct {
	Format  Format
	Packed  bool // it was gzip
	Bytes   int64
	Lines   int64
	Records int64
	Other   int64 // of this format, and no visit; also headings
	Bad     int64
	Blank   int64
	Places  []Place // the first bad lines
	First   int64   // Unix seconds of the earliest record; 0 without one
	Last    int64
}

func (r *Report) bad(reason Reason) {
	r.Bad++
	if len(r.Places) < mostPlaces {
		r.Places = append(r.Places, Place{r.Lines, reason})
	}
}
