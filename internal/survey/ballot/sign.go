package ballot

import (
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"math/big"

	"filippo.io/bigmod"
)

// ErrBlinded says that what came is no blinded message for this key.
var ErrBlinded = errors.New("this is no blinded message for this key: it must have the length of the key and be a number between 1 and the modulus")

// errFault says that a signature did not verify. It is not handed out: with it somebody could factor the key (Boneh, DeMillo
// and Lipton 1997, on faults in the Chinese remainder).
var errFault = errors.New("the signature that was computed is wrong, and was withheld; the memory or processor of this machine fails")

// signer is the private operation of RSA by the Chinese remainder theorem, in constant time.
type signer struct {
	n, p, q *bigmod.Modulus
	big     *big.Int // the modulus, for inverses
	dp, dq  []byte
	qInv    *bigmod.Nat // q⁻¹ mod p
	qModN   *bigmod.Nat
	e       uint
}

func newSigner(key *rsa.PrivateKey) (*signer, error) {
	if len(key.Primes) != 2 {
		return nil, errors.New("the private key of ballots must have two primes")
	}
	key.Precompute()
	s := &signer{big: key.N, e: uint(key.E)}
	var err [5]error
	s.n, err[0] = bigmod.NewModulus(key.N.Bytes())
	s.p, err[1] = bigmod.NewModulus(key.Primes[0].Bytes())
	s.q, err[2] = bigmod.NewModulus(key.Primes[1].Bytes())
	if e := errors.Join(err[:3]...); e != nil {
		return nil, e
	}
	s.qInv, err[3] = bigmod.NewNat().SetBytes(key.Precomputed.Qinv.FillBytes(make([]byte, s.p.Size())), s.p)
	s.qModN, err[4] = bigmod.NewNat().SetBytes(key.Primes[1].FillBytes(make([]byte, s.n.Size())), s.n)
	s.dp = key.Precomputed.Dp.FillBytes(make([]byte, s.p.Size()))
	s.dq = key.Precomputed.Dq.FillBytes(make([]byte, s.q.Size()))
	return s, errors.Join(err[3:]...)
}

// sign computes m^d mod n, on m blinded by a factor of the signer's own, and hands it out only when it verifies.
func (s *signer) sign(message []byte) ([]byte, error) {
	if len(message) != s.n.Size() {
		return nil, ErrBlinded
	}
	m, err := bigmod.NewNat().SetBytes(message, s.n)
	if err != nil || m.IsZero() == 1 || m.IsOne() == 1 {
		return nil, ErrBlinded
	}
	factor, inverse, err := s.factor()
	if err != nil {
		return nil, err
	}
	x := bigmod.NewNat().ExpShortVarTime(factor, s.e, s.n)
	x.Mul(m, s.n)
	signed := s.private(x).Mul(inverse, s.n)
	if bigmod.NewNat().ExpShortVarTime(signed, s.e, s.n).Equal(m) != 1 {
		return nil, errFault
	}
	return signed.Bytes(s.n), nil
}

// private computes c^d mod n: RSASP1 of RFC 8017, section 5.2.1, in its second form.
func (s *signer) private(c *bigmod.Nat) *bigmod.Nat {
	t := bigmod.NewNat()
	m := bigmod.NewNat().Exp(t.Mod(c, s.p), s.dp, s.p)
	mq := bigmod.NewNat().Exp(t.Mod(c, s.q), s.dq, s.q)
	m.Sub(t.Mod(mq, s.p), s.p)
	m.Mul(s.qInv, s.p)
	m.ExpandFor(s.n).Mul(s.qModN, s.n)
	return m.Add(mq.ExpandFor(s.n), s.n)
}

// factor returns a random number and its inverse modulo n. The inverse is computed of the product with a second random number,
// so that the time it takes tells nothing of the first.
func (s *signer) factor() (r, inverse *bigmod.Nat, err error) {
	for {
		r, cover := s.random(), s.random()
		product := new(big.Int).SetBytes(s.copy(r).Mul(cover, s.n).Bytes(s.n))
		if product.ModInverse(product, s.big) == nil {
			continue // one of the two shares a factor with the modulus, or is 0: as likely as guessing the key
		}
		inverse, err := bigmod.NewNat().SetBytes(product.FillBytes(make([]byte, s.n.Size())), s.n)
		if err != nil {
			return nil, nil, err
		}
		return r, inverse.Mul(cover, s.n), nil
	}
}

// random returns a uniform number below the modulus.
func (s *signer) random() *bigmod.Nat {
	bytes := make([]byte, s.n.Size())
	for {
		_, _ = rand.Read(bytes) // never fails (crypto/rand)
		if x, err := bigmod.NewNat().SetBytes(bytes, s.n); err == nil {
			return x
		}
	}
}

// copy returns a copy of x, which must be below the modulus.
func (s *signer) copy(x *bigmod.Nat) *bigmod.Nat { return bigmod.NewNat().Mod(x, s.n) }
