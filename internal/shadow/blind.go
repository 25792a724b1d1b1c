package shadow

import (
	"embed"
	"slices"
	"sync"

	"tekentafel/internal/i18n"
	"tekentafel/internal/shadow/logs"
	"tekentafel/internal/shadow/tally"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Texts returns the sentences of this package: "floor", "blind.<key>" for the keys of Blind, "format.<format>", "basis.<basis>", "reason.<reason>" of a line that was not
// understood, and "standing.<standing>".
func Texts() *i18n.Bundle { return locale() }

// always is what no log shows.
var always = []string{"prompt", "mobile", "encrypted", "inside", "local", "unlisted", "opened"}

// Blind returns the keys of what an outcome cannot see, the most general first: what no log shows, then what its formats lack, then what its way of counting misses. Each
// is to stand beside the numbers.
func Blind(o Outcome) []string {
	keys := slices.Clone(always)
	add := func(key string) {
		if !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	for _, l := range o.Logs {
		switch l.Format {
		case logs.Dnsmasq:
			add("dns")
			add("traffic")
		case logs.PANOS:
			add("applications")
			add("traffic")
		case logs.Squid, logs.SquidCombined:
			add("sent")
		case logs.Defender:
			add("given")
		default:
		}
		if l.Bad > 0 {
			add("bad")
		}
	}
	for _, w := range o.Result.Weeks {
		if w.Basis == tally.Addresses || w.Basis == tally.Both {
			add("addresses")
		}
		if w.Days < 5 {
			add("days")
		}
	}
	if len(o.Result.Before) > 0 {
		add("before")
	}
	return keys
}
