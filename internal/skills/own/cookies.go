package own

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"tekentafel/internal/instrument"
	"tekentafel/internal/skills/check"
	"tekentafel/internal/skills/vault"
	"tekentafel/internal/tenant"
	"tekentafel/internal/web"
)

// The cookies. All are sealed with the key of the installation, so that a browser cannot change them.
const (
	passCookie  = "tt_check_pass"
	stateCookie = "tt_check"
	codeCookie  = "tt_check_code"
)

// What cookies are sealed for; the organisation follows where it is known before.
const (
	passPurpose  = "skills/pass"
	statePurpose = "skills/check/"
	codePurpose  = "skills/code"
)

// passLives is how long a pass holds; longer than any check takes.
const passLives = 24 * time.Hour

// rememberFor is how long a device remembers the code when its owner wants so.
const rememberFor = 365 * 24 * time.Hour

// pass says for which organisation somebody does the check. It holds nothing that names a person.
type pass struct {
	Tenant    tenant.ID       `json:"t"`
	Lang      instrument.Lang `json:"l,omitempty"` // of the link
	Functions []check.Ref     `json:"f,omitempty"` // to propose
	Unit      check.Ref       `json:"u,omitzero"`
	Field     bool            `json:"w,omitempty"`
	Known     bool            `json:"k,omitempty"` // Field is known
	Kiosk     bool            `json:"s,omitempty"`
	Link      string          `json:"a,omitempty"` // key of the link that gave it
	Account   bool            `json:"i,omitempty"` // somebody who is signed in got it
	Until     int64           `json:"e"`           // seconds since 1970
}

// passing tells whether a pass is of one visit to a device that others use too: no link of that device gives it again.
func (x *pass) passing() bool { return x.Kiosk && x.Link == "" }

// key is the code while a profile is open.
type key struct {
	Tenant   tenant.ID  `json:"t"`
	Code     vault.Code `json:"c"`
	Kiosk    bool       `json:"s,omitempty"`
	Remember bool       `json:"r,omitempty"`
	Month    string     `json:"m,omitempty"` // in which the place was last noted as used, such as 2026-11
}

// setCookie gives the browser a cookie of the pages below /check: for lives, until it closes when lives is 0, or takes it away when
// negative. The code goes with no request that another site began.
func (p *Pages) setCookie(w http.ResponseWriter, name, value string, lives time.Duration) {
	c := &http.Cookie{Name: p.cookieName(name), Value: value, Path: checkAt, HttpOnly: true, Secure: p.server.Secure(), SameSite: http.SameSiteLaxMode} //nolint:gosec // Secure where browsers reach us over HTTPS
	if name == codeCookie {
		c.SameSite = http.SameSiteStrictMode
	}
	if c.MaxAge = int(lives / time.Second); lives < 0 {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// cookieName is the name as browsers know it: over HTTPS with the prefix that keeps others from setting it (RFC 6265bis, 4.1.3.1).
func (p *Pages) cookieName(name string) string {
	if p.server.Secure() {
		return "__Secure-" + name
	}
	return name
}

// seal puts a value in a cookie.
func (p *Pages) seal(w http.ResponseWriter, name, purpose string, plain []byte, lives time.Duration) error {
	sealed, err := p.Box.Seal(purpose, plain)
	if err != nil {
		return err
	}
	p.setCookie(w, name, base64.RawURLEncoding.EncodeToString(sealed), lives)
	return nil
}

// unseal reads a cookie; nil without one that this installation sealed.
func (p *Pages) unseal(r *web.Request, name, purpose string) []byte {
	c, err := r.Cookie(p.cookieName(name))
	if err != nil {
		return nil
	}
	sealed, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		return nil
	}
	plain, err := p.Box.Open(purpose, sealed)
	if err != nil {
		return nil
	}
	return plain
}

func (p *Pages) givePass(w http.ResponseWriter, x *pass) error {
	x.Until = p.Clock().Add(passLives).Truncate(time.Hour).Unix()
	plain, err := json.Marshal(x)
	if err != nil {
		return err
	}
	lives := time.Duration(0)
	if x.passing() {
		lives = kioskLives
	}
	return p.seal(w, passCookie, passPurpose, plain, lives)
}

// takePass returns the pass of the browser; nil without one that holds.
func (p *Pages) takePass(r *web.Request) *pass {
	x := &pass{}
	plain := p.unseal(r, passCookie, passPurpose)
	if plain == nil || json.Unmarshal(plain, x) != nil {
		return nil
	}
	if (!x.Kiosk || x.passing()) && p.Clock().Unix() > x.Until { // what stands in a hall holds nothing of anybody, and asks whether its link still holds
		return nil
	}
	return x
}

func (p *Pages) giveKey(w http.ResponseWriter, k *key) error {
	plain, err := json.Marshal(k) //nolint:gosec // it is sealed before it leaves
	if err != nil {
		return err
	}
	lives := time.Duration(0)
	switch {
	case k.Kiosk:
		lives = kioskLives
	case k.Remember:
		lives = rememberFor
	}
	return p.seal(w, codeCookie, codePurpose, plain, lives)
}

func (p *Pages) takeKey(r *web.Request) *key {
	k := &key{}
	plain := p.unseal(r, codeCookie, codePurpose)
	if plain == nil || json.Unmarshal(plain, k) != nil {
		return nil
	}
	if _, err := vault.ReadCode(string(k.Code)); err != nil {
		return nil
	}
	return k
}

// giveState keeps a check under way in the browser.
func (p *Pages) giveState(w http.ResponseWriter, v *visit) error {
	lives := time.Duration(0)
	if v.kiosk() {
		lives = kioskLives
	}
	return p.seal(w, stateCookie, statePurpose+string(v.Org.ID), v.m.Write(v.state), lives)
}

// takeState reads the check under way; broken tells that there was one that this version cannot read.
func (p *Pages) takeState(r *web.Request, v *visit) (broken bool, err error) {
	if c, err := r.Cookie(p.cookieName(stateCookie)); err != nil || c.Value == "" {
		return false, nil //nolint:nilerr // no cookie is no check
	}
	plain := p.unseal(r, stateCookie, statePurpose+string(v.Org.ID))
	s, gone, err := v.m.Read(plain)
	if errors.Is(err, check.ErrState) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	v.state, v.gone = &s, gone
	return false, nil
}
