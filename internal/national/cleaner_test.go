package national

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tekentafel/internal/national/nationaltest"
)

type cells []string

func (c cells) Len() int               { return len(c) }
func (c cells) Cell(i int) string      { return c[i] }
func (c cells) Set(i int, cell string) { c[i] = cell }

// others are columns that hold digits and no numbers of people.
func others(r *rand.Rand) map[string]func(i int) string {
	return map[string]func(i int) string{
		"mobile": func(int) string {
			return fmt.Sprintf("04%02d/%02d.%02d.%02d", 60+r.IntN(40), r.IntN(100), r.IntN(100), r.IntN(100))
		},
		"mobile number": func(int) string { return fmt.Sprintf("4%08d", r.IntN(1e8)) },
		"phone abroad":  func(int) string { return fmt.Sprintf("324%08d", r.IntN(1e8)) },
		"phone plus":    func(int) string { return fmt.Sprintf("+324%08d", r.IntN(1e8)) },
		"iban": func(int) string {
			return fmt.Sprintf("BE%02d %04d %04d %04d", r.IntN(97), r.IntN(1e4), r.IntN(1e4), r.IntN(1e4))
		},
		"account":     func(int) string { n := r.Int64N(1e10); return fmt.Sprintf("%010d%02d", n, 1+(n-1)%97) },
		"staff 6":     func(i int) string { return fmt.Sprintf("%06d", 100000+i) },
		"staff 8":     func(i int) string { return fmt.Sprintf("%d", 10000000+i*7) },
		"staff 9":     func(i int) string { return fmt.Sprintf("%d", 200000000+i) },
		"staff 10":    func(i int) string { return fmt.Sprintf("%d", 1500000000+i*13) },
		"staff 11":    func(i int) string { return fmt.Sprintf("%d", 85073000000+i*3) },
		"article":     func(int) string { return fmt.Sprintf("54%011d", r.Int64N(1e11)) },
		"day":         func(int) string { return fmt.Sprintf("%d", 19500101+r.IntN(60)*10000+r.IntN(12)*100+r.IntN(28)) },
		"day written": func(int) string { return fmt.Sprintf("%02d/%02d/%d", 1+r.IntN(28), 1+r.IntN(12), 1950+r.IntN(60)) },
		"postcode":    func(int) string { return fmt.Sprintf("%d", 1000+r.IntN(8999)) },
		"enterprise": func(int) string { // KBO: the same check digits
			n := 10000000 + r.IntN(1700000)
			return fmt.Sprintf("%08d%02d", n, 97-n%97)
		},
		"enterprise old": func(int) string {
			n := 2000000 + r.IntN(6000000)
			return fmt.Sprintf("%07d%02d", n, 97-n%97)
		},
		"moment": func(int) string {
			return fmt.Sprintf("%02d%02d%02d%02d%02d1", r.IntN(26), 1+r.IntN(12), 1+r.IntN(28), r.IntN(24), r.IntN(60))
		},
	}
}

func TestOtherNumbersAreNotJudgedNational(t *testing.T) {
	t.Parallel()
	for seed := range uint64(5) {
		for name, cell := range others(rand.New(rand.NewPCG(seed, 2))) {
			for _, n := range []int{40, 3000} {
				column := make(cells, n)
				for i := range column {
					column[i] = cell(i)
				}
				before := strings.Join(column, "|")
				c := Cleaner{Policy: Hash, Key: key}
				if r := c.Clean("Nummer", column); r.Any() || strings.Join(column, "|") != before {
					t.Errorf("%s, %d cells, seed %d: %+v", name, n, seed, r)
				}
			}
		}
	}
}

func TestAColumnOfNumbersIsCleanedWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := random(t)
		n := rapid.IntRange(8, 60).Draw(t, "cells")
		of := rapid.SampledFrom([]string{"be", "nl"}).Draw(t, "country")
		column, raw := make(cells, n), make([]string, n)
		for i := range column {
			switch {
			case of == "nl":
				raw[i] = nationaltest.BSN(r)
				column[i] = raw[i]
			case rapid.IntRange(0, 9).Draw(t, "bis") == 0:
				raw[i] = nationaltest.BIS(r)
				column[i] = rapid.SampledFrom(nationaltest.Spellings(raw[i])).Draw(t, "spelling")
			default:
				raw[i] = nationaltest.Belgian(r)
				column[i] = rapid.SampledFrom(nationaltest.Spellings(raw[i])).Draw(t, "spelling")
				if i > 0 && i%5 == 0 {
					column[i] = strings.TrimLeft(raw[i], "0")
				}
			}
		}
		c := Cleaner{Policy: Hash, Key: key}
		report := c.Clean("Sleutel", column)
		if report.Verdict.Level != Whole || report.Hashed.Count != n || report.Verdict.Dutch != (of == "nl") {
			t.Fatalf("%+v", report)
		}
		for i, cell := range column {
			m, _ := Recognise(raw[i])
			if cell != m.Number.Hash(key) {
				t.Fatalf("cell %d became %q", i, cell)
			}
		}
	})
}

