package tally

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tekentafel/internal/shadow/logs"
	"tekentafel/internal/shadow/services"
)

func matcher(t testing.TB) *services.Matcher {
	t.Helper()
	l, err := services.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	return services.NewMatcher(l)
}

// seeded is randomness that can be had again.
type seeded struct{ *rand.Rand }

func (s seeded) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(s.IntN(256))
	}
	return len(p), nil
}

func random(seed uint64) io.Reader { return seeded{rand.New(rand.NewPCG(seed, 1))} }

// prefix: "a12" is of department a.
type prefix map[string]int

func (prefix) Unit(user string, _ netip.Addr) string {
	if user == "" || user[0] == 'x' {
		return ""
	}
	return user[:1]
}

func (p prefix) Size(unit string) int { return p[unit] }

var start = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) // a Monday

func visit(user, host string, at time.Time) *logs.Record {
	return &logs.Record{Time: at.Unix(), User: []byte(user), Host: []byte(host), Received: 100}
}

func begin(t testing.TB, o Options) *Tally {
	t.Helper()
	o.Matcher = matcher(t)
	tally, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return tally
}

// people adds n users of a department who visit a host.
func people(t testing.TB, tally *Tally, unit string, n int, host string, at time.Time) {
	t.Helper()
	for i := range n {
		if err := tally.Add(visit(fmt.Sprintf("%s%d", unit, i), host, at)); err != nil {
			t.Fatal(err)
		}
	}
}

