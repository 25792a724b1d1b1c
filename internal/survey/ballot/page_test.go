package ballot

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cloudflare/circl/blindsign/blindrsa"

	"tekentafel/internal/testkit"
	"tekentafel/internal/testkit/node"
)

// startPage runs what a respondent's page runs, in Node.js.
func startPage(t testing.TB) *node.Process {
	t.Helper()
	if _, err := os.Stat(filepath.Join(testkit.Root(t), "internal", "survey", "client", "node_modules", ".installed-from")); err != nil {
		testkit.Missing(t, "the npm packages of internal/survey/client are not installed: run scripts/setup")
	}
	return node.Run(t, filepath.Join("testdata", "page.mjs"))
}

// asked is what the page gives for a request.
type asked struct{ Blinded, State string }

func base64url(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// pageBallot has the page make a ballot that k signs.
func pageBallot(t *testing.T, page *node.Process, k *Key) string {
	t.Helper()
	spki := base64url(k.Public().Bytes())
	request := node.Do[asked](page, "request", map[string]any{"spki": spki})
	blinded, err := base64.RawURLEncoding.DecodeString(request.Blinded)
	if err != nil {
		t.Fatal(err)
	}
	signature, err := k.Sign(blinded)
	if err != nil {
		t.Fatal(err)
	}
	return node.Do[string](page, "finish", map[string]any{"spki": spki, "state": request.State, "signature": base64url(signature)})
}

func TestABallotMadeInThePageVerifiesByFourImplementations(t *testing.T) {
	t.Parallel()
	page, k := startPage(t), newTestKey(t)
	byCircl, err := blindrsa.NewVerifier(blindrsa.SHA384PSSRandomized, k.Public().rsa)
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]bool)
	for range 25 {
		made := pageBallot(t, page, k)
		if seen[made] {
			t.Fatal("the page made the same ballot twice")
		}
		seen[made] = true
		b, err := ParseBallot(made)
		if err != nil {
			t.Fatalf("%q: %v", made, err)
		}
		if b.String() != made {
			t.Errorf("the page writes a ballot otherwise: %q", made)
		}
		if err := k.Public().Verify(b); err != nil {
			t.Errorf("the standard library of Go: %v", err)
		}
		if err := byCircl.Verify(b.Message[:], b.Signature[:]); err != nil {
			t.Errorf("circl: %v", err)
		}
		if got := node.Do[map[string]bool](page, "verify", map[string]any{"spki": base64url(k.Public().Bytes()), "ballot": made}); !got["openSSL"] || !got["webCrypto"] {
			t.Errorf("Node.js: %v", got)
		}
	}
	for made := range seen { // one is enough for the command line
		b, _ := ParseBallot(made)
		if out, ok := opensslVerifies(t, k.Public(), b); !ok {
			t.Errorf("openssl: %s", out)
		}
		b.Message[63] ^= 0x80
		if out, ok := opensslVerifies(t, k.Public(), b); ok {
			t.Errorf("openssl takes another message: %s", out)
		}
		break
	}
}

// opensslVerifies asks the command line of OpenSSL whether a ballot is an RSASSA-PSS signature.
func opensslVerifies(t *testing.T, p *PublicKey, b Ballot) (string, bool) {
	t.Helper()
	path, err := exec.LookPath("openssl")
	if err != nil {
		testkit.Missing(t, "openssl is not installed: run scripts/setup")
	}
	dir := t.TempDir()
	file := func(name string, content []byte) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	key := file("key.pem", pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: p.Bytes()}))
	run := exec.CommandContext(t.Context(), path, "dgst", "-sha384", "-verify", key, "-sigopt", "rsa_padding_mode:pss",
		"-sigopt", "rsa_pss_saltlen:48", "-sigopt", "rsa_mgf1_md:sha384", "-signature", file("signature", b.Signature[:]), file("message", b.Message[:]))
	out, err := run.CombinedOutput()
	return string(out), err == nil && strings.Contains(string(out), "Verified OK")
}

