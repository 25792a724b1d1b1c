package ballot

import (
	"crypto/rsa"
	"io"

	"github.com/cloudflare/circl/blindsign/blindrsa"
)

// Request is the side of the device in the making of one ballot: for tests and load generators. Respondents' ballots are made in
// their browser.
type Request struct {
	client  blindrsa.Client
	message []byte
	blinded []byte
	state   blindrsa.State
}

// Blind makes a message from random (crypto/rand.Reader) and blinds it for a key: Prepare and Blind of RFC 9474, sections 4.1
// and 4.2.
func Blind(public *PublicKey, random io.Reader) (*Request, error) {
	token := make([]byte, tokenBytes)
	if _, err := io.ReadFull(random, token); err != nil {
		return nil, err
	}
	return blind(public.rsa, token, random)
}

// blind is Blind for a key of any size and a token of any length.
func blind(key *rsa.PublicKey, token []byte, random io.Reader) (*Request, error) {
	client, err := blindrsa.NewClient(blindrsa.SHA384PSSRandomized, key)
	if err != nil {
		return nil, err
	}
	r := &Request{client: client}
	if r.message, err = client.Prepare(random, token); err != nil {
		return nil, err
	}
	r.blinded, r.state, err = client.Blind(random, r.message)
	return r, err
}

// Blinded returns the 256 bytes to have signed.
func (r *Request) Blinded() []byte { return r.blinded }

// Finish takes the blindness off a signature and checks the result: Finalize of RFC 9474, section 4.4. The error is
// ErrSignature.
func (r *Request) Finish(signature []byte) (Ballot, error) {
	signed, err := r.client.Finalize(r.state, signature)
	if err != nil {
		return Ballot{}, ErrSignature
	}
	return Ballot{Message: [messageBytes]byte(r.message), Signature: [keyBytes]byte(signed)}, nil
}