func closed(t testing.TB, tally *Tally) Result {
	t.Helper()
	r, err := tally.Close(nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestGroupsBelowKAreFoldedAndNothingIsLeftToSubtract(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		units map[string]int
		shown string
		rest  bool
		total bool
	}{
		"too few in all":                     {map[string]int{"a": 5, "b": 4}, "", false, false},
		"only small departments":             {map[string]int{"a": 6, "b": 6}, "", true, true},
		"all large":                          {map[string]int{"a": 20, "b": 30}, "ba", false, true},
		"one person beside large ones":       {map[string]int{"a": 20, "b": 30, "c": 1}, "b", true, true},
		"the smallest joins, and it is all":  {map[string]int{"a": 20, "c": 1}, "", true, true},
		"a rest that is large enough":        {map[string]int{"a": 20, "b": 30, "c": 6, "d": 6}, "ba", true, true},
		"people of no department":            {map[string]int{"a": 20, "b": 30, "x": 3}, "b", true, true},
		"nearly all of a department":         {map[string]int{"a": 20, "b": 30, "n": 12}, "b", true, true},
		"nearly all of the only department":  {map[string]int{"n": 12}, "", true, true},
		"not nearly all of it, the contrary": {map[string]int{"m": 12, "b": 30}, "bm", false, true},
	} {
		tally := begin(t, Options{Units: prefix{"n": 13, "m": 20}, Random: random(1)})
		for unit, n := range c.units {
			people(t, tally, unit, n, "chatgpt.com", start)
		}
		r := closed(t, tally)
		var use Use
		if len(r.Weeks[0].Used) > 0 {
			use = r.Weeks[0].Used[0]
		}
		shown := ""
		for _, u := range use.Units {
			shown += u.Unit
		}
		if shown != c.shown || use.Rest.Shown() != c.rest || use.Total.Shown() != c.total || r.Weeks[0].Any.Total.Shown() != c.total {
			t.Errorf("%s: %+v", name, r.Weeks[0])
		}
	}
}

// Whatever the logs hold: each number that is shown is of at least k people and true within its range, and what is shown adds up to the total, so that there is no remainder.
func TestEveryShownNumberIsOfAtLeastKPeopleAndLeavesNoRemainder(t *testing.T) {
	t.Parallel()
	m := matcher(t)
	hosts := []string{"chatgpt.com", "claude.ai", "www.canva.com", "otter.ai", "example.org"}
	rapid.Check(t, func(rt *rapid.T) {
		k := rapid.IntRange(5, 12).Draw(rt, "k")
		sizes := prefix{"a": 10, "b": 40, "c": 14}
		tally, err := New(Options{Matcher: m, Units: sizes, K: k, Random: random(rapid.Uint64().Draw(rt, "seed"))})
		if err != nil {
			rt.Fatal(err)
		}
		type place struct{ week, service, unit string }
		truth := map[place]map[string]bool{}
		put := func(week, service, unit, user string) {
			p := place{week, service, unit}
			if truth[p] == nil {
				truth[p] = map[string]bool{}
			}
			truth[p][user] = true
		}
		for range rapid.IntRange(0, 250).Draw(rt, "lines") {
			unit := rapid.SampledFrom([]string{"a", "b", "b", "b", "c", "x"}).Draw(rt, "unit")
			user := unit + fmt.Sprint(rapid.IntRange(0, 25).Draw(rt, "who"))
			host := rapid.SampledFrom(hosts).Draw(rt, "host")
			at := start.AddDate(0, 0, rapid.SampledFrom([]int{0, 3, 6, 7, 9}).Draw(rt, "day"))
			if err := tally.Add(visit(user, host, at)); err != nil {
				rt.Fatal(err)
			}
			y, w := at.ISOWeek()
			week := fmt.Sprintf("%04d-W%02d", y, w)
			if i := m.Host([]byte(host)); i != services.None {
				s := m.List().Services[i]
				put(week, s.ID, sizes.Unit(user, netip.Addr{}), user)
				if !s.Mixed {
					put(week, "", sizes.Unit(user, netip.Addr{}), user)
				}
			}
		}
		r, err := tally.Close(nil)
		if err != nil {
			rt.Fatal(err)
		}
		holds := func(c Count, n int) {
			if n < k || n < c.Low || n > c.High || c.Low < k || c.About%step != 0 {
				rt.Fatalf("%+v is shown for %d people, k is %d", c, n, k)
			}
		}
		for _, w := range r.Weeks {
			for _, use := range append([]Use{w.Any}, w.Used...) {
				total, rest := 0, 0
				for _, unit := range []string{"a", "b", "c", ""} {
					n := len(truth[place{w.Week, use.Service, unit}])
					total += n
					rest += n
				}
				if !use.Total.Shown() {
					if len(use.Units) > 0 || use.Rest.Shown() {
						rt.Fatalf("parts of what is not shown: %+v", use)
					}
					continue
				}
				holds(use.Total, total)
				for _, u := range use.Units {
					n := len(truth[place{w.Week, use.Service, u.Unit}])
					holds(u.Count, n)
					if n*10 > sizes[u.Unit]*9 {
						rt.Fatalf("nearly all of %s are shown", u.Unit)
					}
					rest -= n
				}
				if use.Rest.Shown() {
					holds(use.Rest, rest)
				} else if rest != 0 {
					rt.Fatalf("%d people are left when what is shown is taken off: %+v", rest, use)
				}
			}
		}
	})
}

func TestRoundingHasNoBiasAndHidesOnePerson(t *testing.T) {
	t.Parallel()
	const runs = 20_000
	tally := begin(t, Options{Random: random(7)})
	for n := 10; n < 20; n++ {
		sum, seen := 0, map[int]int{}
		for range runs {
			c, err := tally.round(n)
			if err != nil {
				t.Fatal(err)
			}
			sum += c.About
			seen[c.About]++
		}
		if mean := float64(sum) / runs; mean < float64(n)-.1 || mean > float64(n)+.1 {
			t.Errorf("%d is %.2f on average", n, mean)
		}
		// A person more changes how often each multiple comes by a fifth, and never what can come but at the multiples themselves.
		if want := float64(n%step) / step; n%step > 0 {
			if up := float64(seen[n-n%step+step]) / runs; up < want-.02 || up > want+.02 {
				t.Errorf("%d goes up %.3f of the time, want %.1f", n, up, want)
			}
		}
	}
}

func TestAPersonCountsOnceWhateverTheSpellingOfTheName(t *testing.T) {
	t.Parallel()
	tally := begin(t, Options{K: 5, Random: random(1)})
	for i := range 4 {
		for _, form := range []string{"jan%d", `gent\jan%d`, "jan%d@gent.example", "jan%d"} {
			if err := tally.Add(visit(fmt.Sprintf(form, i), "chatgpt.com", start.AddDate(0, 0, i))); err != nil {
				t.Fatal(err)
			}
		}
	}
	if r := closed(t, tally); len(r.Weeks[0].Used) != 0 {
		t.Errorf("four people are shown: %+v", r.Weeks[0].Used)
	}
}

func TestAddressesCountHalfOfTheMostOnOneDay(t *testing.T) {
	t.Parallel()
	add := func(tally *Tally, day, n int) {
		for i := range n {
			a := netip.AddrFrom4([4]byte{10, byte(day), 0, byte(i)})
			_ = tally.Add(&logs.Record{Time: start.AddDate(0, 0, day).Unix(), Addr: a, Host: []byte("claude.ai")})
		}
	}
	one := begin(t, Options{Random: random(1)}) // 19 each day, other addresses on each: could be 10 people with two devices
	for day := range 5 {
		add(one, day, 19)
	}
	if r := closed(t, one); len(r.Weeks[0].Used) != 0 || r.Weeks[0].Basis != Addresses {
		t.Errorf("%+v", r.Weeks[0])
	}
	two := begin(t, Options{Random: random(1)})
	add(two, 0, 40)
	add(two, 1, 3)
	if r := closed(t, two); len(r.Weeks[0].Used) != 1 || r.Weeks[0].Used[0].Total.About != 20 || r.Weeks[0].Days != 2 {
		t.Errorf("%+v", r.Weeks[0])
	}
	six := begin(t, Options{Random: random(1)}) // one device with many addresses of IPv6
	for i := range 200 {
		_ = six.Add(&logs.Record{Time: start.Unix(), Addr: netip.MustParseAddr(fmt.Sprintf("2001:db8::%x", i+1)), Host: []byte("claude.ai")})
	}
	if r := closed(t, six); len(r.Weeks[0].Used) != 0 {
		t.Errorf("one network of IPv6 is many people: %+v", r.Weeks[0])
	}
}

func TestWeeksThatAnEarlierReadingHasShownAreLeftOut(t *testing.T) {
	t.Parallel()
	tally := begin(t, Options{Random: random(1)})
	people(t, tally, "a", 20, "chatgpt.com", start)
	people(t, tally, "a", 21, "chatgpt.com", start.AddDate(0, 0, 7))
	r, err := tally.Close(func(week string) bool { return week == "2026-W48" })
	if err != nil || len(r.Weeks) != 1 || r.Weeks[0].Week != "2026-W49" || len(r.Before) != 1 || r.Before[0] != "2026-W48" {
		t.Fatalf("%+v %v", r, err)
	}
	if text := fmt.Sprintf("%+v", r.Weeks); strings.Contains(text, "W48") {
		t.Errorf("something of the week is said: %s", text)
	}
}

func TestNothingOfAPersonOutlivesTheReading(t *testing.T) {
	t.Parallel()
	tally := begin(t, Options{Random: random(1)})
	people(t, tally, "janpeeters", 20, "chatgpt.com", start)
	_ = tally.Add(&logs.Record{Time: start.Unix(), Addr: netip.MustParseAddr("10.9.8.7"), Host: []byte("claude.ai")})
	text, err := json.Marshal(closed(t, tally))
	if err != nil || bytes.Contains(text, []byte("peeters")) || bytes.Contains(text, []byte("10.9.8")) {
		t.Errorf("%s %v", text, err)
	}
	if tally.mac != nil || tally.persons != nil || tally.pairs != nil || tally.people != nil || tally.cells != nil {
		t.Error("the key or what was counted is still there")
	}
	if err := tally.Add(visit("a", "chatgpt.com", start)); !errors.Is(err, ErrClosed) {
		t.Errorf("a closed reading counts on: %v", err)
	}
	if _, err := tally.Close(nil); !errors.Is(err, ErrClosed) {
		t.Errorf("a closed reading closes again: %v", err)
	}
	// Two readings of the same person have other hashes.
	ids := map[[16]byte]int{}
	for range 2 {
		tally, err := New(Options{Matcher: matcher(t)})
		if err != nil {
			t.Fatal(err)
		}
		people(t, tally, "a", 1, "chatgpt.com", start)
		for id := range tally.persons {
			ids[id]++
		}
	}
	if len(ids) != 2 {
		t.Error("the hash of a person is the same in two readings")
	}
}

func TestTheOrderOfLinesDoesNotMatter(t *testing.T) {
	t.Parallel()
	var list []*logs.Record
	for i := range 300 {
		list = append(list, visit(fmt.Sprintf("%c%d", 'a'+i%3, i%60), []string{"chatgpt.com", "claude.ai", "otter.ai"}[i%7%3], start.AddDate(0, 0, i%10)))
	}
	var first Result
	for run := range 5 {
		tally := begin(t, Options{Units: prefix{}, K: 5, Random: random(3)})
		for _, r := range list {
			_ = tally.Add(r)
		}
		r := closed(t, tally)
		if run == 0 {
			first = r
		} else if diff := cmp.Diff(first, r); diff != "" {
			t.Fatal(diff)
		}
		rand.New(rand.NewPCG(uint64(run), 2)).Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	}
}

func TestTrafficOfWhichOnePersonHasMostIsNotShown(t *testing.T) {
	t.Parallel()
	for heavy, want := range map[int64]int{50_000: 6, 10_000_000: 0} {
		tally := begin(t, Options{Random: random(1)})
		for i := range 20 {
			r := visit(fmt.Sprintf("a%d", i), "chatgpt.com", start)
			if r.Received = 100_000; i == 0 {
				r.Received = heavy
			}
			r.Blocked = i > 8
			_ = tally.Add(r)
		}
		use := closed(t, tally).Weeks[0].Used[0]
		if use.Traffic != want || !use.Refused {
			t.Errorf("with %d bytes of one person: %+v", heavy, use)
		}
	}
}

func TestSmallServicesAreFoldedIntoOneNumber(t *testing.T) {
	t.Parallel()
	tally := begin(t, Options{Random: random(1)})
	people(t, tally, "a", 6, "otter.ai", start)
	people(t, tally, "b", 6, "gamma.app", start)
	w := closed(t, tally).Weeks[0]
	if len(w.Used) != 0 || !w.Other.Shown() || w.Other.Low < 10 || !w.Any.Total.Shown() {
		t.Errorf("%+v", w)
	}
}

func TestPeopleOfSeveralSmallServicesCountOnceAndOnlyFromKOn(t *testing.T) {
	t.Parallel()
	tally := begin(t, Options{Random: random(1)})
	people(t, tally, "a", 6, "otter.ai", start)
	people(t, tally, "a", 6, "gamma.app", start)
	if w := closed(t, tally).Weeks[0]; w.Other.Shown() || w.Any.Total.Shown() {
		t.Errorf("six people are shown: %+v", w)
	}
}

// Two roundings of the same people would narrow their number down.
func TestTheSamePeopleAreRoundedOnce(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		tally := begin(t, Options{Units: prefix{}, Random: random(seed)})
		people(t, tally, "a", 12, "chatgpt.com", start)
		people(t, tally, "x", 13, "claude.ai", start)
		for _, u := range closed(t, tally).Weeks[0].Used {
			if len(u.Units) == 1 && u.Units[0].Count != u.Total || len(u.Units) == 0 && u.Rest != u.Total {
				t.Fatalf("%+v", u)
			}
		}
	}
}

