package answering

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"

	"tekentafel/internal/problem"
	"tekentafel/internal/survey/ballot"
	"tekentafel/internal/survey/urn"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/web"
)

// drawRequest asks for what one hands in with. Without a PIN the account that is signed in asks.
type drawRequest struct {
	PIN     string `json:"pin"`
	Blinded string `json:"blinded"` // base64url; without it the answer tells the key to blind for
}

// drawn is one of: the key to blind for, the signature of what was blinded, a pass.
type drawn struct {
	Key       string `json:"key,omitempty"`
	Signature string `json:"signature,omitempty"`
	Pass      string `json:"pass,omitempty"`
}

// draw gives somebody of the frame a ballot or a pass.
func (p *Pages) draw(r *web.Request) (any, error) {
	s, err := p.find(r)
	if err != nil {
		return nil, err
	}
	var in drawRequest
	if err := read(r, &in); err != nil {
		return nil, err
	}
	if err := p.open(s); err != nil {
		return nil, err
	}
	if s.Wave.Mode == wave.OpenLink {
		return drawn{Pass: p.openPass()}, nil
	}
	who, err := p.person(r, s, in.PIN)
	if err != nil {
		return nil, err
	}
	if s.Wave.Mode == wave.Confidential {
		pass, err := p.pass(s, who.ID)
		return drawn{Pass: pass}, err
	}
	key := s.key(who.Stratum)
	if key == nil || key.Private == nil {
		return nil, fmt.Errorf("the wave has no key that signs for the stratum of this person")
	}
	if in.Blinded == "" {
		return drawn{Key: encode(key.Public.Bytes())}, nil
	}
	return p.sign(r, s, key, who, in.Blinded)
}

// sign signs what a person blinded, once it is noted that this person drew.
func (p *Pages) sign(r *web.Request, s *Survey, key *Key, who Person, blinded string) (any, error) {
	message, err := decode(blinded)
	if err != nil {
		return nil, refuse(problem.Invalid, "error.request").Because(err)
	}
	signature, err := key.Private.Sign(message)
	if errors.Is(err, ballot.ErrBlinded) {
		return nil, refuse(problem.Invalid, "error.request").Because(err)
	}
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(message)
	err = p.Urn.Draw(r.Context(), &s.Wave, who.ID, hex.EncodeToString(sum[:]), p.day(r))
	if errors.Is(err, urn.ErrDrawn) {
		return nil, refuse(problem.Conflict, "error.drawn")
	}
	if err != nil {
		return nil, err
	}
	return drawn{Signature: encode(signature)}, nil
}

func decode(s string) ([]byte, error) { return base64.RawURLEncoding.DecodeString(s) }

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
