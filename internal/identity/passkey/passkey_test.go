package passkey_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tekentafel/internal/identity/passkey"
	"tekentafel/internal/identity/passkey/passkeytest"
)

const origin = "https://tekentafel.example:8443"

func site(t *testing.T) *passkey.Site {
	t.Helper()
	s, err := passkey.NewSite(origin, "Tekentafel")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// made makes a passkey of a person who has none.
func made(t *testing.T, s *passkey.Site, d *passkeytest.Device) passkey.Person {
	t.Helper()
	p := passkey.Person{Handle: passkey.NewHandle(), Name: "An"}
	options, pending, err := s.Create(p)
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Created(p, kept(t, pending), d.Create(t, options))
	if err != nil {
		t.Fatal(err)
	}
	p.Keys = []passkey.Record{kept(t, r)}
	return p
}

// kept is a value after it was stored and read again.
func kept[T any](t *testing.T, v T) T {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var out T
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAPasskeySignsInWithoutANameAndCountsOn(t *testing.T) {
	t.Parallel()
	s, d := site(t), passkeytest.New(t, origin)
	p := made(t, s, d)
	for want := uint32(1); want < 4; want++ {
		options, pending, err := s.Ask(nil)
		if err != nil {
			t.Fatal(err)
		}
		answer := d.Get(t, options)
		id, err := passkey.Claimed(answer)
		if err != nil || id != p.Keys[0].ID() {
			t.Fatalf("%q, %v", id, err)
		}
		r, err := s.Proved(p, kept(t, pending), answer)
		if err != nil || r.Credential.Authenticator.SignCount != want {
			t.Fatalf("%+v, %v", r.Credential.Authenticator, err)
		}
		p.Keys[0] = kept(t, r)
	}
}

func TestOptionsAskForWhatProtectsAndGiveNothingAway(t *testing.T) {
	t.Parallel()
	s, d := site(t), passkeytest.New(t, origin)
	p := made(t, s, d)
	raw, _, err := s.Create(p)
	if err != nil {
		t.Fatal(err)
	}
	var o struct {
		Attestation string `json:"attestation"`
		Selection   struct {
			ResidentKey      string `json:"residentKey"`
			UserVerification string `json:"userVerification"`
		} `json:"authenticatorSelection"`
		Exclude []struct{ ID string } `json:"excludeCredentials"`
		RP      struct{ ID string }   `json:"rp"`
		Timeout int                   `json:"timeout"`
	}
	if err := json.Unmarshal(raw, &o); err != nil {
		t.Fatal(err)
	}
	if o.Selection.ResidentKey != "preferred" || o.Selection.UserVerification != "required" || len(o.Exclude) != 1 || o.Exclude[0].ID != p.Keys[0].ID() ||
		o.RP.ID != "tekentafel.example" || o.Timeout != int(passkey.Lives.Milliseconds()) || o.Attestation != "none" {
		t.Errorf("%s", raw)
	}
	raw, _, err = s.Ask(nil)
	if err != nil || strings.Contains(string(raw), "allowCredentials") || !strings.Contains(string(raw), `"userVerification":"required"`) {
		t.Errorf("%s, %v", raw, err)
	}
	raw, _, err = s.Ask(&p)
	if err != nil || !strings.Contains(string(raw), p.Keys[0].ID()) {
		t.Errorf("%s, %v", raw, err)
	}
	if bytes.Equal(passkey.NewHandle(), passkey.NewHandle()) {
		t.Error("two people have the same handle")
	}
}

func TestAnAnswerThatDoesNotHoldIsRefused(t *testing.T) {
	t.Parallel()
	s := site(t)
	for name, spoil := range map[string]func(*passkeytest.Device){
		"another site":         func(d *passkeytest.Device) { d.Origin = "https://evil.example" },
		"another port":         func(d *passkeytest.Device) { d.Origin = "https://tekentafel.example" },
		"a site below":         func(d *passkeytest.Device) { d.Origin = "https://x.tekentafel.example:8443" },
		"nobody proved":        func(d *passkeytest.Device) { d.Verified = false },
		"the other ceremony":   func(d *passkeytest.Device) { d.Type = "payment.get" },
		"another person's key": func(d *passkeytest.Device) { d.Handle = passkey.NewHandle() },
		"without a handle":     func(d *passkeytest.Device) { d.Handle = nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := passkeytest.New(t, origin)
			p := made(t, s, d)
			options, pending, err := s.Ask(nil)
			if err != nil {
				t.Fatal(err)
			}
			spoil(d)
			if _, err := s.Proved(p, pending, d.Get(t, options)); !errors.Is(err, passkey.ErrAnswer) {
				t.Errorf("using it: %v", err)
			}
			fresh := passkeytest.New(t, origin)
			spoil(fresh)
			options, pending, err = s.Create(p)
			if err != nil {
				t.Fatal(err)
			}
			_, err = s.Created(p, pending, fresh.Create(t, options))
			if onlyOfUse := strings.Contains(name, "handle") || strings.Contains(name, "person"); !onlyOfUse && !errors.Is(err, passkey.ErrAnswer) {
				t.Errorf("making it: %v", err)
			}
		})
	}
}

func TestAChallengeHoldsForItsOwnCeremonyAlone(t *testing.T) {
	t.Parallel()
	s, d := site(t), passkeytest.New(t, origin)
	p := made(t, s, d)
	options, _, err := s.Ask(nil)
	if err != nil {
		t.Fatal(err)
	}
	_, other, err := s.Ask(nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Proved(p, other, d.Get(t, options)); !errors.Is(err, passkey.ErrAnswer) {
		t.Errorf("the challenge of another: %v", err)
	}
	if _, err := s.Proved(p, passkey.Pending{}, d.Get(t, options)); !errors.Is(err, passkey.ErrAnswer) {
		t.Errorf("no challenge at all: %v", err)
	}
}

func TestAStrangersKeyDoesNotConfirmForAKnownPerson(t *testing.T) {
	t.Parallel()
	s, an, bob := site(t), passkeytest.New(t, origin), passkeytest.New(t, origin)
	a, b := made(t, s, an), made(t, s, bob)
	options, pending, err := s.Ask(&a)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Proved(b, pending, bob.Get(t, options)); !errors.Is(err, passkey.ErrAnswer) {
		t.Errorf("as themselves: %v", err)
	}
	if _, err := s.Proved(a, pending, bob.Get(t, options)); !errors.Is(err, passkey.ErrAnswer) {
		t.Errorf("as the other: %v", err)
	}
	if _, err := s.Proved(a, pending, an.Get(t, options)); err != nil {
		t.Errorf("the person: %v", err)
	}
}

func TestACopyOfAKeyIsNoticed(t *testing.T) {
	t.Parallel()
	s, d := site(t), passkeytest.New(t, origin)
	p := made(t, s, d)
	stolen := d.Copy()
	use := func(d *passkeytest.Device) error {
		options, pending, err := s.Ask(nil)
		if err != nil {
			t.Fatal(err)
		}
		r, err := s.Proved(p, pending, d.Get(t, options))
		if err == nil {
			p.Keys[0] = r
		}
		return err
	}
	if err := errors.Join(use(d), use(d)); err != nil {
		t.Fatal(err)
	}
	if err := use(stolen); !errors.Is(err, passkey.ErrCloned) {
		t.Errorf("got %v", err)
	}
}

func TestPasskeysNeedASafeAddress(t *testing.T) {
	t.Parallel()
	for address, ok := range map[string]bool{
		"https://tekentafel.example": true, "https://Tekentafel.Example:8443": true, "http://localhost:8080": true,
		"http://tekentafel.example": false, "https://192.0.2.1": false, "https://[2001:db8::1]": false, "": false, "https://": false, "ftp://localhost": false,
	} {
		if _, err := passkey.NewSite(address, "T"); (err == nil) != ok || err != nil && !errors.Is(err, passkey.ErrNoSite) {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestTheScriptIsServedForAYearUnderItsOwnName(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]int{passkey.ScriptPath(): http.StatusOK, "/passkey/other.js": http.StatusNotFound} {
		w := httptest.NewRecorder()
		passkey.ServeScript(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != want || want == http.StatusOK && (!strings.Contains(w.Header().Get("Cache-Control"), "immutable") || w.Body.Len() < 1000) {
			t.Errorf("%s: %d %v", path, w.Code, w.Header())
		}
	}
}

// FuzzAnswer holds that no answer makes a ceremony end well or panic, unless it is the right one.
func FuzzAnswer(f *testing.F) {
	s, err := passkey.NewSite(origin, "T")
	if err != nil {
		f.Fatal(err)
	}
	d := passkeytest.New(f, origin)
	p := passkey.Person{Handle: passkey.NewHandle(), Name: "An"}
	options, creating, err := s.Create(p)
	if err != nil {
		f.Fatal(err)
	}
	right := d.Create(f, options)
	r, err := s.Created(p, creating, right)
	if err != nil {
		f.Fatal(err)
	}
	known := p
	known.Keys = []passkey.Record{r}
	options, asking, err := s.Ask(nil)
	if err != nil {
		f.Fatal(err)
	}
	used := d.Get(f, options)
	f.Add(right)
	f.Add(used)
	f.Add([]byte(`{"id":"AA","rawId":"AA","type":"public-key","response":{}}`))
	f.Fuzz(func(t *testing.T, answer []byte) {
		if r, err := s.Created(p, creating, answer); err == nil && !bytes.Equal(r.Credential.ID, d.ID) {
			t.Fatalf("made: %s", answer)
		}
		if _, err := passkey.Claimed(answer); err != nil {
			return
		}
		if r, err := s.Proved(known, asking, answer); err == nil && !bytes.Equal(r.Credential.ID, d.ID) {
			t.Fatalf("used: %s", answer)
		}
	})
}

func TestTextsAreWholeInFourLanguages(t *testing.T) {
	t.Parallel()
	if err := passkey.Locale().Check(); err != nil {
		t.Error(err)
	}
}
