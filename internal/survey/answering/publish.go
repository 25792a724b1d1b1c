package answering

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"tekentafel/internal/db"
	"tekentafel/internal/problem"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/web"
)

// publicKey is a key as anyone reads it.
type publicKey struct {
	Stratum     string `json:"stratum"`
	Key         string `json:"key"`         // SubjectPublicKeyInfo, base64url
	Fingerprint string `json:"fingerprint"` // SHA-256 of the key
	People      int    `json:"people"`      // in this part of the frame
}

// publicKeys is /w/{code}/keys.json.
type publicKeys struct {
	Wave   string      `json:"wave"`
	Mode   wave.Mode   `json:"mode"`
	Scheme string      `json:"scheme"`
	Keys   []publicKey `json:"keys"`
}

// keys publishes the keys of ballots.
func (p *Pages) keys(w http.ResponseWriter, r *web.Request) error {
	s, err := p.find(r)
	if err != nil {
		return err
	}
	out := publicKeys{Wave: s.Wave.Code, Mode: s.Wave.Mode, Scheme: "RSABSSA-SHA384-PSS-Randomized (RFC 9474), RSA 2048", Keys: []publicKey{}}
	for i := range s.Keys {
		k := &s.Keys[i]
		out.Keys = append(out.Keys, publicKey{k.Stratum, encode(k.Public.Bytes()), k.Public.Fingerprint(), k.People})
	}
	body, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return err
	}
	return r.Send(w, http.StatusOK, "application/json", append(body, '\n'))
}

// list gives the list of ballots, by which anyone checks the wave.
func (p *Pages) list(w http.ResponseWriter, r *web.Request) error {
	s, err := p.find(r)
	if err != nil {
		return err
	}
	if !p.lists(s) {
		return refuse(problem.NotFound, "error.no-list")
	}
	size, err := p.Lists.Size(r.Context(), &s.Wave)
	if errors.Is(err, db.ErrNoRow) {
		return refuse(problem.NotFound, "error.no-list")
	}
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Disposition", `attachment; filename="`+s.Wave.Code+`-ballots.txt"`)
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Length", strconv.FormatInt(size, 10)) // what is cut short is told apart from the whole
	return p.Lists.Copy(r.Context(), &s.Wave, w)
}

// lists tells whether a wave has a list of ballots, now or once it is closed. That it is closed is for the list to know: what is
// kept of the wave here may be some seconds old.
func (p *Pages) lists(s *Survey) bool { return p.Lists != nil && len(s.Keys) > 0 }

// listed tells whether the list of ballots is there.
func (p *Pages) listed(r *web.Request, s *Survey) (bool, error) {
	if !p.lists(s) {
		return false, nil
	}
	_, err := p.Lists.Size(r.Context(), &s.Wave)
	if errors.Is(err, db.ErrNoRow) {
		return false, nil
	}
	return err == nil, err
}
