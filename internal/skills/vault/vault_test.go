package vault

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/crockford"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/problem"
	"tekentafel/internal/seal"
	"tekentafel/internal/tenant"

	"pgregory.net/rapid"
)

func box(t testing.TB) *seal.Box {
	t.Helper()
	b, err := seal.Parse(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func place(t testing.TB, b *seal.Box, in tenant.ID, c Code) Place {
	t.Helper()
	p, err := PlaceOf(b, in, c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestACodeIsReadHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := NewCode()
		text := c.Write()
		if rapid.Bool().Draw(t, "small") {
			text = strings.ToLower(text)
		}
		text = strings.ReplaceAll(text, "-", rapid.SampledFrom([]string{"-", " ", "", " - ", "–", ".", "\u00a0", "\r\n"}).Draw(t, "between"))
		text = strings.ReplaceAll(text, "0", rapid.SampledFrom([]string{"0", "o", "O"}).Draw(t, "nought"))
		text = strings.ReplaceAll(text, "1", rapid.SampledFrom([]string{"1", "i", "L", "l"}).Draw(t, "one"))
		got, err := ReadCode(" " + text + " ")
		if err != nil || got != c {
			t.Fatalf("%q is read as another code: %v", text, err)
		}
	})
}

func TestEveryTypingErrorIsNoticed(t *testing.T) {
	t.Parallel()
	for range 40 {
		c := NewCode()
		for i := range len(c) {
			for _, sign := range crockford.Alphabet {
				if wrong := string(c[:i]) + string(sign) + string(c[i+1:]); wrong != string(c) {
					if _, err := ReadCode(wrong); !errors.Is(err, ErrCheck) && !errors.Is(err, ErrLinking) {
						t.Fatalf("one wrong sign at %d: %v", i, err)
					}
				}
			}
			if i > 0 && c[i] != c[i-1] {
				swapped := string(c[:i-1]) + string(c[i]) + string(c[i-1]) + string(c[i+1:])
				if _, err := ReadCode(swapped); !errors.Is(err, ErrCheck) && !errors.Is(err, ErrLinking) {
					t.Fatalf("signs that changed places at %d: %v", i, err)
				}
			}
		}
	}
	for text, want := range map[string]error{"": ErrNone, " - ": ErrNone, "ABCD": ErrLength, strings.Repeat("A", 17): ErrLength, strings.Repeat("A ", 2000): ErrLength, "ABCD-EFGU-1234-5678": ErrSign, "ABCD-EFGH-1234-567é": ErrSign} {
		if _, err := ReadCode(text); !errors.Is(err, want) {
			t.Errorf("%.30q: %v, want %v", text, err, want)
		}
	}
}

func TestTheCodeOfAMeasurementIsRecognisedAndNotTaken(t *testing.T) {
	t.Parallel()
	// A code of a wave is made by its page as ours are, with another sum.
	c := NewCode()
	random := string(c[:signs-1])
	theirs := random + string(crockford.Check(random, linking))
	if _, err := ReadCode(theirs); !errors.Is(err, ErrLinking) {
		t.Fatal(err)
	}
}

func TestACodeDoesNotPrint(t *testing.T) {
	t.Parallel()
	c := NewCode()
	for _, text := range []string{fmt.Sprint(c), fmt.Sprintf("%s %v %+v %#v %q", c, c, c, c, c), fmt.Sprintf("%v", struct{ C Code }{c}), fmt.Errorf("x %v", c).Error()} {
		if strings.Contains(text, string(c)) {
			t.Errorf("%q shows the code", text)
		}
	}
}

func TestWhatIsKeptOpensWithItsCodeAlone(t *testing.T) {
	t.Parallel()
	b := box(t)
	rapid.Check(t, func(t *rapid.T) {
		content := rapid.SliceOfN(rapid.Byte(), 0, 6000).Draw(t, "content")
		mine, err := PlaceOf(b, "a", NewCode())
		if err != nil {
			t.Fatal(err)
		}
		sealed, err := mine.seal(content)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := mine.open(sealed); err != nil || !bytes.Equal(got, content) {
			t.Fatalf("%d bytes came back as %d: %v", len(content), len(got), err)
		}
		other, err := PlaceOf(b, "a", NewCode())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := other.open(sealed); !errors.Is(err, ErrDamaged) {
			t.Fatal("another code opens it:", err)
		}
		swapped := mine
		swapped.name = other.name
		if _, err := swapped.open(sealed); !errors.Is(err, ErrDamaged) {
			t.Fatal("it opens when it lies at another place:", err)
		}
		bad := bytes.Clone(sealed)
		bad[rapid.IntRange(0, len(bad)-1).Draw(t, "at")] ^= 1
		if _, err := mine.open(bad); !errors.Is(err, ErrDamaged) {
			t.Fatal("a changed bit is not noticed:", err)
		}
	})
}

func TestTheLengthTellsNextToNothing(t *testing.T) {
	t.Parallel()
	p := place(t, box(t), "a", NewCode())
	seen := map[int]bool{}
	for _, n := range []int{0, 1, 100, 4000, lengths[0] - overhead - 4, lengths[0] - overhead - 3, 9000, 20000, Most} {
		sealed, err := p.seal(make([]byte, n))
		if err != nil {
			t.Fatal(n, err)
		}
		if got, err := p.open(sealed); err != nil || len(got) != n {
			t.Fatal(n, len(got), err)
		}
		seen[len(sealed)] = true
	}
	if len(seen) != len(lengths) {
		t.Errorf("lengths %v", seen)
	}
	if _, err := p.seal(make([]byte, Most+1)); !errors.Is(err, ErrTooLong) {
		t.Error(err)
	}
}

func TestAPlaceDependsOnTheCodeTheOrganisationAndTheInstallation(t *testing.T) {
	t.Parallel()
	b, other, c := box(t), box(t), NewCode()
	p := place(t, b, "a", c)
	if place(t, b, "a", c) != p {
		t.Error("the same code has two places")
	}
	for name, q := range map[string]Place{"another organisation": place(t, b, "b", c), "another installation": place(t, other, "a", c), "another code": place(t, b, "a", NewCode())} {
		if q.name == p.name || q.key == p.key {
			t.Errorf("%s has the same place", name)
		}
	}
	if bytes.Contains(p.key[:], p.name[:]) {
		t.Error("the name gives the key away")
	}
}

func TestContentIsKeptReplacedAndErased(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b, c, now := box(t), NewCode(), time.Date(2026, 11, 29, 15, 4, 5, 0, time.UTC)
		p, elsewhere := place(t, b, dbtest.Ours, c), place(t, b, dbtest.Ours, NewCode())
		write := func(in tenant.ID, f func(*db.Scope) error) error { return d.Write(t.Context(), in, f) }
		put := func(version int64, text string) error {
			return write(dbtest.Ours, func(s *db.Scope) error { return Put(t.Context(), s, p, version, []byte(text), now) })
		}
		if _, _, err := Get(t.Context(), d.Of(dbtest.Ours), p); !errors.Is(err, ErrAbsent) {
			t.Fatal(err)
		}
		if err := put(0, "first"); err != nil {
			t.Fatal(err)
		}
		if err := put(0, "again"); !errors.Is(err, ErrChanged) {
			t.Error("what is there was overwritten as if it were new:", err)
		}
		if err := put(1, "second"); err != nil {
			t.Fatal(err)
		}
		if err := put(1, "late"); !errors.Is(err, ErrChanged) {
			t.Error("a change that somebody made meanwhile was lost:", err)
		}
		got, version, err := Get(t.Context(), d.Of(dbtest.Ours), p)
		if err != nil || string(got) != "second" || version != 2 {
			t.Fatalf("%q %d %v", got, version, err)
		}
		for _, where := range []struct {
			in tenant.ID
			p  Place
		}{{dbtest.Theirs, p}, {dbtest.Ours, elsewhere}} {
			if _, _, err := Get(t.Context(), d.Of(where.in), where.p); !errors.Is(err, ErrAbsent) {
				t.Error("another organisation or code finds it:", err)
			}
			if err := write(where.in, func(s *db.Scope) error { return Erase(t.Context(), s, where.p) }); !errors.Is(err, ErrAbsent) {
				t.Error("another organisation or code erases it:", err)
			}
		}
		if err := write(dbtest.Ours, func(s *db.Scope) error { return Erase(t.Context(), s, p) }); err != nil {
			t.Fatal(err)
		}
		if _, _, err := Get(t.Context(), d.Of(dbtest.Ours), p); !errors.Is(err, ErrAbsent) {
			t.Error("it is still there:", err)
		}
	})
}