func TestCountsOfAnotherProductAreShownFromKOn(t *testing.T) {
	t.Parallel()
	tally := begin(t, Options{Random: random(1)})
	for app, n := range map[string]int64{"ChatGPT": 35, "Claude": 9} {
		_ = tally.Add(&logs.Record{Time: start.Unix(), App: []byte(app), People: n})
	}
	w := closed(t, tally).Weeks[0]
	if w.Basis != Given || len(w.Used) != 1 || w.Used[0].Service != "chatgpt" || w.Used[0].Total.About != 35 {
		t.Errorf("%+v", w)
	}
}

func TestAReadingThatIsTooLargeStops(t *testing.T) {
	t.Parallel()
	tally := begin(t, Options{})
	var err error
	for i := 0; i <= mostWeeks && err == nil; i++ {
		err = tally.Add(visit("a", "example.org", start.AddDate(0, 0, 7*i)))
	}
	if !errors.Is(err, ErrTooMany) {
		t.Errorf("%d weeks: %v", mostWeeks+1, err)
	}
}

func TestDaysBeginInTheZoneAndWeeksOnMonday(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		t.Fatal("no time zones on this machine: ", err)
	}
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(800_000_000, 6_000_000_000).Draw(t, "at"), 0).In(zone)
		var c dayCache
		day := c.day(at.Unix(), zone)
		if got := time.Unix(int64(day)*86400, 0).UTC().Format(time.DateOnly); got != at.Format(time.DateOnly) {
			t.Fatalf("%s is on %s", at, got)
		}
		y, w := at.ISOWeek()
		if got := weekName(monday(day)); got != fmt.Sprintf("%04d-W%02d", y, w) || time.Unix(int64(monday(day))*86400, 0).UTC().Weekday() != time.Monday {
			t.Fatalf("%s is in %s", at, got)
		}
	})
}

