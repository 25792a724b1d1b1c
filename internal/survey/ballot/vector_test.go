package ballot

import (
	"bytes"
	"crypto/rsa"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tekentafel/internal/testkit/node"
)

// vector is the test vector of RFC 9474, appendix A.1: a key of 4096 bits, a message of 48 bytes, and what each step gives.
type vector struct {
	P, Q, N, E, D, Msg, Salt, Inv, Sig string
	MsgPrefix                          string `json:"msg_prefix"`
	InputMsg                           string `json:"input_msg"`
	BlindedMsg                         string `json:"blinded_msg"`
	BlindSig                           string `json:"blind_sig"`
}

func readVector(t *testing.T) vector {
	t.Helper()
	src, err := os.ReadFile(filepath.Join("testdata", "rfc9474-a1.json"))
	if err != nil {
		t.Fatal(err)
	}
	var v vector
	if err := json.Unmarshal(src, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func number(t *testing.T, s string) *big.Int {
	t.Helper()
	return new(big.Int).SetBytes(unhex(t, s))
}

func (v vector) key(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key := &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: number(t, v.N), E: int(number(t, v.E).Int64())},
		D:         number(t, v.D),
		Primes:    []*big.Int{number(t, v.P), number(t, v.Q)},
	}
	if err := key.Validate(); err != nil {
		t.Fatal(err)
	}
	return key
}

// factor is the blinding factor of the vector, which gives the inverse of it.
func (v vector) factor(t *testing.T) []byte {
	t.Helper()
	n := number(t, v.N)
	return new(big.Int).ModInverse(number(t, v.Inv), n).FillBytes(make([]byte, (n.BitLen()+7)/8))
}

func TestEachStepGivesWhatTheTestVectorOfTheRFCSays(t *testing.T) {
	t.Parallel()
	v := readVector(t)
	key := v.key(t)

	random := bytes.NewReader(bytes.Join([][]byte{unhex(t, v.MsgPrefix), unhex(t, v.Salt), v.factor(t)}, nil))
	r, err := blind(&key.PublicKey, unhex(t, v.Msg), random)
	if err != nil {
		t.Fatal(err)
	}
	if got := hex.EncodeToString(r.message); got != v.InputMsg {
		t.Errorf("prepared message %s", got)
	}
	if got := hex.EncodeToString(r.Blinded()); got != v.BlindedMsg {
		t.Errorf("blinded message %s", got)
	}

	s, err := newSigner(key)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := s.sign(r.Blinded())
	if err != nil {
		t.Fatal(err)
	}
	if got := hex.EncodeToString(signed); got != v.BlindSig {
		t.Errorf("blind signature %s", got)
	}

	signature, err := r.client.Finalize(r.state, signed)
	if err != nil {
		t.Fatal(err)
	}
	if got := hex.EncodeToString(signature); got != v.Sig {
		t.Errorf("signature %s", got)
	}
	if err := verify(&key.PublicKey, unhex(t, v.InputMsg), signature); err != nil {
		t.Error(err)
	}
	signature[100] ^= 1
	if verify(&key.PublicKey, unhex(t, v.InputMsg), signature) == nil {
		t.Error("the signature of the vector verifies with one bit changed")
	}
}

func TestTheLibraryOfThePageGivesWhatTheTestVectorOfTheRFCSays(t *testing.T) {
	t.Parallel()
	page := startPage(t)
	v := readVector(t)
	got := node.Do[[]string](page, "vector", map[string]any{"n": v.N, "e": v.E, "input": v.InputMsg,
		"random": []string{v.Salt, hex.EncodeToString(v.factor(t))}, "inverse": v.Inv, "blindSignature": v.BlindSig})
	if diff := cmp.Diff([]string{v.BlindedMsg, v.Inv, v.Sig}, got); diff != "" {
		t.Error(diff)
	}
}