func TestTheStoreSaysNeitherWhoseNorWhenNorWhat(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b, c := box(t), NewCode()
		p := place(t, b, dbtest.Ours, c)
		first, last := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 30, 23, 59, 59, 0, time.UTC)
		secret := "level 2 of critical, " + strings.Repeat("x", 40)
		rows := map[string]bool{}
		for _, at := range []time.Time{first, last, time.Date(2026, 11, 12, 9, 30, 0, 0, time.FixedZone("", 3600))} {
			q := place(t, b, dbtest.Ours, NewCode())
			if at.Equal(first) {
				q = p
			}
			if err := d.Write(t.Context(), dbtest.Ours, func(s *db.Scope) error { return Put(t.Context(), s, q, 0, []byte(secret), at) }); err != nil {
				t.Fatal(err)
			}
		}
		err := d.Of(dbtest.Ours).Rows(t.Context(), `SELECT name, sealed, version, used_at FROM skill_vaults WHERE tenant_id = $1`, func(scan func(...any) error) error {
			var name string
			var sealed []byte
			var version, used int64
			if err := scan(&name, &sealed, &version, &used); err != nil {
				return err
			}
			if bytes.Contains(sealed, []byte("critical")) || strings.Contains(name, string(c)) || name == hex.EncodeToString([]byte(c)) {
				t.Error("the row gives it away")
			}
			rows[fmt.Sprint(len(name), len(sealed), version, used)] = true
			return nil
		})
		if err != nil || len(rows) != 1 {
			t.Errorf("rows of one month and much the same content differ: %v %v", rows, err)
		}
	})
}