func TestABallotOfCirclsClientVerifiesInThePage(t *testing.T) {
	t.Parallel()
	page, k := startPage(t), newTestKey(t)
	byCircl := blindrsa.NewSigner(k.private(t))
	spki := base64url(k.Public().Bytes())
	for range 10 {
		r, err := Blind(k.Public(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		signature, err := byCircl.BlindSign(r.Blinded())
		if err != nil {
			t.Fatal(err)
		}
		b, err := r.Finish(signature)
		if err != nil {
			t.Fatal(err)
		}
		if got := node.Do[map[string]bool](page, "verify", map[string]any{"spki": spki, "ballot": b.String()}); !got["openSSL"] || !got["webCrypto"] {
			t.Errorf("a good ballot: %v", got)
		}
		b.Signature[17] ^= 4
		if got := node.Do[map[string]bool](page, "verify", map[string]any{"spki": spki, "ballot": b.String()}); got["openSSL"] || got["webCrypto"] {
			t.Errorf("a changed ballot: %v", got)
		}
	}
}

func TestThePageAsksAgainWithWhatItKept(t *testing.T) {
	t.Parallel()
	page, k := startPage(t), newTestKey(t)
	spki := base64url(k.Public().Bytes())
	first := node.Do[asked](page, "request", map[string]any{"spki": spki})
	reloaded := startPage(t) // a page that knows nothing but what the first one kept
	if again := node.Do[string](reloaded, "blinded", map[string]any{"state": first.State}); again != first.Blinded {
		t.Fatalf("asked again with another message: %s", again)
	}
	blinded, _ := base64.RawURLEncoding.DecodeString(first.Blinded)
	signature, err := k.Sign(blinded)
	if err != nil {
		t.Fatal(err)
	}
	finish := map[string]any{"spki": spki, "state": first.State, "signature": base64url(signature)}
	made := node.Do[string](reloaded, "finish", finish)
	if same := node.Do[string](page, "finish", finish); same != made {
		t.Error("finishing twice gives two ballots")
	}
	if b, err := ParseBallot(made); err != nil || k.Public().Verify(b) != nil {
		t.Errorf("%q is no ballot: %v", made, err)
	}
}

func TestWhatThePageSendsHoldsNothingOfTheBallot(t *testing.T) {
	t.Parallel()
	page, k := startPage(t), newTestKey(t)
	spki := base64url(k.Public().Bytes())
	request := node.Do[asked](page, "request", map[string]any{"spki": spki})
	blinded, _ := base64.RawURLEncoding.DecodeString(request.Blinded)
	signature, err := k.Sign(blinded)
	if err != nil {
		t.Fatal(err)
	}
	made := node.Do[string](page, "finish", map[string]any{"spki": spki, "state": request.State, "signature": base64url(signature)})
	b, err := ParseBallot(made)
	if err != nil {
		t.Fatal(err)
	}
	for name, seen := range map[string][]byte{"the blinded message": blinded, "the blind signature": signature} {
		for _, part := range [][]byte{b.Message[:], b.Signature[:]} {
			for i := 0; i+8 <= len(part); i++ {
				if bytes.Contains(seen, part[i:i+8]) {
					t.Errorf("%s holds eight bytes of the ballot", name)
				}
			}
		}
	}
}

func TestThePageRefusesWhatIsNoBallot(t *testing.T) {
	t.Parallel()
	page, k, other := startPage(t), newTestKey(t), anotherKey(t)
	spki := base64url(k.Public().Bytes())
	request := node.Do[asked](page, "request", map[string]any{"spki": spki})
	blinded, _ := base64.RawURLEncoding.DecodeString(request.Blinded)
	signature, err := k.Sign(blinded)
	if err != nil {
		t.Fatal(err)
	}
	changed := append([]byte(nil), signature...)
	changed[200] ^= 1
	wrong, err := other.Sign(append([]byte{0}, blinded[1:]...))
	if err != nil {
		t.Fatal(err)
	}
	var kept map[string]string
	if err := json.Unmarshal([]byte(request.State), &kept); err != nil {
		t.Fatal(err)
	}
	delete(kept, "inverse")
	incomplete, _ := json.Marshal(kept)
	for _, c := range []struct{ name, spki, state, signature, want string }{
		{"a changed signature", spki, request.State, base64url(changed), "signature"},
		{"the signature of another key", spki, request.State, base64url(wrong), "signature"},
		{"a short signature", spki, request.State, base64url(signature[1:]), "signature"},
		{"no base64", spki, request.State, "%%%", "signature"},
		{"another key than it was asked for", base64url(other.Public().Bytes()), request.State, base64url(signature), "key"},
		{"no state", spki, "", base64url(signature), "state"},
		{"a state that is not whole", spki, string(incomplete), base64url(signature), "state"},
		{"the right signature", spki, request.State, base64url(signature), ""},
	} {
		got := node.Do[string](page, "refuseFinish", map[string]any{"spki": c.spki, "state": c.state, "signature": c.signature})
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestThePageRefusesKeysThatBallotsDoNotHave(t *testing.T) {
	t.Parallel()
	page := startPage(t)
	for name, public := range strangeKeys(t) {
		if got := node.Do[string](page, "refuseRequest", map[string]any{"spki": base64url(public)}); got != "key" {
			t.Errorf("%s: %q, want \"key\"", name, got)
		}
	}
	spki := base64url(newTestKey(t).Public().Bytes())
	if got := node.Do[string](page, "refuseWithoutSubtle", map[string]any{"spki": spki}); got != "unsupported" {
		t.Errorf("a browser without WebCrypto: %q", got)
	}
	if got := node.Do[string](page, "refuseRequest", map[string]any{"spki": spki}); got != "" {
		t.Errorf("a good key: %q", got)
	}
}

// strangeKeys are public keys that are not of ballots.
func strangeKeys(t testing.TB) map[string][]byte {
	t.Helper()
	good := newTestKey(t).Public()
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	marshal := func(key any) []byte {
		spki, err := x509.MarshalPKIXPublicKey(key)
		if err != nil {
			t.Fatal(err)
		}
		return spki
	}
	return map[string][]byte{
		"1024 bits":           marshal(&small.PublicKey),
		"the exponent 3":      marshal(&rsa.PublicKey{N: good.rsa.N, E: 3}),
		"an elliptic curve":   marshal(&curve.PublicKey),
		"nothing":             {},
		"half a key":          good.Bytes()[:100],
		"bytes that are none": []byte("the key of the town hall"),
	}
}

func TestPageAndServerShowTheSameFingerprint(t *testing.T) {
	t.Parallel()
	page := startPage(t)
	for _, k := range []*Key{newTestKey(t), anotherKey(t)} {
		got := node.Do[string](page, "fingerprint", map[string]any{"spki": base64url(k.Public().Bytes())})
		if want := k.Public().Fingerprint(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
