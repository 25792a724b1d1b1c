// Package passkeytest is a device that makes and uses passkeys, for tests without a browser. It does what a test asks, also
// what no honest device would.
package passkeytest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"

	"github.com/go-webauthn/webauthn/protocol/webauthncbor"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"
)

// Device keeps one passkey.
type Device struct {
	ID     []byte
	Handle []byte // set by Create
	Count  uint32 // signatures so far
	// What the device says, which a test may change.
	Verified bool   // that its owner proved who they are
	Origin   string // at which it was used
	Type     string // of the ceremony; "" for the right one

	key *ecdsa.PrivateKey
}

// New returns a device that is used at an origin.
func New(t testing.TB, origin string) *Device {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id := make([]byte, 24)
	_, _ = rand.Read(id) // never fails (crypto/rand)
	return &Device{ID: id, Verified: true, Origin: origin, key: key}
}

// Copy returns a second device with the same key, as a thief would have it.
func (d *Device) Copy() *Device {
	c := *d
	return &c
}

// options is the part of either kind of options that a device looks at.
type options struct {
	Challenge string `json:"challenge"`
	RPID      string `json:"rpId"`
	RP        struct {
		ID string `json:"id"`
	} `json:"rp"`
	User struct {
		ID string `json:"id"`
	} `json:"user"`
}

// Create makes the passkey and returns the answer of a browser to the options.
func (d *Device) Create(t testing.TB, raw json.RawMessage) []byte {
	t.Helper()
	o := d.read(t, raw)
	d.Handle = decode(t, o.User.ID)
	point, err := d.key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	key := marshal(t, webauthncose.EC2PublicKeyData{
		PublicKeyData: webauthncose.PublicKeyData{KeyType: int64(webauthncose.EllipticKey), Algorithm: int64(webauthncose.AlgES256)},
		Curve:         int64(webauthncose.P256), XCoord: point[1:33], YCoord: point[33:],
	})
	data := d.authenticatorData(o.RP.ID, 0x40)
	data = append(data, make([]byte, 16)...) // no model
	data = binary.BigEndian.AppendUint16(data, uint16(len(d.ID)))
	data = append(append(data, d.ID...), key...)
	object := marshal(t, map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": data})
	return d.answer(t, map[string]any{
		"clientDataJSON": text(d.clientData(t, "webauthn.create", o.Challenge)), "attestationObject": text(object), "transports": []string{"internal"},
	})
}

// Get uses the passkey and returns the answer of a browser to the options.
func (d *Device) Get(t testing.TB, raw json.RawMessage) []byte {
	t.Helper()
	o := d.read(t, raw)
	client := d.clientData(t, "webauthn.get", o.Challenge)
	d.Count++
	data := d.authenticatorData(o.RPID, 0)
	sum := sha256.Sum256(client)
	digest := sha256.Sum256(append(data[:len(data):len(data)], sum[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, d.key, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	return d.answer(t, map[string]any{
		"clientDataJSON": text(client), "authenticatorData": text(data), "signature": text(signature), "userHandle": text(d.Handle),
	})
}

func (d *Device) read(t testing.TB, raw json.RawMessage) options {
	t.Helper()
	var o options
	if err := json.Unmarshal(raw, &o); err != nil || o.Challenge == "" {
		t.Fatalf("no options: %s: %v", raw, err)
	}
	return o
}

func (d *Device) clientData(t testing.TB, kind, challenge string) []byte {
	t.Helper()
	if d.Type != "" {
		kind = d.Type
	}
	out, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": d.Origin, "crossOrigin": false})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// authenticatorData is the hash of the site, the flags and the count (Web Authentication, level 3, section 6.1).
func (d *Device) authenticatorData(site string, flags byte) []byte {
	flags |= 0x01 // somebody was there
	if d.Verified {
		flags |= 0x04
	}
	sum := sha256.Sum256([]byte(site))
	return binary.BigEndian.AppendUint32(append(sum[:], flags), d.Count)
}

func (d *Device) answer(t testing.TB, response map[string]any) []byte {
	t.Helper()
	out, err := json.Marshal(map[string]any{
		"id": text(d.ID), "rawId": text(d.ID), "type": "public-key", "response": response, "clientExtensionResults": map[string]any{},
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func marshal(t testing.TB, v any) []byte {
	t.Helper()
	out, err := webauthncbor.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func text(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func decode(t testing.TB, s string) []byte {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