func TestWhatIsOpenedStaysAndWhatIsForgottenGoes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b, now := box(t), time.Date(2026, 11, 29, 15, 0, 0, 0, time.UTC)
		opened, forgotten := place(t, b, dbtest.Ours, NewCode()), place(t, b, dbtest.Ours, NewCode())
		must := func(f func(*db.Scope) error) {
			t.Helper()
			if err := d.Write(t.Context(), dbtest.Ours, f); err != nil {
				t.Fatal(err)
			}
		}
		for _, p := range []Place{opened, forgotten} {
			must(func(s *db.Scope) error { return Put(t.Context(), s, p, 0, []byte("x"), now.AddDate(-3, 0, 0)) })
		}
		must(func(s *db.Scope) error { return Used(t.Context(), s, opened, now) })
		must(func(s *db.Scope) error { return Used(t.Context(), s, opened, now.AddDate(-1, 0, 0)) }) // never back
		kept := Kept(problem.Message{}, problem.Message{})
		before := now.AddDate(0, 0, -kept.Default)
		if n, _, err := kept.Count(t.Context(), d.Of(dbtest.Ours), before); err != nil || n != 1 {
			t.Fatal(n, err)
		}
		must(func(s *db.Scope) error { _, err := kept.Delete(t.Context(), s, before, 10); return err })
		if _, _, err := Get(t.Context(), d.Of(dbtest.Ours), opened); err != nil {
			t.Error("what was opened this month is gone:", err)
		}
		if _, _, err := Get(t.Context(), d.Of(dbtest.Ours), forgotten); !errors.Is(err, ErrAbsent) {
			t.Error("what nobody opened for three years is there:", err)
		}
	})
}

func FuzzReadCode(f *testing.F) {
	f.Add(NewCode().Write())
	f.Add("oil0-OIL1")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ReadCode(s)
		if err != nil {
			return
		}
		if again, err := ReadCode(c.Write()); err != nil || again != c || len(c) != signs {
			t.Fatalf("%q reads as %d signs, which read as another: %v", s, len(c), err)
		}
	})
}