func TestMappingFindsTheSmallestRangeAndUsersFirst(t *testing.T) {
	t.Parallel()
	m, err := ParseMapping(strings.NewReader("\ufeffwie;dienst\n10.0.0.0/8;Stad\n10.1.0.0/16;Welzijn\n10.1.2.10-10.1.2.20;\"Loket\"\n192.168.1.1,IT, infra\nGENT\\Jan;HR\nan@gent.example;HR\n2001:db8::/32;Zes\nnonsense\n\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ user, addr, want string }{
		{"", "10.200.0.1", "Stad"}, {"", "10.1.9.9", "Welzijn"}, {"", "10.1.2.15", "Loket"}, {"", "10.1.2.21", "Welzijn"}, {"", "10.1.2.9", "Welzijn"}, {"", "11.0.0.0", ""}, {"", "9.255.255.255", ""},
		{"jan", "10.1.2.15", "HR"}, {`other\jan@x`, "", "HR"}, {"an", "", "HR"}, {"piet", "10.1.2.15", "Loket"}, {"piet", "", ""}, {"", "2001:db8::1", "Zes"}, {"", "192.168.1.1", "IT, infra"}, {"", "", ""},
	} {
		var a netip.Addr
		if c.addr != "" {
			a = netip.MustParseAddr(c.addr)
		}
		if got := m.Unit(c.user, a); got != c.want {
			t.Errorf("%q at %q is of %q, want %q", c.user, c.addr, got, c.want)
		}
	}
	if m.Bad != 1 || m.Size("HR") != 2 || m.Size("Stad") != 0 {
		t.Errorf("%d bad, HR %d", m.Bad, m.Size("HR"))
	}
	for _, bad := range []string{"", "a\nb\nc\n", ";\n"} {
		if _, err := ParseMapping(strings.NewReader(bad)); !errors.Is(err, ErrMapping) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// The range that is found is the one that a look at all of them finds.
func TestMappingAgreesWithALookAtEachRange(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var text strings.Builder
		type r struct{ from, to int }
		var list []r
		for i := range rapid.IntRange(1, 12).Draw(t, "ranges") {
			from := rapid.IntRange(0, 200).Draw(t, "from")
			list = append(list, r{from, rapid.IntRange(from, 255).Draw(t, "to")})
			fmt.Fprintf(&text, "10.0.0.%d-10.0.0.%d,%02d\n", list[i].from, list[i].to, i)
		}
		m, err := ParseMapping(strings.NewReader(text.String()))
		if err != nil {
			t.Fatal(err)
		}
		a := rapid.IntRange(0, 255).Draw(t, "address")
		want := -1
		for i, x := range list {
			if x.from <= a && a <= x.to && (want < 0 || x.from > list[want].from || x.from == list[want].from && (x.to < list[want].to || x.to == list[want].to)) {
				want = i
			}
		}
		got := m.Unit("", netip.AddrFrom4([4]byte{10, 0, 0, byte(a)}))
		if want < 0 && got != "" || want >= 0 && got != fmt.Sprintf("%02d", want) {
			t.Fatalf("%d in\n%sis of %q, want %d", a, text.String(), got, want)
		}
	})
}

func FuzzMapping(f *testing.F) {
	f.Add("10.0.0.0/8;Stad\njan,HR\n", "jan", []byte{10, 0, 0, 1})
	f.Add("::/0;x\n10.0.0.9-::1,y\n1.2.3.4-1.2.3.3,z\n", "", []byte{1, 2, 3, 4})
	f.Fuzz(func(t *testing.T, text, user string, addr []byte) {
		m, err := ParseMapping(strings.NewReader(text))
		if err != nil {
			return
		}
		a, _ := netip.AddrFromSlice(addr)
		if unit := m.Unit(user, a); unit != "" && !strings.Contains(text, unit) {
			t.Fatalf("%q is no department of %q", unit, text)
		}
	})
}