func TestPoliciesDoWhatTheySay(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	n := nationaltest.Belgian(r)
	wrong := nationaltest.Belgian(r)
	wrong = wrong[:10] + string('0'+(wrong[10]-'0'+1)%10)
	for _, c := range []struct {
		name, heading string
		cells         []string
		want          []string // "#" is a hash
		level         Level
		refused       bool
	}{
		{"a column by its heading", "Rijksregisternr.", []string{n, wrong, "", "onbekend", n[:10], "8,50730E+10"}, []string{"#", "", "", "onbekend", "", ""}, Whole, true},
		{"a French heading", "N° registre national", []string{n, n}, []string{"#", "#"}, Whole, true},
		{"one number among names", "Naam", []string{"Jan", n, "An", "Els", "Bo"}, []string{"Jan", "", "An", "Els", "Bo"}, Some, true},
		{"a number in a remark", "Opmerking", []string{"", "rr " + n + " nakijken", "ok"}, []string{"", "rr … nakijken", "ok"}, Some, true},
		{"the key of those without another", "Stamnr", []string{"1001", "1002", "1003", "1004", n, n, n}, []string{"1001", "1002", "1003", "1004", "#", "#", "#"}, Some, true},
		{"a column that was hashed before", "Rijksregisternummer", []string{"rn:abcdefghijklmnopqrstuvwxyz", "rn:abcdefghijklmnopqrstuvwxyz"}, []string{"rn:abcdefghijklmnopqrstuvwxyz", "rn:abcdefghijklmnopqrstuvwxyz"}, None, false},
		{"nothing", "Naam", []string{"Jan", "An"}, []string{"Jan", "An"}, None, false},
	} {
		for _, p := range []Policy{Hash, Keep, Refuse, "", "other"} {
			column := append(cells(nil), c.cells...)
			cleaner := &Cleaner{Policy: p, Key: key}
			report := cleaner.Clean(c.heading, column)
			if report.Verdict.Level != c.level {
				t.Errorf("%s, %s: level %q, want %q", c.name, p, report.Verdict.Level, c.level)
			}
			for i, cell := range column {
				want := c.want[i]
				if p != Hash {
					want = c.cells[i]
				}
				if want == "#" && !IsHash(cell) || want != "#" && cell != want {
					t.Errorf("%s, %s: cell %d became %q, want %q", c.name, p, i, cell, want)
				}
			}
			if refused := cleaner.Refused(report); refused != (c.refused && p != Hash && p != Keep) {
				t.Errorf("%s, %s: refused is %v", c.name, p, refused)
			}
			if s := fmt.Sprintf("%+v", report); strings.Contains(s, n) || strings.Contains(s, wrong) {
				t.Errorf("%s: the report holds a number", c.name)
			}
		}
	}
	if c := (*Cleaner)(nil); !c.Refused(c.Clean("x", cells{n})) || !(&Cleaner{Policy: Hash}).Refused(c.Clean("x", cells{n})) {
		t.Error("without a cleaner, or without a key, a number must be refused")
	}
}

func TestNoNumberIsLeftBehind(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := random(t)
		noise := others(r)
		names := []string{"staff 6", "staff 8", "day written", "postcode", "iban"}
		var column cells
		secrets := []string{}
		for i := range rapid.IntRange(1, 40).Draw(t, "cells") {
			switch rapid.IntRange(0, 3).Draw(t, "sort") {
			case 0:
				n := nationaltest.Belgian(r)
				secrets = append(secrets, n)
				s := nationaltest.Spellings(n)
				column = append(column, s[rapid.IntRange(1, len(s)-1).Draw(t, "spelling")])
			case 1:
				n := nationaltest.Belgian(r)
				secrets = append(secrets, n)
				column = append(column, "zie "+n[:6]+"-"+n[6:9]+"."+n[9:]+".")
			default:
				column = append(column, noise[rapid.SampledFrom(names).Draw(t, "noise")](i))
			}
		}
		c := Cleaner{Policy: Hash, Key: key}
		c.Clean("Gegeven", column)
		for _, cell := range column {
			digits := strings.Map(func(r rune) rune {
				if r >= '0' && r <= '9' {
					return r
				}
				return -1
			}, cell)
			for _, s := range secrets {
				if strings.Contains(digits, s) && !IsHash(cell) {
					t.Fatal("a number was left in the column")
				}
			}
		}
	})
}

func BenchmarkClean(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	column := make(cells, 100_000)
	for i := range column {
		column[i] = nationaltest.Spellings(nationaltest.Belgian(r))[i%2]
	}
	c := Cleaner{Policy: Hash, Key: key}
	for b.Loop() {
		c.Clean("x", append(cells(nil), column...))
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(column)), "ns/cell")
}
