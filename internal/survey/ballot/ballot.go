package ballot

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strings"
)

const (
	messageBytes = 64          // 32 of prefix, 32 of token
	keyBits      = 2048        // of the modulus
	keyBytes     = keyBits / 8 // of a blinded message and of a signature
	exponent     = 65537       // the public one
	tokenBytes   = messageBytes / 2
)

// text is how bytes are written in a ballot: base64url without padding (RFC 4648, section 5), in one way only.
var text = base64.RawURLEncoding.Strict()

// The lengths of the two parts of a ballot that is written out.
var (
	messageText   = text.EncodedLen(messageBytes)
	signatureText = text.EncodedLen(keyBytes)
)

// Ballot is a message and the signature on it. Whoever holds it may hand in answers, as somebody and as nobody in particular.
type Ballot struct {
	Message   [messageBytes]byte // 32 random bytes of prefix, then a token of 32 random bytes
	Signature [keyBytes]byte
}

// ErrNotABallot says that a text is not of the form of a ballot.
var ErrNotABallot = errors.New("not a ballot: it must be 86 and 342 characters of base64url with a dot between")

// ParseBallot reads what Ballot.String writes, and nothing else: one ballot has one form. It does not check the signature.
// The error is ErrNotABallot.
func ParseBallot(s string) (Ballot, error) {
	var b Ballot
	message, signature, found := strings.Cut(s, ".")
	if !found || len(message) != messageText || len(signature) != signatureText || strings.ContainsAny(s, "\r\n") {
		return Ballot{}, ErrNotABallot
	}
	if _, err := text.Decode(b.Message[:], []byte(message)); err != nil {
		return Ballot{}, ErrNotABallot
	}
	if _, err := text.Decode(b.Signature[:], []byte(signature)); err != nil {
		return Ballot{}, ErrNotABallot
	}
	return b, nil
}

// String writes the ballot: message and signature, each in base64url, with a dot between.
func (b Ballot) String() string {
	out := make([]byte, 0, messageText+1+signatureText)
	out = text.AppendEncode(out, b.Message[:])
	out = append(out, '.')
	return string(text.AppendEncode(out, b.Signature[:]))
}

// Key is the SHA-256 of the message: under it the answers stand, once for each ballot.
func (b Ballot) Key() [sha256.Size]byte { return sha256.Sum256(b.Message[:]) }
