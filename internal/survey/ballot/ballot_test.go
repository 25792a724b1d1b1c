package ballot

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"math/big"
	"strings"
	"testing"

	"filippo.io/bigmod"
	"github.com/cloudflare/circl/blindsign/blindrsa"
	"pgregory.net/rapid"
)

func TestSigningAgreesWithCirclOnAnyNumber(t *testing.T) {
	t.Parallel()
	k := newTestKey(t)
	byCircl := blindrsa.NewSigner(k.private(t))
	n := k.Public().rsa.N
	rapid.Check(t, func(t *rapid.T) {
		x := new(big.Int).SetBytes(rapid.SliceOfN(rapid.Byte(), 0, keyBytes).Draw(t, "number"))
		if rapid.Bool().Draw(t, "from above") {
			x.Sub(n, x)
		}
		x.Mod(x, n)
		message := x.FillBytes(make([]byte, keyBytes))
		got, err := k.Sign(message)
		if x.Cmp(big.NewInt(1)) <= 0 {
			if !errors.Is(err, ErrBlinded) {
				t.Fatalf("%v is signed: %v", x, err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		want, err := byCircl.BlindSign(message)
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("circl signs otherwise, or says %v", err)
		}
		if again, err := k.Sign(message); err != nil || !bytes.Equal(again, got) {
			t.Fatal("the same message has two signatures")
		}
	})
}

func TestSigningAgreesWithCirclOnMultiplesOfAPrimeOfTheKey(t *testing.T) {
	t.Parallel()
	k := newTestKey(t)
	private := k.private(t)
	byCircl := blindrsa.NewSigner(private)
	for _, prime := range private.Primes { // no inverse modulo n, and 0 modulo one prime
		message := new(big.Int).Mul(prime, big.NewInt(3)).FillBytes(make([]byte, keyBytes))
		got, err := k.Sign(message)
		if err != nil {
			t.Fatal(err)
		}
		if want, err := byCircl.BlindSign(message); err != nil || !bytes.Equal(got, want) {
			t.Errorf("circl signs otherwise, or says %v", err)
		}
	}
}

func TestWhatIsNoBlindedMessageIsNotSigned(t *testing.T) {
	t.Parallel()
	k := newTestKey(t)
	n := k.Public().rsa.N
	padded := func(x *big.Int) []byte { return x.FillBytes(make([]byte, keyBytes)) }
	for name, message := range map[string][]byte{
		"nothing":              nil,
		"a byte too few":       make([]byte, keyBytes-1),
		"a byte too many":      append([]byte{0}, padded(big.NewInt(5))...),
		"0":                    padded(big.NewInt(0)),
		"1":                    padded(big.NewInt(1)),
		"the modulus":          padded(n),
		"more than it":         padded(new(big.Int).Add(n, big.NewInt(1))),
		"the largest of these": bytes.Repeat([]byte{0xff}, keyBytes),
	} {
		if out, err := k.Sign(message); !errors.Is(err, ErrBlinded) || out != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := k.Sign(padded(big.NewInt(2))); err != nil {
		t.Errorf("2 is a number like others: %v", err)
	}
}

func TestASignatureThatIsWrongDoesNotLeave(t *testing.T) {
	t.Parallel()
	k, other := newTestKey(t), anotherKey(t)
	for name, spoil := range map[string]func(*signer){
		"the exponent of the first prime":  func(s *signer) { s.dp = flipped(s.dp) },
		"the exponent of the second prime": func(s *signer) { s.dq = flipped(s.dq) },
		"the coefficient":                  func(s *signer) { s.qInv = bigmod.NewNat().Mod(s.qModN, s.p) },
		"a prime of another key":           func(s *signer) { s.q = other.q },
	} {
		s := k.signer
		spoil(&s)
		message := make([]byte, keyBytes)
		message[keyBytes-1] = 7
		if out, err := s.sign(message); !errors.Is(err, errFault) || out != nil {
			t.Errorf("%s is spoilt: %v", name, err)
		}
	}
}

func TestEveryChangedBitIsRefused(t *testing.T) {
	t.Parallel()
	k := newTestKey(t)
	b := newBallot(t, k)
	if err := k.Public().Verify(b); err != nil {
		t.Fatal(err)
	}
	for i := range 8 * messageBytes {
		c := b
		c.Message[i/8] ^= 1 << (i % 8)
		if !errors.Is(k.Public().Verify(c), ErrSignature) {
			t.Errorf("bit %d of the message is changed", i)
		}
	}
	for i := range 8 * keyBytes {
		c := b
		c.Signature[i/8] ^= 1 << (i % 8)
		if !errors.Is(k.Public().Verify(c), ErrSignature) {
			t.Errorf("bit %d of the signature is changed", i)
		}
	}
	if err := anotherKey(t).Public().Verify(b); !errors.Is(err, ErrSignature) {
		t.Errorf("another key: %v", err)
	}
}

func TestASignatureHasNoSecondForm(t *testing.T) {
	t.Parallel()
	k := newTestKey(t)
	n := k.Public().rsa.N
	for range 20 { // adding the modulus is possible only where the sum still has 256 bytes
		b := newBallot(t, k)
		sum := new(big.Int).Add(new(big.Int).SetBytes(b.Signature[:]), n)
		if sum.BitLen() > keyBits {
			continue
		}
		sum.FillBytes(b.Signature[:])
		if !errors.Is(k.Public().Verify(b), ErrSignature) {
			t.Error("a signature above the modulus is taken")
		}
	}
	b := newBallot(t, k)
	new(big.Int).Sub(n, new(big.Int).SetBytes(b.Signature[:])).FillBytes(b.Signature[:])
	if !errors.Is(k.Public().Verify(b), ErrSignature) {
		t.Error("the negative of a signature is taken")
	}
}

func TestADeviceRefusesASignatureThatIsNotItsOwn(t *testing.T) {
	t.Parallel()
	k := newTestKey(t)
	mine, err := Blind(k.Public(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := Blind(k.Public(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signature, err := k.Sign(theirs.Blinded())
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string][]byte{"that of somebody else": signature, "a short one": signature[1:], "none": nil} {
		if _, err := mine.Finish(s); !errors.Is(err, ErrSignature) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if bytes.Equal(mine.Blinded(), theirs.Blinded()) || bytes.Equal(mine.message, theirs.message) {
		t.Error("two requests are equal")
	}
}

func TestAnyBallotFitsAnyBlindedMessage(t *testing.T) {
	t.Parallel()
	// Whoever keeps what was signed and later sees the ballots finds, for each pair, a blinding factor that explains it
	// (Chaum 1983): so the pairs cannot be told apart.
	k := newTestKey(t)
	public := k.Public().rsa
	blinded := make([][]byte, 3)
	ballots := make([]Ballot, 3)
	for i := range blinded {
		r, err := Blind(k.Public(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		signature, err := k.Sign(r.Blinded())
		if err != nil {
			t.Fatal(err)
		}
		if ballots[i], err = r.Finish(signature); err != nil {
			t.Fatal(err)
		}
		blinded[i] = r.Blinded()
	}
	e := big.NewInt(int64(public.E))
	for i, seen := range blinded {
		for j, b := range ballots {
			signature, err := k.Sign(seen)
			if err != nil {
				t.Fatal(err)
			}
			s := new(big.Int).SetBytes(b.Signature[:])
			r := new(big.Int).ModInverse(s, public.N)
			r.Mul(r, new(big.Int).SetBytes(signature)).Mod(r, public.N) // signature = s*r
			encoded := new(big.Int).Exp(s, e, public.N)
			z := new(big.Int).Exp(r, e, public.N)
			z.Mul(z, encoded).Mod(z, public.N)
			if z.Cmp(new(big.Int).SetBytes(seen)) != 0 {
				t.Errorf("message %d cannot be that of ballot %d", i, j)
			}
		}
	}
}

func TestABallotHasOneForm(t *testing.T) {
	t.Parallel()
	b := newBallot(t, newTestKey(t))
	s := b.String()
	if len(s) != 86+1+342 {
		t.Errorf("it has %d characters", len(s))
	}
	again, err := ParseBallot(s)
	if err != nil || again != b {
		t.Fatalf("read back: %v", err)
	}
	if b.Key() != sha256.Sum256(b.Message[:]) {
		t.Error("the key is not the hash of the message")
	}
	last := s[len(s)-1]
	value := strings.IndexByte(alphabet, last) // of its six bits the last four stand for nothing, and must be 0
	unused := s[:len(s)-1] + string(alphabet[value|1])
	other := string(alphabet[value^16])
	for name, s := range map[string]string{
		"empty":               "",
		"no signature":        s[:86],
		"padded":              s + "==",
		"a space before":      " " + s,
		"a line feed after":   s + "\n",
		"a line feed in it":   s[:40] + "\n" + s[41:],
		"the other alphabet":  s[:86] + "." + base64.RawStdEncoding.EncodeToString(bytes.Repeat([]byte{0xff}, keyBytes)),
		"two dots":            s[:86] + ".." + s[88:],
		"bits of nothing":     unused,
		"a character too few": s[:len(s)-1],
	} {
		if _, err := ParseBallot(s); !errors.Is(err, ErrNotABallot) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if c, err := ParseBallot(s[:len(s)-1] + other); err != nil || c == b {
		t.Errorf("another ballot of the same form: %v", err)
	}
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// flipped returns the bytes with one bit changed.
func flipped(b []byte) []byte {
	c := bytes.Clone(b)
	c[len(c)/2] ^= 1
	return c
}
