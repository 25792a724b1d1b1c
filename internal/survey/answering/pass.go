package answering

import (
	"crypto/sha256"
	"strings"

	"tekentafel/internal/id"
	"tekentafel/internal/problem"
	"tekentafel/internal/survey/wave"
)

// purposePass is what passes are sealed for; the wave's id follows.
const purposePass = "wave-pass/"

// purposeConfidential is what the key of somebody's confidential answers is derived for.
const purposeConfidential = "confidential"

// pass seals who hands in, for a confidential wave.
func (p *Pages) pass(s *Survey, person string) (string, error) {
	sealed, err := p.Box.Seal(purposePass+s.Wave.ID, []byte(person))
	return encode(sealed), err
}

// openPass is a pass for a wave that anyone may answer: nobody stands behind it.
func (p *Pages) openPass() string { return id.Token() }

// holder returns the key under which the answers of a pass are kept, and the person where there is one.
func (p *Pages) holder(s *Survey, pass string) (key [32]byte, person string, err error) {
	if s.Wave.Mode == wave.OpenLink {
		if len(pass) < len(id.Token()) || len(pass) > 2*len(id.Token()) || strings.ContainsAny(pass, " \n") {
			return key, "", refuse(problem.Forbidden, "error.pass")
		}
		return sha256.Sum256([]byte("open/" + s.Wave.ID + "/" + pass)), "", nil
	}
	sealed, err := decode(pass)
	if err != nil {
		return key, "", refuse(problem.Forbidden, "error.pass").Because(err)
	}
	plain, err := p.Box.Open(purposePass+s.Wave.ID, sealed)
	if err != nil {
		return key, "", refuse(problem.Forbidden, "error.pass").Because(err)
	}
	key, err = p.confidential(s, string(plain))
	return key, string(plain), err
}

// confidential is the key of the answers of a person, which the store alone does not give away.
func (p *Pages) confidential(s *Survey, person string) (key [32]byte, err error) {
	derive := s.derive
	if derive == nil {
		secret, err := s.Wave.Secret(p.Box)
		if err != nil {
			return key, err
		}
		derive = func(purpose string, data []byte) ([]byte, error) { return secret.Derive(purpose, data), nil }
	}
	derived, err := derive(purposeConfidential, []byte(person))
	copy(key[:], derived)
	return key, err
}
